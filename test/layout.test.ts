import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '..');

const filesIn = (folder: string, names: RegExp) =>
  readdirSync(path.join(root, folder), {recursive: true, encoding: 'utf8'})
    .filter(name => names.test(name))
    .map(name => path.join(folder, name));
const linesOf = (file: string) => readFileSync(path.join(root, file), 'utf8').replace(/\n$/, '').split('\n');

/** Code of the library in any language; the linter reads TypeScript and JavaScript only. */
const sources = ['src', 'layers', 'optimizers'].flatMap(folder => filesIn(folder, /\.(ts|mjs|cc|h|inc|wat|py)$/));
const notLinted = [
  ...filesIn('src', /\.(cc|h|inc|wat|py)$/),
  ...['python', 'examples'].flatMap(folder => filesIn(folder, /\.py$/)),
];

it('no file of the library has more than 250 lines, in any language', () => {
  expect(sources.length).toBeGreaterThan(400);
  expect(sources.filter(file => linesOf(file).length > 250)).toEqual([]);
});

it('no line of C++, WebAssembly or Python has more than 120 columns', () => {
  expect(notLinted.length).toBeGreaterThan(40);
  const long = notLinted.flatMap(file =>
    linesOf(file).flatMap((line, i) => (line.length > 120 ? [`${file}:${i + 1}`] : [])),
  );
  expect(long).toEqual([]);
});
