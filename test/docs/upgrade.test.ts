import {existsSync} from 'node:fs';
import path from 'node:path';
import {read, root} from './markdown';

test('docs/upgrade.md names files and tests that exist, and the version that is installed', () => {
  const text = read('docs/upgrade.md');
  const named = [...text.matchAll(/`(?:npx jest |node )?((?:src|scripts|test)\/[\w./]+|python)`/g)].map(
    ([, file]) => file,
  );
  expect(named).toContain('src/tfjs_internals.ts');
  expect(named.filter(file => !existsSync(path.join(root, file)))).toEqual([]);
  const {devDependencies} = JSON.parse(read('package.json')) as {devDependencies: Record<string, string>};
  expect(text).toContain(`tested with ${devDependencies['@tensorflow/tfjs-core']}.`);
});
