import {readFile} from 'node:fs/promises';
import {closestName} from '../closest_name';

/** A mistake in what the user typed or configured: exit code 2, where other errors have 1. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** "Did you mean x?", or the list of choices. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = closestName(word, known);
  return near === null ? `The choices are: ${known.join(', ')}.` : `Did you mean ${near}?`;
}

/** Read a text file that the user named; `prefix` names the flag in the error, if there is one. */
export async function readNamed(file: string, prefix = ''): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const problem = error.code === 'ENOENT' ? 'does not exist' : `cannot be read: ${error.message}`;
    throw new UsageError(`${prefix}${file} ${problem}.`);
  });
}
