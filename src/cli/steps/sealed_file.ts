import {mkdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {checkKeys} from '../../checks';
import {AutofisError} from '../../errors';
import {replaceFile} from '../../runtime/replace_file';
import {sealed, unsealed} from '../../schema/sealed_json';

/** Write a file as a whole or not at all. */
export async function writeAtomically(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), {recursive: true});
  await replaceFile(file, content);
}

/** Write an object as JSON with a checksum. */
export async function writeSealed(file: string, value: object): Promise<void> {
  await writeAtomically(file, JSON.stringify(sealed(value)));
}

/**
 * Read what `writeSealed` wrote, or say that the file is damaged. Other keys than these may be a damaged `sha256`.
 */
export async function readSealed(file: string, keys: readonly string[]): Promise<unknown> {
  try {
    const value = unsealed(file, JSON.parse(await readFile(file, 'utf8')));
    checkKeys(file, value as object, keys);
    return value;
  } catch (error) {
    if (error instanceof AutofisError) throw error;
    throw new AutofisError(
      `${file} is damaged: ${(error as Error).message}. Remove its folder, and run its stage again with --resume.`,
    );
  }
}
