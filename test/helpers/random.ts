/** A seeded generator of uniform numbers in [0, 1) (mulberry32), the only source of randomness in the tests. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** `count` uniform numbers, rounded to float32 so that tensors and plain loops start from the same values. */
export function uniform(next: () => number, count: number, low = -1, high = 1): number[] {
  return Array.from({length: count}, () => Math.fround(low + (high - low) * next()));
}

/** One standard normal number (Box and Muller). */
export function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** `count` integers from 0 to `size` - 1. */
export function integers(next: () => number, count: number, size: number): number[] {
  return Array.from({length: count}, () => Math.floor(next() * size));
}
