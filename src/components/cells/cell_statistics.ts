import {shuffle} from '../../random';
import type {CoarseField} from '../tables/coarse_field';
import {Cells} from '../tables/cells';
import type {IdColumns} from '../tables/id_columns';

/** Rows of the mean label that each cell's rate begins with. */
const PRIOR_ROWS = 3;
/** Quantile bins of rates and of counts. */
export const BINS = 16;
/** Values that quantiles are taken of, at most. */
const MOST_SORTED = 50_000;
/** The level of a coarse field with that many groups. */
export const LEVEL = 2;

/** Labels and weights of rows. */
export interface RowLabels {
  labels: ArrayLike<number>;
  weights?: ArrayLike<number>;
}

/** Weights of the bins of rates, and of those of counts. */
export interface BinWeights {
  rates: ArrayLike<number>;
  counts: ArrayLike<number>;
}

/** Rows in several random orders, by position. */
export function randomOrders(rows: number, count: number, random: () => number): Int32Array[] {
  return Array.from({length: count}, () =>
    shuffle(
      Int32Array.from({length: rows}, (_, i) => i),
      random,
    ),
  );
}

/**
 * Rates and counts of the cells of one set of fields, in bins.
 *
 * The rate of cell k is r = (s_k + 3 p) / (n_k + 3) with n_k rows, s_k of them positive, and the mean label p; its
 * count is t = log(1 + n_k). A training row must not read its own label: its rate counts the rows of the cell that come
 * before it in a random order (mean of several), its count all rows of the cell but itself (ordered target statistics:
 * Prokhorenkova et al., NeurIPS 2018).
 */
export class CellStatistics {
  private readonly cells: Cells;
  /** Rows and positives of each cell; cell 0 stands for all that no row has. */
  private readonly counts: Float64Array;
  private readonly positives: Float64Array;
  private readonly mean: number;
  private readonly rateEdges: Float64Array;
  private readonly countEdges: Float64Array;
  /** Bins of the training rows. */
  readonly rates: Uint8Array;
  readonly rowCounts: Uint8Array;

  constructor(
    fields: readonly CoarseField[],
    rows: IdColumns,
    {labels, weights, mean, orders}: RowLabels & {mean: number; orders: readonly Int32Array[]},
  ) {
    this.cells = new Cells(fields, LEVEL);
    this.mean = mean;
    const cell = this.cells.addRows(rows);
    const size = this.cells.size;
    const counts = (this.counts = new Float64Array(size));
    const positives = (this.positives = new Float64Array(size));
    for (let i = 0; i < cell.length; i++) {
      const weight = weights === undefined ? 1 : weights[i];
      counts[cell[i]] += weight;
      positives[cell[i]] += weight * labels[i];
    }
    const earlier = new Float64Array(cell.length);
    const [n, s] = [new Float64Array(size), new Float64Array(size)];
    for (const order of orders) {
      n.fill(0);
      s.fill(0);
      for (let k = 0; k < order.length; k++) {
        const i = order[k];
        const c = cell[i];
        earlier[i] += (s[c] + PRIOR_ROWS * mean) / (n[c] + PRIOR_ROWS) / orders.length;
        const weight = weights === undefined ? 1 : weights[i];
        n[c] += weight;
        s[c] += weight * labels[i];
      }
    }
    const others = new Float64Array(cell.length);
    for (let i = 0; i < cell.length; i++) others[i] = Math.log1p(counts[cell[i]] - (weights?.[i] ?? 1));
    this.rateEdges = quantileEdges(earlier);
    this.countEdges = quantileEdges(others);
    this.rates = binned(earlier, this.rateEdges);
    this.rowCounts = binned(others, this.countEdges);
  }

  /** Numbers of bins. */
  get sizes(): {rates: number; counts: number} {
    return {rates: this.rateEdges.length + 1, counts: this.countEdges.length + 1};
  }

  /** Cells of the training rows, and one for all others. */
  get size(): number {
    return this.cells.size;
  }

  /** Combinations of ids that a model of these cells has weights for. */
  get combinationCount(): number {
    return this.cells.combinationCount;
  }

  /** Weight of each cell, that of cell 0 being the weight of all unknown ones. */
  weights({rates, counts}: BinWeights): Float64Array {
    return this.counts.map((n, cell) => {
      const rate = (this.positives[cell] + PRIOR_ROWS * this.mean) / (n + PRIOR_ROWS);
      return rates[binOf(rate, this.rateEdges)] + counts[binOf(Math.log1p(n), this.countEdges)];
    });
  }

  /** Weight of each row of the fit, by the other rows of its cell. */
  fittedWeights({rates, counts}: BinWeights): Float64Array {
    return new Float64Array(this.rates.length).map((_, i) => rates[this.rates[i]] + counts[this.rowCounts[i]]);
  }

  /** The cell of each row. */
  cellsOf(rows: IdColumns): Int32Array {
    return this.cells.ofRows(rows);
  }

  /** The cell of one combination of ids. */
  cellOf(ids: readonly number[]): number {
    return this.cells.of(ids);
  }

  /** Combinations of ids that are in a cell. */
  combinations(): Generator<number[]> {
    return this.cells.combinations();
  }
}

/** Distinct quantiles of values, in ascending order. */
function quantileEdges(values: Float64Array): Float64Array {
  const every = Math.ceil(values.length / MOST_SORTED);
  const sorted = new Float64Array(Math.ceil(values.length / every)).map((_, i) => values[i * every]).sort();
  const edges: number[] = [];
  for (let k = 1; k < BINS; k++) {
    const edge = sorted[Math.floor((k * sorted.length) / BINS)];
    if (edge > (edges.at(-1) ?? sorted[0])) edges.push(edge);
  }
  return Float64Array.from(edges);
}

/** Count the edges that a value reaches. */
function binOf(value: number, edges: Float64Array): number {
  let bin = 0;
  while (bin < edges.length && value >= edges[bin]) bin++;
  return bin;
}

function binned(values: Float64Array, edges: Float64Array): Uint8Array {
  const bins = new Uint8Array(values.length);
  for (let i = 0; i < bins.length; i++) bins[i] = binOf(values[i], edges);
  return bins;
}
