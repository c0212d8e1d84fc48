import {fmix32, mixBlock} from '../src/murmur3';

/** Numbers for combinations (pair, a, b) of values, counted from 0 in the order of their coming; by open addressing. */
export class CrossTable {
  private size = 0;
  /** pair, a and b of each combination. */
  private keys = new Int32Array(3 * 16);
  /** 1 + the number of the combination, 0 for an empty slot; at most half are taken. */
  private slots = new Int32Array(32);

  /** pair, a and b of a combination. */
  keyOf(index: number): [pair: number, a: number, b: number] {
    const {keys} = this;
    return [keys[3 * index], keys[3 * index + 1], keys[3 * index + 2]];
  }

  /** The number of a combination, which gets the next one if it is new. */
  add(pair: number, a: number, b: number): number {
    if (2 * (this.size + 1) > this.slots.length) this.grow();
    const at = this.slotOf(pair, a, b);
    if (this.slots[at] === 0) {
      this.keys.set([pair, a, b], 3 * this.size);
      this.slots[at] = ++this.size;
    }
    return this.slots[at] - 1;
  }

  private slotOf(pair: number, a: number, b: number): number {
    const {keys, slots} = this;
    const mask = slots.length - 1;
    let at = fmix32(mixBlock(mixBlock(mixBlock(0, pair), a), b)) & mask;
    for (
      let k = slots[at] - 1;
      k >= 0 && !(keys[3 * k + 2] === b && keys[3 * k + 1] === a && keys[3 * k] === pair);
      k = slots[at] - 1
    ) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private grow(): void {
    const {keys} = this;
    this.keys = new Int32Array(2 * keys.length);
    this.keys.set(keys);
    this.slots = new Int32Array(2 * this.slots.length);
    for (let k = 0; k < this.size; k++) this.slots[this.slotOf(keys[3 * k], keys[3 * k + 1], keys[3 * k + 2])] = k + 1;
  }
}

/**
 * MurmurHash3_x86_32 of int32, seed 0, as an unsigned 32-bit integer: the fields of an interaction and their values.
 * Saved models depend on it.
 */
export function crossHash(parts: readonly number[]): number {
  let hash = 0;
  for (let i = 0; i < parts.length; i++) hash = mixBlock(hash, parts[i]);
  return fmix32(hash ^ (4 * parts.length)) >>> 0;
}
