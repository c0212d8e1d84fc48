import {type GarroteFit, leastLoss} from './garrote';
import {GatedLoss, type GarroteRows} from './gated_loss';

/** Upper bound of a gate: gates of folds that are much larger fit how those folds differ. */
const MOST_GATE = 2;

/** Rows whose columns belong to families. */
export interface FamilyRows extends GarroteRows {
  /**
   * The family of each column [P]. The alpha of a column is its gate plus the one that its family shares, so a family
   * whose columns each add too little for a gate can be right about their sum. Default: no column shares a gate.
   */
  families?: readonly number[];
}

/** Gates at one penalty: the alphas of the columns, of which families share a part. */
export interface SharedFit extends GarroteFit {
  /** The shared gate of each family of several columns. */
  shared: Float64Array;
}

/** The gates of some rows, fitted for any weights of rows and any penalty. */
export class SharedGates {
  private readonly count: number;
  /** The shared gate of each column; -1 for none. */
  private readonly sharedBy: Int32Array;
  /** Null without columns. */
  private readonly loss: GatedLoss | null;

  constructor(private readonly rows: FamilyRows) {
    const {products, base, families = []} = rows;
    this.count = products.length / base.length;
    const sizes = new Map<number, number>();
    families.forEach(family => sizes.set(family, (sizes.get(family) ?? 0) + 1));
    const several = [...sizes.keys()].filter(family => sizes.get(family)! > 1);
    this.sharedBy = Int32Array.from({length: this.count}, (_, c) => several.indexOf(families[c]));
    const all = several.length === 0 ? products : this.withSums(several.length);
    this.loss = this.count === 0 ? null : GatedLoss.of({...rows, products: all});
  }

  /**
   * Fit the gates; without columns nothing is added to the base.
   *
   * @param weights Weights of the rows; default theirs.
   * @param start A fit of a neighbouring penalty; it changes the time and not the result.
   */
  fit(lambda: number, weights = this.rows.weights, start?: SharedFit): SharedFit {
    const {count, loss, sharedBy} = this;
    if (loss === null) return {lambda, alpha: new Float64Array(0), shared: new Float64Array(0), intercept: 0};
    const {alpha, intercept} = leastLoss(loss.weighted(weights), {
      lambda,
      most: MOST_GATE,
      ...(start === undefined ? {} : {start: this.separate(start)}),
    });
    const shared = alpha.slice(count);
    return {lambda, alpha: alpha.slice(0, count).map((a, c) => a + (shared[sharedBy[c]] ?? 0)), shared, intercept};
  }

  /** The columns, and behind them the sum of each family. */
  private withSums(families: number): Float32Array {
    const {count, rows, sharedBy} = this;
    const sums = familySums(rows, sharedBy, families);
    const width = count + families;
    const all = new Float32Array(rows.base.length * width);
    for (let i = 0; i < rows.base.length; i++) {
      all.set(rows.products.subarray(i * count, (i + 1) * count), i * width);
      all.set(sums.subarray(i * families, (i + 1) * families), i * width + count);
    }
    return all;
  }

  /** Take the shared gates out of the alphas. */
  private separate({alpha, shared, intercept}: SharedFit): Pick<GarroteFit, 'alpha' | 'intercept'> {
    const gates = alpha.map((a, c) => Math.max(0, a - (shared[this.sharedBy[c]] ?? 0)));
    return {alpha: Float64Array.of(...gates, ...shared), intercept};
  }
}

/** Add up the columns of each family: [n, families]; a column of family -1 belongs to none. */
export function familySums(
  {products, base}: Pick<GarroteRows, 'products' | 'base'>,
  familyOf: ArrayLike<number>,
  families: number,
): Float32Array {
  const sums = new Float32Array(base.length * families);
  for (let i = 0, at = 0; i < base.length; i++)
    for (let c = 0; c < familyOf.length; c++, at++)
      if (familyOf[c] >= 0) sums[i * families + familyOf[c]] += products[at];
  return sums;
}
