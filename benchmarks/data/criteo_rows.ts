import {open} from 'node:fs/promises';
import {fmix32, seededRandom} from '../random';

/**
 * Of 13 counts: share of rows without a value, share of zeros among the others, greatest value, and what is taken off:
 * as in a sample of the data.
 */
const NUMBERS = (
  [
    [0.44, 0.47, 200, 0],
    [0, 0.18, 18_000, 2],
    [0.21, 0.01, 65_000, 0],
    [0.22, 0.06, 280, 0],
    [0.05, 0.02, 1_600_000, 0],
    [0.25, 0.06, 12_000, 0],
    [0.05, 0.25, 1600, 0],
    [0, 0.12, 2200, 0],
    [0.05, 0.03, 7000, 0],
    [0.44, 0.5, 7, 0],
    [0.05, 0.26, 80, 0],
    [0.77, 0.74, 100, 0],
    [0.22, 0.06, 1800, 0],
  ] as const
).map(([missing, zeros, most, off]) => ({missing, zeros, off, log: Math.log(most + 1)}));

/** Of 26 tokens: share of rows without a value, and how many different ones there are, as in Kaggle's training file. */
const TOKENS = (
  [
    [0, 1460],
    [0, 583],
    [0.035, 10_131_227],
    [0.035, 2_202_608],
    [0, 305],
    [0.13, 24],
    [0, 12_517],
    [0, 633],
    [0, 3],
    [0, 93_145],
    [0, 5683],
    [0.035, 8_351_593],
    [0, 3194],
    [0, 27],
    [0, 14_992],
    [0.035, 5_461_306],
    [0, 10],
    [0, 5652],
    [0.45, 2173],
    [0.45, 4],
    [0.035, 7_046_547],
    [0.8, 18],
    [0, 15],
    [0.035, 286_181],
    [0.45, 105],
    [0.45, 142_572],
  ] as const
).map(([missing, values]) => ({missing, log: Math.log(values + 1)}));

const POSITIVE = 0.256;
/** A row is shorter. */
const LONGEST = 400;
const BLOCK = 1 << 22;
const TAB = 9;
const LF = 10;
const COMMA = 44;
const MINUS = 45;
const ZERO = 48;
const ONE = 49;
const HEX = Buffer.from(Array.from({length: 256}, (_, byte) => byte.toString(16).padStart(2, '0')).join(''));

/** The names of the columns, the label first. */
export const CRITEO_COLUMNS = ['label', ...NUMBERS.map((_, i) => `I${i + 1}`), ...TOKENS.map((_, i) => `C${i + 1}`)];

/**
 * Writes rows of Criteo's form, the same ones for the same seed: label, 13 counts, 26 tokens of 8 hexadecimal digits.
 * The value of rank r of a field has a probability of about 1 / r. About 230 bytes per row, at the speed of a disk.
 */
export class CriteoRows {
  private readonly random: () => number;
  private readonly block = Buffer.allocUnsafe(BLOCK + LONGEST);
  private at = 0;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  /** Writes the next rows to a file: raw text with tabs, or CSV with a header. */
  async write(file: string, rows: number, form: 'tsv' | 'csv' = 'tsv'): Promise<void> {
    const handle = await open(file, 'w');
    const separator = form === 'tsv' ? TAB : COMMA;
    try {
      if (form === 'csv') await handle.write(`${CRITEO_COLUMNS.join(',')}\n`);
      for (let row = 0; row < rows; row++) {
        this.row(separator);
        if (this.at >= BLOCK || row === rows - 1) {
          for (let done = 0; done < this.at;)
            done += (await handle.write(this.block, done, this.at - done)).bytesWritten;
          this.at = 0;
        }
      }
    } finally {
      await handle.close();
    }
  }

  private row(separator: number): void {
    const {block, random} = this;
    let at = this.at;
    block[at++] = random() < POSITIVE ? ONE : ZERO;
    for (let field = 0; field < NUMBERS.length; field++) {
      const {missing, zeros, off, log} = NUMBERS[field];
      block[at++] = separator;
      const u = (random() - missing) / (1 - missing);
      if (u >= 0)
        at = writeInteger(block, at, (u < zeros ? 0 : Math.floor(Math.exp(((u - zeros) / (1 - zeros)) * log))) - off);
    }
    for (let field = 0; field < TOKENS.length; field++) {
      const {missing, log} = TOKENS[field];
      block[at++] = separator;
      const u = (random() - missing) / (1 - missing);
      if (u >= 0) at = writeToken(block, at, (field << 24) | Math.floor(Math.exp(u * log)));
    }
    block[at++] = LF;
    this.at = at;
  }
}

function writeInteger(block: Uint8Array, at: number, value: number): number {
  if (value < 0) {
    block[at++] = MINUS;
    value = -value;
  }
  let end = at + 1;
  for (let limit = 10; limit <= value; limit *= 10) end++;
  for (let i = end - 1; i >= at; i--) {
    const rest = (value / 10) | 0;
    block[i] = ZERO + value - 10 * rest;
    value = rest;
  }
  return end;
}

/** Field and rank as 8 digits that differ for all of them and say nothing about the rank. */
function writeToken(block: Uint8Array, at: number, key: number): number {
  const hash = fmix32(key);
  for (let shift = 24; shift >= 0; shift -= 8) {
    const pair = 2 * ((hash >>> shift) & 255);
    block[at++] = HEX[pair];
    block[at++] = HEX[pair + 1];
  }
  return at;
}
