import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';

const textOf = (folder: string) =>
  readdirSync(folder)
    .filter(name => name.endsWith('.cc'))
    .map(name => readFileSync(path.join(folder, name), 'utf8'))
    .join('\n');
const namesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name).sort();

it('the driver of the sanitizers has a case of every op that the library registers', () => {
  const ops = namesIn(textOf('src/native/kernels'), /Register\(\s*"(\w+)"/g).filter(
    name => !name.startsWith('AutofisOps'),
  );
  expect(ops.length).toBeGreaterThan(8);
  expect(namesIn(textOf('test/native/driver'), /AddCase \w+\(\s*"(\w+)"/g)).toEqual(ops);
});
