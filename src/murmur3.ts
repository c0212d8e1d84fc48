const encoder = /* @__PURE__ */ new TextEncoder();

/**
 * MurmurHash3_x86_32 of a string's UTF-8 bytes, as an unsigned 32-bit integer.
 * @param text a string; a lone surrogate counts as U+FFFD.
 * @param seed 0 to 2^32 - 1.
 * @example
 * murmur3('test', 0);   // 0xba6bd213
 */
export function murmur3(text: string, seed = 0): number {
  const bytes = encoder.encode(text);
  const end = bytes.length & ~3;
  let hash = seed | 0;
  for (let i = 0; i < end; i += 4) {
    hash = mixBlock(hash, bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24));
  }
  let tail = 0;
  for (let i = bytes.length - 1; i >= end; i--) tail = (tail << 8) | bytes[i];
  if (end < bytes.length) hash ^= scrambled(tail);
  return fmix32(hash ^ bytes.length) >>> 0;
}

/** The state after the next block of four bytes, an int32. */
export function mixBlock(hash: number, block: number): number {
  const mixed = hash ^ scrambled(block);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/**
 * The finaliser: a one-to-one map of 32-bit integers in which every bit of the result depends on all bits. An int32.
 */
export function fmix32(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function scrambled(block: number): number {
  const product = Math.imul(block, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}
