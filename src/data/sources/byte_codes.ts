/** Bytes of a text that are its key. */
const KEY_BYTES = 8;
/** Places to begin with; their number grows fourfold, so that at most half of them are taken. */
const FIRST_PLACES = 2 ** 10;
/** 32-bit numbers of a place: a code, 0 where it is free, and the two of the text's key. */
const PLACE = 4;
/**
 * Second number of the key of a text of more bytes, whose first one is a hash of all: no text in UTF-8 has these bytes.
 */
const LONG = -1;
const FNV_PRIME = 0x01000193;

/** The high bits of a product are the best. */
const mixed = (low: number, high: number) => Math.imul(Math.imul(low, 0x85ebca6b) ^ high ^ (low >>> 15), 0x9e3779b1);

/**
 * The different texts of a column as codes, in the order in which they come: that of the empty text is 0. A hash table
 * with linear probing that is asked with the bytes of a text in place, without a string of them.
 */
export class ByteCodes {
  /** How many different texts there are, the empty one included. */
  count = 1;
  private places = new Int32Array(FIRST_PLACES * PLACE);
  private shift = 32 - Math.log2(FIRST_PLACES);
  /** The bytes of all texts, one after another. */
  private bytes = Buffer.alloc(2 ** 14);
  /** Where the text of a code begins; it ends where the next one begins. */
  private starts = new Int32Array(FIRST_PLACES);

  /** Bytes of all texts. */
  get size(): number {
    return this.starts[this.count];
  }

  /**
   * The code of a text in UTF-8, without the character 0: of the bytes from `from` to `to`, of which there is at least
   * one.
   * @param low its last four bytes as a number, the last one lowest
   * @param high the four before them
   */
  codeOf(text: Uint8Array, from: number, to: number, low: number, high: number): number {
    if (to - from > KEY_BYTES) return this.codeOfLong(text, from, to);
    const {places} = this;
    const last = places.length - 1;
    let at = (mixed(low, high) >>> this.shift) * PLACE;
    for (; places[at] !== 0; at = (at + PLACE) & last) {
      if (places[at + 1] === low && places[at + 2] === high) return places[at];
    }
    return this.add(text, from, to, at, low, high);
  }

  /** The texts, that of code i at position i - 1. */
  values(): string[] {
    return Array.from({length: this.count - 1}, (_, i) =>
      this.bytes.toString('utf8', this.starts[i + 1], this.starts[i + 2]),
    );
  }

  private codeOfLong(text: Uint8Array, from: number, to: number): number {
    const {places, bytes, starts} = this;
    const last = places.length - 1;
    const length = to - from;
    let hash = 0;
    for (let i = from; i < to; i++) hash = (Math.imul(hash, FNV_PRIME) + text[i]) | 0;
    let at = (mixed(hash, LONG) >>> this.shift) * PLACE;
    for (; places[at] !== 0; at = (at + PLACE) & last) {
      if (places[at + 1] !== hash || places[at + 2] !== LONG) continue;
      const code = places[at];
      const start = starts[code];
      if (starts[code + 1] - start !== length) continue;
      let i = 0;
      while (i < length && bytes[start + i] === text[from + i]) i++;
      if (i === length) return code;
    }
    return this.add(text, from, to, at, hash, LONG);
  }

  private add(text: Uint8Array, from: number, to: number, at: number, low: number, high: number): number {
    const code = this.count++;
    const start = this.starts[code];
    const end = start + to - from;
    if (end > this.bytes.length) this.bytes = Buffer.concat([this.bytes], 2 * end);
    this.bytes.set(text.subarray(from, to), start);
    this.starts[code + 1] = end;
    this.places.set([code, low, high], at);
    if (2 * (this.count + 1) * PLACE > this.places.length) this.grow();
    return code;
  }

  private grow(): void {
    const {places: old, starts} = this;
    const places = (this.places = new Int32Array(4 * old.length));
    const last = places.length - 1;
    this.shift -= 2;
    this.starts = new Int32Array(places.length / PLACE);
    this.starts.set(starts);
    for (let from = 0; from < old.length; from += PLACE) {
      if (old[from] === 0) continue;
      let at = (mixed(old[from + 1], old[from + 2]) >>> this.shift) * PLACE;
      while (places[at] !== 0) at = (at + PLACE) & last;
      places.set(old.subarray(from, from + PLACE), at);
    }
  }
}
