import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {cliProcess} from '../../helpers/cli';
import {read, root, snippetsOf} from '../markdown';

const snippets = snippetsOf(read('docs/tutorial.md'));

/** The first block of a language that has this text. */
function blockWith(language: string, text: string): string {
  const found = snippets.find(({language: own, code}) => own === language && code.includes(text));
  if (found === undefined) throw new Error(`docs/tutorial.md has no ${language} block with "${text}".`);
  return found.code;
}

/** Runs a command of the tutorial from the sources. */
async function command(line: string): Promise<string> {
  const {code, stdout, stderr} = await cliProcess(line.replace(/^npx tfjs-autofis /, '').split(' '), process.cwd());
  if (code !== 0) throw new Error(`\`${line}\` ended with ${code}:\n${stderr}`);
  return stdout;
}

/** Follows docs/tutorial.md in the current folder up to its code, on a seventy-fifth of its flights. */
export async function prepare(): Promise<void> {
  symlinkSync(path.join(root, 'node_modules'), 'node_modules');
  writeFileSync('table.mjs', blockWith('js', '// table.mjs').replace('% 20 = 0', '% 1500 = 0'));
  execFileSync(process.execPath, ['table.mjs']);
  const header = readFileSync('flights.csv', 'utf8').split('\n')[0];
  if (!snippets.some(({code}) => code.startsWith(header))) throw new Error(`The table has other columns: ${header}.`);
  const selected = await command(blockWith('sh', 'npx tfjs-autofis run'));
  if (!/^verdict: .*^model .*test AUC/ms.test(selected)) throw new Error(`No verdict and scores:\n${selected}`);
  const [rows, predict] = blockWith('sh', 'npx tfjs-autofis predict').split('\n');
  execFileSync('sh', ['-c', rows]);
  const probabilities = (await command(predict)).trim().split('\n').slice(1).map(Number);
  if (probabilities.length !== 3 || !probabilities.every(p => p > 0 && p < 1))
    throw new Error(`No probability for each row of new.csv: ${probabilities}.`);
  if (!existsSync('flights/bundle/bundle.json')) throw new Error('There is no bundle.');
}
