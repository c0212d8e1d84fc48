/** Bins of a number where the rule names no number of them. */
export const MOST_BINS = 128;
export const LEAST_BINS = 8;
/**
 * Rows that a bin has on average at least, while that leaves `LEAST_BINS`. The recipe's ridges hold neighbouring bins
 * together; what learns each bin by itself, such as an FM without one, memorises bins of few rows.
 */
export const ROWS_OF_BIN = 16;

/** Return the number of bins of a number: 128, fewer where fewer than 2,048 rows have a value. */
export function binsOf(rows: number): number {
  return Math.min(MOST_BINS, Math.max(LEAST_BINS, Math.floor(rows / ROWS_OF_BIN)));
}

/**
 * Tell whether a value is a spike. A spike, which `rows` of `count` rows have, fills one of `buckets` equal bins by
 * itself.
 */
export function isSpike(rows: number, count: number, buckets: number): boolean {
  return rows * buckets >= count;
}

/**
 * Edges of spike-aware bins. A value with at least count / buckets rows is a spike and has a bin of its own; all other
 * values share the bins that are left equally: with r bins and m rows left, a value belongs to share
 * floor((rows before it + half its own) r / m). A spike also ends the share that it stands in, so that there can be up
 * to one bin more for each spike. Edges are midpoints between neighbouring values. Takes the different values in rising
 * order.
 */
export class SpikeEdges {
  readonly edges: number[] = [];
  private readonly sharesPerRow: number;
  private before = 0;
  private last: {x: number; share: number | 'spike'} | undefined;

  /**
   * @param count Rows with a value.
   * @param buckets Bins to be shared out.
   * @param spikes How many values are spikes by `isSpike`, and how many rows have one.
   */
  constructor(
    private readonly count: number,
    private readonly buckets: number,
    spikes: {values: number; rows: number},
  ) {
    this.sharesPerRow = (buckets - spikes.values) / (count - spikes.rows);
  }

  add(x: number, rows: number): void {
    const share = isSpike(rows, this.count, this.buckets)
      ? 'spike'
      : Math.floor((this.before + rows / 2) * this.sharesPerRow);
    if (share !== 'spike') this.before += rows;
    if (this.last !== undefined && (share === 'spike' || share !== this.last.share))
      this.edges.push(midpoint(this.last.x, x));
    this.last = {x, share};
  }
}

/** A number in (a, b], halfway where doubles allow it. */
function midpoint(a: number, b: number): number {
  const middle = a / 2 + b / 2;
  // `+ 0` makes 0 of -0, which JSON would lose.
  return (middle > a ? middle : b) + 0;
}
