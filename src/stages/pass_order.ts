import {seededRandom, shuffle} from '../random';

/** The distance between the seeds of two passes. */
const STRIDE = 0x9e3779b1;

/** An endless sequence of rows, pass after pass, each in an order of its own that follows from the seed. */
export class PassOrder {
  private pass = -1;
  private order = new Int32Array(0);

  constructor(
    private readonly rows: number,
    private readonly seed: number,
  ) {}

  /** The row at a position, counted from 0. */
  at(position: number): number {
    const pass = Math.floor(position / this.rows);
    if (pass !== this.pass) {
      this.pass = pass;
      this.order = shuffle(
        new Int32Array(this.rows).map((_, i) => i),
        seededRandom(this.seed + STRIDE * pass),
      );
    }
    return this.order[position % this.rows];
  }
}
