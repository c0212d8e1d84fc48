/**
 * Compare the size of the repository with its ceilings: `npm run check:house`. A ceiling is only ever lowered: what
 * adds something takes something else away. Subjects of commits are short, too.
 */
import {execFileSync} from 'node:child_process';
import {readFileSync, statSync} from 'node:fs';

const CODE = /\.(ts|mts|js|mjs|cjs|vue|css|html|py|cc|h|inc|wat)$/;
const MECHANISM = /^src\/(select|components|decision)\//;
const LIBRARY = /^(src|layers|optimizers)\//;

const files = execFileSync('git', ['ls-files'], {encoding: 'utf8'}).split('\n').filter(isPresent);
const lines = pattern => total(pattern, file => readFileSync(file, 'utf8').split('\n').length - 1);
const bytes = pattern => total(pattern, file => statSync(file).size);

/** Each measure with its value and its ceiling. */
const measures = [
  ['lines of the library (src, layers, optimizers)', lines(file => LIBRARY.test(file) && CODE.test(file)), 48_100],
  ['lines of the mechanism (src/select, components, decision)', lines(file => MECHANISM.test(file)), 5_400],
  ['lines of tests', lines(file => file.startsWith('test/') && CODE.test(file)), 39_880],
  ['lines of benchmarks', lines(file => file.startsWith('benchmarks/') && CODE.test(file)), 11_600],
  ['bytes of pages (docs/*.md)', bytes(file => /^docs\/[^/]+\.md$/.test(file)), 290_500],
];

function isPresent(file) {
  try {
    return file !== '' && statSync(file).isFile();
  } catch {
    return false;
  }
}

function total(pattern, of) {
  return files.filter(pattern).reduce((sum, file) => sum + of(file), 0);
}

/** Subjects since the rule, that are too long to read in a list. */
const subjects = execFileSync('git', ['log', '--since=2026-12-01T12:00:00Z', '--format=%s'], {encoding: 'utf8'}).split(
  '\n',
);
const long = subjects.filter(subject => subject.length > 72);

for (const [name, value, ceiling] of measures)
  console.log(`${value.toLocaleString('en').padStart(9)} of ${ceiling.toLocaleString('en').padStart(9)} ${name}`);
const above = measures.filter(([, value, ceiling]) => value > ceiling);
if (above.length > 0) {
  console.error(`Above its ceiling: ${above.map(([name]) => name).join('; ')}. Take something away.`);
  process.exitCode = 1;
}
if (long.length > 0) {
  console.error(`Subjects of more than 72 characters, to be reworded:\n${long.join('\n')}`);
  process.exitCode = 1;
}
