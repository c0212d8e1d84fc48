import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {TooManyRejects} from '../../../src/data/sources/rejects';
import {copySoundRows, type SoundCopyOptions} from '../../../src/data/sources/sound_copy';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-copy-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

function copy(text: string, more: Partial<SoundCopyOptions> = {}) {
  const source = path.join(folder, 'x.csv');
  writeFileSync(source, text);
  return copySoundRows({
    where: 'test',
    names: ['a', 'b'],
    folder,
    maxRejects: 0,
    nameOf: () => 'x.csv',
    ...more,
    files: {files: [source], format: 'csv', separator: ',', anySeparator: false, quote: '"', header: true},
  });
}

it('copies the rows, each with a \\n behind it, and lists the others', async () => {
  const {files, longest, rejects} = await copy('\r\na,b\r\n1,"2\n3"\rx\n4,5', {maxRejects: 1});
  expect(readFileSync(files[0], 'utf8')).toBe('1,"2\n3"\n4,5\n');
  expect([longest, rejects]).toEqual([
    7,
    {count: 1, examples: [{file: 'x.csv', line: 5, column: 'b', value: 'x', reason: 'has too few columns'}]},
  ]);
});

it('stops soon after the limit: of ten million bad rows it reads the first few megabytes', async () => {
  const error = (await copy(`a,b\n${'x\n'.repeat(1e7)}`, {maxRejects: 10}).catch(
    (error: TooManyRejects) => error,
  )) as TooManyRejects;
  expect(error.message).toMatch(/^test: at least \d+ rows cannot be used, and `maxRejects` is 10\./);
  expect(error.rejects.count).toBeLessThan(2e6);
  expect(error.rejects.examples).toHaveLength(100);
});

it('copies no more rows than asked for', async () => {
  expect(readFileSync((await copy(`a,b\n${'1,2\n'.repeat(1e6)}`, {mostRows: 3})).files[0], 'utf8')).toBe(
    '1,2\n1,2\n1,2\n',
  );
});

it('shows the beginning of long rows only', async () => {
  const {rejects} = await copy(`a,b\n${'x'.repeat(1e5)}\n`, {maxRejects: 1});
  expect(rejects.examples[0].value).toBe('x'.repeat(1024));
});
