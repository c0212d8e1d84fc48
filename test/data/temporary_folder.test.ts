import {existsSync, readdirSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {temporaryFolder} from '../../src/data/temporary_folder';
import {sharedFolder} from '../helpers/folders';

const parent = sharedFolder();

it('a temporary folder is removed by its work, or as the process ends', async () => {
  const before = process.listeners('exit');
  const [done, stopped] = [temporaryFolder(parent), temporaryFolder(parent)];
  for (const {path: folder} of [done, stopped]) writeFileSync(path.join(folder, 'rows'), '1');
  expect(readdirSync(parent).every(name => name.startsWith('autofis-'))).toBe(true);
  await done.remove();
  expect([done, stopped].map(({path: folder}) => existsSync(folder))).toEqual([false, true]);
  const own = process.listeners('exit').filter(each => !before.includes(each));
  expect(own).toHaveLength(1);
  own[0](0);
  expect(readdirSync(parent)).toEqual([]);
  await stopped.remove();
  expect(process.listeners('exit')).toEqual(before);
});

it('names TMPDIR where the folder for temporary files is missing', () => {
  const missing = path.join(os.tmpdir(), 'autofis-missing-folder');
  expect(() => temporaryFolder(missing)).toThrow(
    expect.objectContaining({
      name: 'AutofisError',
      message: expect.stringMatching(/autofis-missing-folder.*\. Set TMPDIR to such a folder\.$/),
    }),
  );
});
