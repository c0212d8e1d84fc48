import {CHECKSUM_BINARY} from './checksum_binary';
import {decoded} from './decoded';
import {growTo} from './memory';

/** The function of checksum.wat, which describes it. */
export interface ChecksumModule {
  checksum(at: number, words: number, position: number): bigint;
}

/** The compiled module of checksum.wat; threads can share it. */
export function checksumModule(): WebAssembly.Module {
  return new WebAssembly.Module(decoded(CHECKSUM_BINARY.plain));
}

/** Checksums of arrays, by checksum.wat on a memory of its own. */
export class Checksummer {
  private readonly memory = new WebAssembly.Memory({initial: 1});
  private readonly module = new WebAssembly.Instance(checksumModule(), {env: {memory: this.memory}})
    .exports as unknown as ChecksumModule;

  /**
   * The sum of w_i (1 + K (place + i)) modulo 2^64 over the array's 32-bit words w_i, with K = 0x9E3779B97F4A7C15. Sums
   * of concatenated arrays add up to that of all of them. Every change of one word changes it.
   */
  sum(words: Int32Array | Float32Array, position: number): bigint {
    growTo(this.memory, words.byteLength);
    new Uint8Array(this.memory.buffer).set(new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
    return BigInt.asUintN(64, this.module.checksum(0, words.length, position));
  }
}
