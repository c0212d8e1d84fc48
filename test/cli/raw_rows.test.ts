import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {rawRows} from '../../src/cli/steps/raw_rows';
import {checkBeside} from '../../src/data/sources/compressed';
import {AutofisError} from '../../src/errors';
import type {FittedSchema} from '../../src/schema/vocabulary';
import {emptyFolder} from '../helpers/folders';

jest.mock('../../src/data/sources/compressed', () => {
  const actual = jest.requireActual<typeof import('../../src/data/sources/compressed')>(
    '../../src/data/sources/compressed',
  );
  return {...actual, checkBeside: jest.fn(actual.checkBeside)};
});

const folder = emptyFolder();

const fitted = {
  version: 1,
  rows: 1,
  fields: [],
  schema: {version: 1, label: {column: 'y'}, fields: [{type: 'categorical', name: 'site', column: 'site'}]},
} as FittedSchema;
async function rowsOf(name: string, content: string | Uint8Array): Promise<Array<string | null | undefined>> {
  const file = path.join(folder, name);
  const sites: Array<string | null | undefined> = [];
  writeFileSync(file, content);
  for await (const rows of rawRows({source: file, name: file}, fitted, false))
    sites.push(...rows.map(({site}) => site as string | null));
  return sites;
}

it('gives every row in its place', async () => {
  expect(await rowsOf('x.csv', 'site,more\na,1\n,2\nb,3\n')).toEqual(['a', null, 'b']);
});

it.each<[string, string, string]>([
  ['too few columns', 'site,more\na,1\nb\nc,3\n', 'line 3, column "more": "b" has too few columns'],
  ['too many columns', 'site,more\na,1\nb,2,2\nc,3\n', 'line 3: "b,2,2" has too many columns'],
  ['a broken quote', 'site,more\na,1\n"b,2\n', 'line 3: "\\"b,2\\n" has a broken quote'],
])('a line with %s is not left out: each row needs its prediction', async (_, content, reason) => {
  await expect(rowsOf('x.csv', content)).rejects.toThrow(
    `x.csv: 1 row cannot be read.\n  ${path.join(folder, 'x.csv')}, ${reason}\nCorrect the file: ` +
      'every row needs a prediction.',
  );
});

it('nor are those behind the end of a gzip file that is cut off', async () => {
  const whole = gzipSync(
    `site,more\n${Array.from({length: 50_000}, (_, i) => `s${(i * 7919) % 49999},${i}\n`).join('')}`,
  );
  await expect(rowsOf('x.csv.gz', whole.subarray(0, whole.length / 2))).rejects.toThrow(
    /x\.csv\.gz is truncated or damaged: unexpected end of file/,
  );
});

it.each([
  ['x.parquet', 'PAR1 and no more', /^read: the source cannot be read: .*x\.parquet'?$/],
  [
    'x.jsonl',
    '{"site": "a"}\n{"site": "b',
    /^read: the source cannot be read: .*Malformed JSON in file ".*x\.jsonl", at /,
  ],
])('a damaged %s is named without the statement that read it', async (name, content, message) => {
  const error = await rowsOf(name, content).catch((thrown: Error) => thrown);
  expect(error).toBeInstanceOf(AutofisError);
  expect((error as Error).message).toMatch(message);
});

it('who has read enough of a gzip file, or cannot use a row, ends the check of what is left', async () => {
  const file = path.join(folder, 'x.csv.gz');
  writeFileSync(file, gzipSync(`site,more\n${Array.from({length: 50_000}, (_, i) => `s${i},${i}\n`).join('')}`));
  const rows = rawRows({source: file, name: file}, fitted, false);
  expect((await rows.next()).value).toContainEqual({site: 's0'});
  const [, files, signal] = jest.mocked(checkBeside).mock.lastCall!;
  expect([files, signal!.aborted]).toEqual([[file], false]);
  await rows.return(undefined);
  expect(signal!.aborted).toBe(true);
  await expect(checkBeside('read', [file], signal)).rejects.toThrow('aborted');
});
