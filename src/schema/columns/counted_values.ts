import {compareText} from '../compare_text';
import {type FieldValue, missingTest} from '../rules/rule';
import type {MultiValuedRule} from '../schema';

/** The values that get ids: by falling count, equal counts by their UTF-8 bytes, without the rare ones. */
export function rankValues(
  counts: Iterable<readonly [string, number]>,
  {minCount = 1, maxSize = Infinity}: {minCount?: number; maxSize?: number},
): string[] {
  return [...counts]
    .filter(([, count]) => count >= minCount)
    .sort(([a, n], [b, m]) => m - n || compareText(a, b))
    .slice(0, maxSize - 2)
    .map(([value]) => value);
}

/**
 * Rows that have each item of a multi-valued field, counted once per row, from its lists and how many rows have each of
 * them.
 */
export function countItems(
  rule: MultiValuedRule,
  lists: Iterable<readonly [list: FieldValue, rows: number]>,
): Map<string, number> {
  const isMissing = missingTest(rule.missing);
  const counts = new Map<string, number>();
  for (const [list, rows] of lists) {
    if (isMissing(list)) continue;
    for (const item of new Set(typeof list === 'string' ? list.split(rule.separator) : list)) {
      if (!isMissing(item)) counts.set(item, (counts.get(item) ?? 0) + rows);
    }
  }
  return counts;
}

/**
 * Where equal shares of the sorted values begin: edge i is the value at position ceil(i n / buckets), each edge once.
 * Takes the different values in rising order, each with its count.
 */
export class QuantileEdges {
  readonly edges: number[] = [];
  private seen = 0;
  private bucket = 1;

  /** @param count n, the rows with a value. */
  constructor(
    private readonly count: number,
    private readonly buckets: number,
  ) {}

  add(x: number, rows: number): void {
    const first = this.seen === 0;
    const before = this.bucket;
    this.seen += rows;
    while (this.bucket < this.buckets && Math.ceil((this.bucket * this.count) / this.buckets) < this.seen)
      this.bucket++;
    // `+ 0` makes 0 of -0, which JSON would lose.
    if (this.bucket > before && !first) this.edges.push(x + 0);
  }
}
