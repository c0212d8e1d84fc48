import {sha256 as algorithm} from '@noble/hashes/sha2';
import {bytesToHex} from '@noble/hashes/utils';

/**
 * SHA-256 of the pieces one after another, texts as UTF-8, in hexadecimal. The platform's own digest is asynchronous,
 * takes one buffer, and is absent from pages without TLS.
 */
export function sha256(pieces: Iterable<string | Uint8Array>): string {
  const hash = algorithm.create();
  for (const piece of pieces) hash.update(piece);
  return bytesToHex(hash.digest());
}
