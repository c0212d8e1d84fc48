import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';

const folder = path.resolve(__dirname, '../../python/tfjs_autofis');

it('the Python package has lines of at most 120 columns', () => {
  const modules = readdirSync(folder).filter(name => name.endsWith('.py'));
  const long = modules.flatMap(name =>
    readFileSync(path.join(folder, name), 'utf8')
      .split('\n')
      .flatMap((line, i) => (line.length > 120 ? [`${name}:${i + 1}`] : [])),
  );
  expect(modules.length).toBeGreaterThan(15);
  expect(long).toEqual([]);
});
