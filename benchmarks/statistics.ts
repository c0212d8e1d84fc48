/** Median and spread of measured values. */
export interface Spread {
  median: number;
  min: number;
  max: number;
  count: number;
}

/** Median, least and greatest of at least one number. */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('spread: `values` must hold at least one number. Received none.');
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  return {median, min: sorted[0], max: sorted[sorted.length - 1], count: sorted.length};
}

/** |a - b| in units of |b|. */
export function relativeDifference(a: number, b: number): number {
  return Math.abs(a - b) / Math.abs(b);
}

/**
 * p-values of several tests, corrected by Holm's method: the chance that any of them is below a limit by accident is at
 * most the limit. null stands for a test that could not be made. Source: Holm, Scandinavian Journal of Statistics 6
 * (1979).
 */
export function holm(values: ReadonlyArray<number | null>): Array<number | null> {
  const order = values.map((p, i) => [p, i] as const).filter((entry): entry is [number, number] => entry[0] !== null);
  order.sort(([a], [b]) => a - b);
  const corrected: Array<number | null> = values.map(() => null);
  let least = 0;
  order.forEach(([p, i], rank) => {
    least = Math.max(least, Math.min(1, (order.length - rank) * p));
    corrected[i] = least;
  });
  return corrected;
}
