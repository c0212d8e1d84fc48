/**
 * Find x = f(x) > 0 for some numbers at once, where f is costly and x moves slowly: a step goes from log x towards
 * log f(x) and, by a secant for each number, further where the last one was too short.
 */
export class FixedPoint {
  private readonly strides: number[];
  private last: number[] | null = null;

  /**
   * @param range Where x lies.
   * @param longest A step is at most this many times the way from x to f(x); 1 leaves out secants.
   */
  constructor(
    private x: readonly number[],
    private readonly range: {least: number; most: number},
    private readonly longest: number,
  ) {
    this.strides = x.map(() => 1);
  }

  /** The next x, where f of the present one is known. */
  next(fx: readonly number[]): readonly number[] {
    const {strides, last, longest} = this;
    const ways = fx.map((value, k) => Math.log(this.within(value) / this.x[k]));
    if (last !== null) {
      ways.forEach((way, k) => {
        // A stride of s leaves 1 - s (1 - slope) of the way.
        const left = last[k] === 0 ? 0 : way / last[k];
        strides[k] = left >= 1 ? longest : Math.min(longest, Math.max(1, strides[k] / (1 - left)));
      });
    }
    this.last = ways;
    this.x = this.x.map((value, k) => this.within(value * Math.exp(strides[k] * ways[k])));
    return this.x;
  }

  private within(value: number): number {
    return Math.min(this.range.most, Math.max(this.range.least, value));
  }
}
