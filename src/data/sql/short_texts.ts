/** Bytes up to which DuckDB keeps a text in the vector itself. */
const LONGEST = 12;
/** 32-bit words of a text in a vector: its length in bytes, then the text, padded with zeros. */
const WORDS = 4;
/** Bits of a length that is at most LONGEST. */
const LENGTH_BITS = 4;
const LENGTH = 2 ** LENGTH_BITS - 1;
/** First word of a place without a text. */
const EMPTY = -1;

/** Spread a text's words over 32 bits, of which the high ones are the best. */
function hash(length: number, a: number, b: number, c: number): number {
  let h = Math.imul(a ^ length, 0x85ebca6b) ^ b;
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35) ^ c;
  h = Math.imul(h ^ (h >>> 13), 0x9e3779b1);
  return Math.imul(h ^ (h >>> 16), 0x85ebca6b);
}

/**
 * Codes of texts of at most 12 bytes: a hash table that is asked with the bytes of DuckDB's vectors, without making
 * strings of them. A place of the table has the words of a text, its code above its length; the place of a text is the
 * first one behind its hash that was free. At most half of the places are taken.
 */
export class ShortTexts {
  private starts = new Int32Array();
  private codes = new Int32Array();

  private constructor(
    private readonly slots: Int32Array,
    private readonly shift: number,
    private readonly absent: number,
  ) {}

  /**
   * Text i has code `first` + i, the empty text 0, all others `absent`. Undefined if a text is longer than 12 bytes.
   */
  static of(texts: readonly string[], first: number, absent: number): ShortTexts | undefined {
    if (texts.some(text => Buffer.byteLength(text) > LONGEST)) return undefined;
    const bits = Math.ceil(Math.log2(2 * (texts.length + 1)));
    const slots = new Int32Array(WORDS * 2 ** bits).fill(EMPTY);
    const last = slots.length - 1;
    const shift = 32 - bits;
    const words = new Int32Array(WORDS);
    const bytes = Buffer.from(words.buffer);
    const put = (text: string, code: number) => {
      words.fill(0);
      const length = (words[0] = bytes.write(text, 4));
      let at = (hash(length, words[1], words[2], words[3]) >>> shift) * WORDS;
      while (slots[at] !== EMPTY) at = (at + WORDS) & last;
      words[0] |= code << LENGTH_BITS;
      slots.set(words, at);
    };
    put('', 0);
    texts.forEach((text, i) => put(text, first + i));
    return new ShortTexts(slots, shift, absent);
  }

  /** The code of each text, until the next call. `texts` are the bytes of a vector without nulls, as words. */
  lookUp(texts: Int32Array): Int32Array {
    if (this.codes.length * WORDS < texts.length) {
      this.starts = new Int32Array(texts.length / WORDS);
      this.codes = new Int32Array(texts.length / WORDS);
    }
    const {slots, shift, absent, starts, codes} = this;
    const last = slots.length - 1;
    // Each text's place alone first: reads of memory that is far from the processor then overlap.
    for (let i = 0, word = 0; word < texts.length; i++, word += WORDS) {
      const at = (hash(texts[word], texts[word + 1], texts[word + 2], texts[word + 3]) >>> shift) * WORDS;
      starts[i] = at;
      codes[i] = slots[at];
    }
    for (let i = 0, word = 0; word < texts.length; i++, word += WORDS) {
      const length = texts[word];
      const a = texts[word + 1];
      const b = texts[word + 2];
      const c = texts[word + 3];
      let at = starts[i];
      let head = codes[i];
      while (
        head !== EMPTY &&
        (slots[at + 1] !== a || (head & LENGTH) !== length || slots[at + 2] !== b || slots[at + 3] !== c)
      ) {
        at = (at + WORDS) & last;
        head = slots[at];
      }
      codes[i] = head === EMPTY ? absent : head >> LENGTH_BITS;
    }
    return codes;
  }
}
