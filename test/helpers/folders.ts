import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

function temporary(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'autofis-test-'));
  afterAll(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

/** Make a folder that all tests of a file share. */
export function sharedFolder(): string {
  return temporary();
}

/** Make a folder that is empty at the start of each test of a file. */
export function emptyFolder(): string {
  const folder = temporary();
  beforeEach(() => {
    rmSync(folder, {recursive: true, force: true});
    mkdirSync(folder);
  });
  return folder;
}

/** Write files into a folder, which gives their paths. */
export function fileWriter(folder: string): (name: string, content: string | Uint8Array) => string {
  return (name, content) => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  };
}
