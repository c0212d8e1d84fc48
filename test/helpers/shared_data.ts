import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {gunzipSync} from 'node:zlib';

const FOLDER = path.join(__dirname, '../../../shared/data');

/** The path of a public data set that lies beside the project, or undefined where there is none. */
export function sharedData(name: string): string | undefined {
  const file = path.join(FOLDER, name);
  return existsSync(file) ? file : undefined;
}

/** `describe`, or skipped with the reason in its title where the data set is absent. */
export function describeWith(name: string, title: string, tests: (file: string) => void): void {
  const file = sharedData(name);
  if (file === undefined)
    describe.skip(`${title} (${name} is not there)`, () => {
      it('needs it', () => {});
    });
  else describe(title, () => tests(file));
}

/** The lines of a gzipped text of ours, which has no quotes, as values. */
export function readShared(file: string, separator: string): string[][] {
  return gunzipSync(readFileSync(file))
    .toString()
    .replace(/\n$/, '')
    .split('\n')
    .map(line => line.split(separator));
}
