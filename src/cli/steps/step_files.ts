import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import path from 'node:path';
import type {StepStore} from '../../training/step_store';
import {readSealed, writeSealed} from './sealed_file';

/** Results of steps in the files of a folder, each written as a whole and with a checksum. */
export function stepFiles(folder: string): StepStore {
  const fileOf = (key: string) => path.join(folder, `${fileName(key)}.json`);
  return {
    get: async key =>
      existsSync(fileOf(key)) ? ((await readSealed(fileOf(key), ['value'])) as {value: unknown}).value : undefined,
    set: (key, value) => writeSealed(fileOf(key), {value}),
  };
}

/** The key itself where it can name a file; else what can of it, and a hash, since keys may be long. */
function fileName(key: string): string {
  if (/^[\w-]{1,60}$/.test(key)) return key;
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 12);
  return `${key.replace(/[^\w-]+/g, '-').slice(0, 40)}-${hash}`;
}
