import type {FieldSpec} from '../../../layers/field_layout';
import type {Interaction} from '../../interactions';
import {meanOfRows} from '../../statistics';
import type {AdditiveLogit} from '../additive_logit';
import {centred} from '../centred_family';
import type {Component} from '../component';
import type {FittedFamily, Ids} from '../family';
import {featureCount} from '../linear/one_hot_design';
import {linearLogits} from '../linear/ridge_path';
import type {IdTable, LinearFit} from '../linear/ridge_regression';
import {IdColumns} from '../tables/id_columns';
import type {BinWeights} from './cell_statistics';
import {type CellSet, CellSearch, type CellsPlan, regressionOf} from './find_cells';

/**
 * Bins of different cells say nearly the same, and what they say together settles long before what each says, which
 * gates multiply one by one: a step that gains less than this share of the loss is the last.
 */
const ENOUGH = 1e-5;

/**
 * Fit rates and counts of cells: logistic regression on all fields and, for each set of a plan, on the bins of the rate
 * and of the count of the row's cell ({@link CellStatistics}).
 *
 * @param linear Logistic regression of these rows.
 * @returns Null where these rows have evidence for no set of the plan.
 */
export function fitCells(
  table: IdTable,
  fields: readonly FieldSpec[],
  {linear, plan, seed}: {linear: LinearFit; plan: CellsPlan; seed: number},
): FittedFamily | null {
  const search = new CellSearch(table, fields, seed);
  const sets = search.evident(
    plan.sets.map(set => set.fields),
    linearLogits(table.ids, fields, linear),
    plan.sets.length,
  );
  if (sets.length === 0) return null;
  const planned = new Map(plan.sets.map(({fields: set, rates, counts}) => [`${set}`, [rates, counts]]));
  const ridge = [...plan.fields, ...sets.flatMap(({fields: set}) => planned.get(`${set}`)!)];
  const {regression, start} = regressionOf(table, fields, sets, {ridge, linear});
  const family = new CellsFamily(fields, sets, {fit: regression.fit(ridge, start, ENOUGH), linear});
  return centred(family, table, family.fittedMeans(table));
}

/** Fitted rates and counts of cells. */
class CellsFamily implements FittedFamily {
  readonly components: readonly Component[];
  /** Weights of the bins of each set. */
  private readonly bins: BinWeights[];
  /** Weight of each cell of each set. */
  private readonly weights: Float64Array[];
  /** The linear part, less logistic regression. */
  private readonly rest: {kernel: Float64Array; bias: number};

  constructor(
    private readonly fields: readonly FieldSpec[],
    private readonly sets: readonly CellSet[],
    {fit, linear}: {fit: LinearFit; linear: LinearFit},
  ) {
    let at = featureCount(fields);
    const take = (size: number) => fit.kernel.subarray(at, (at += size));
    this.bins = sets.map(({statistics: {sizes}}) => ({rates: take(sizes.rates), counts: take(sizes.counts)}));
    this.weights = sets.map(({statistics}, k) => statistics.weights(this.bins[k]));
    this.rest = {
      kernel: linear.kernel.map((w, j) => fit.kernel[j] - w),
      bias: fit.bias - linear.bias,
    };
    this.components = [...sets.map(({fields: set}) => componentOf(set)), {type: 'linear', of: 'cells'}];
  }

  columns({ids, labels}: Ids): Float32Array[] {
    const rows = new IdColumns({ids, labels});
    return [
      ...this.sets.map(({statistics}, k) => {
        const cells = statistics.cellsOf(rows);
        return new Float32Array(cells.length).map((_, i) => this.weights[k][cells[i]]);
      }),
      Float32Array.from(linearLogits(ids, this.fields, this.rest)),
    ];
  }

  /**
   * Take the mean of each component over the rows of the fit, each row without its own label: other rows, too, may be
   * the first of their cell.
   */
  fittedMeans({weights}: Pick<IdTable, 'weights'>): number[] {
    const means = this.sets.map(({statistics}, k) => meanOfRows(statistics.fittedWeights(this.bins[k]), weights).mean);
    return [...means, 0];
  }

  addTo(logit: AdditiveLogit, alpha: ArrayLike<number>): void {
    this.sets.forEach(({fields: set, statistics}, k) => {
      if (alpha[k] === 0) return;
      const weights = this.weights[k];
      if (set.length === 1) {
        const values = Float64Array.from(
          {length: this.fields[set[0]].size},
          (_, id) => weights[statistics.cellOf([id])],
        );
        logit.addValues(set[0], values, alpha[k]);
      } else {
        logit.addCombinations(
          {
            interaction: set,
            combinations: statistics.combinations(),
            weightOf: ids => weights[statistics.cellOf(ids)],
            others: weights[0],
          },
          alpha[k],
        );
      }
    });
    logit.addLinear(this.rest, alpha[this.sets.length]);
  }

  dispose(): void {}
}

/** The component of the cells of some fields. */
export function componentOf(fields: Interaction): Component {
  return fields.length === 1 ? {type: 'values', field: fields[0]} : {type: 'cells', interaction: fields};
}
