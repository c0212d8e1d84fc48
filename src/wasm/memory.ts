/** Bytes of a page of memory. */
export const PAGE = 65536;

/** Give a memory at least `bytes` bytes; views of it that were taken before are empty where it grows. */
export function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
}
