import {AutofisError} from '../errors';
import {sha256} from './sha256';

const hashOf = (value: object) => sha256([JSON.stringify(value)]);

/**
 * The object with a last key `sha256`, the hash of the others as JSON: {@link unsealed} finds out whether it was
 * damaged since.
 */
export function sealed<T extends object>(value: T): T & {sha256: string} {
  return {...value, sha256: hashOf(value)};
}

/**
 * Check a parsed JSON value against its key `sha256` and return it without that key. A value without the key is
 * returned as it is, since other programs do not write it.
 *
 * @param at Name of the file in messages.
 * @throws AutofisError if the content is not what was sealed.
 */
export function unsealed(at: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, 'sha256')) return value;
  const {sha256: hash, ...content} = value as {sha256: unknown};
  if (hash === hashOf(content)) return content;
  throw new AutofisError(
    `${at} is damaged: its content does not match its SHA-256. Copy or write it again; ` +
      'if you changed it, remove the key `sha256`.',
  );
}
