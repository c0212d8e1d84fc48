import type {FieldSpec} from '../../../layers/field_layout';
import type {Interaction} from '../../interactions';
import {seededRandom} from '../../random';
import type {AdditiveLogit} from '../additive_logit';
import type {Component} from '../component';
import type {FittedFamily, Ids} from '../family';
import {settledRidge} from '../linear/empirical_ridge';
import {linearLogits} from '../linear/ridge_path';
import {ridgesOf} from '../linear/ridge_penalty';
import {designOf, type IdTable, type LinearFit, RidgeRegression} from '../linear/ridge_regression';
import type {CoarseField} from '../tables/coarse_field';
import {coarseFields} from '../tables/ga2m';
import {IdColumns} from '../tables/id_columns';
import {groupEvidence, type Residuals, residualsOf} from '../tables/table_evidence';
import {BINS, CellStatistics, randomOrders} from './cell_statistics';

/** Random orders whose mean a training row's rate is. */
const ORDERS = 4;
/** A field of more values than these has rates of its values. */
const MANY_VALUES = 40;
/** Sets of fields take part whose bins make the rows this many times as likely, as a logarithm. */
const LEAST_EVIDENCE = 3;
/** Sets of fields that take part at most, those with the most evidence. */
const MOST_SETS = 60;
/** Combinations of ids that one interaction may have weights for. */
const MOST_COMBINATIONS = 1_000_000;
/** Where the penalties of rates and counts are first looked for. */
const START = 300;
/** Bins of different cells say nearly the same: what they say together settles long before each does. */
const SETTLING = {settled: 0.05, longest: 4, enough: 1e-4};

/** A set of fields whose cells have rates and counts. */
interface CellSet {
  fields: number[];
  statistics: CellStatistics;
  evidence: number;
}

/**
 * Fit rates and counts of cells: logistic regression on all fields and, for each pair of one-hot fields and each field
 * of many values, on the bins of the rate and of the count of the row's cell (`CellStatistics`). Each of them has a
 * penalty of its own by empirical Bayes.
 *
 * @param linear Logistic regression of these rows.
 * @param pairs Pairs of fields to look at.
 * @returns Null where rows have evidence for no set of fields.
 */
export function fitCells(
  table: IdTable,
  fields: readonly FieldSpec[],
  {linear, pairs, seed}: {linear: LinearFit; pairs: readonly Interaction[]; seed: number},
): FittedFamily | null {
  const sets = evidentSets(table, fields, {linear, pairs, seed});
  if (sets.length === 0) return null;
  const binFields = sets.flatMap(({fields: set, statistics: {sizes}}): FieldSpec[] => [
    {name: `rate ${set}`, size: sizes.rates, ordered: true},
    {name: `count ${set}`, size: sizes.counts, ordered: true},
  ]);
  const wide = [...fields, ...binFields];
  const design = designOf('cells', table, fields).with(
    sets.flatMap(({statistics: {sizes, rates, rowCounts}}) => [
      {size: sizes.rates, ids: rates},
      {size: sizes.counts, ids: rowCounts},
    ]),
  );
  const ridge = [...ridgesOf(linear.ridge, fields), ...binFields.map(() => START)];
  const kernel = new Float64Array(sizeOf(wide));
  kernel.set(linear.kernel);
  const regression = new RidgeRegression(design, table, wide);
  const fit = settledRidge(regression, {ridge, kernel, bias: linear.bias}, SETTLING);
  return new CellsFamily(fields, sets, {fit, linear});
}

/** Fitted rates and counts of cells. */
class CellsFamily implements FittedFamily {
  readonly components: readonly Component[];
  /** Weight of each cell of each set. */
  private readonly weights: Float64Array[];
  /** The linear part, less logistic regression. */
  private readonly rest: {kernel: Float64Array; bias: number};

  constructor(
    private readonly fields: readonly FieldSpec[],
    private readonly sets: readonly CellSet[],
    {fit, linear}: {fit: LinearFit; linear: LinearFit},
  ) {
    let at = sizeOf(fields);
    const take = (size: number) => fit.kernel.subarray(at, (at += size));
    this.weights = sets.map(({statistics}) =>
      statistics.weights(take(statistics.sizes.rates), take(statistics.sizes.counts)),
    );
    this.rest = {
      kernel: linear.kernel.map((w, j) => fit.kernel[j] - w),
      bias: fit.bias - linear.bias,
    };
    this.components = [
      ...sets.map(({fields: set}): Component =>
        set.length === 1 ? {type: 'values', field: set[0]} : {type: 'cells', interaction: set},
      ),
      {type: 'linear', of: 'cells'},
    ];
  }

  columns({ids, labels}: Ids): Float32Array[] {
    const rows = new IdColumns({ids, labels});
    return [
      ...this.sets.map(({statistics}, k) => Float32Array.from(statistics.cellsOf(rows), cell => this.weights[k][cell])),
      Float32Array.from(linearLogits(ids, this.fields, this.rest)),
    ];
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

/** The sets of fields whose rates or counts rows have evidence for, beyond logistic regression. */
function evidentSets(
  table: IdTable,
  fields: readonly FieldSpec[],
  {linear, pairs, seed}: {linear: LinearFit; pairs: readonly Interaction[]; seed: number},
): CellSet[] {
  const coarse = coarseFields(table, fields);
  const rows = new IdColumns(table);
  const {labels, weights} = table;
  let [total, positives] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    const weight = weights === undefined ? 1 : weights[i];
    total += weight;
    positives += weight * labels[i];
  }
  const mean = positives / total;
  const orders = randomOrders(labels.length, ORDERS, seededRandom(seed));
  const residuals = residualsOf(table, linearLogits(table.ids, fields, linear));
  const singles = [...fields.keys()].filter(f => fields[f].size > MANY_VALUES && fields[f].ordered !== true);
  return [...singles.map(f => [f]), ...pairs]
    .flatMap((set): CellSet[] => {
      const members = set.map(f => coarse[f]).filter((field): field is CoarseField => field !== null);
      if (members.length < set.length) return [];
      const statistics = new CellStatistics(members, rows, {labels, weights, mean, orders});
      const evidence = binEvidence(statistics, residuals);
      return evidence > LEAST_EVIDENCE ? [{fields: set, statistics, evidence}] : [];
    })
    .sort((a, b) => b.evidence - a.evidence)
    .filter(({fields: set, statistics}) => set.length === 1 || statistics.combinationCount <= MOST_COMBINATIONS)
    .slice(0, MOST_SETS);
}

/** Evidence for a weight of each bin of the rate or of the count, as a logarithm of likelihoods. */
function binEvidence({rates, rowCounts}: CellStatistics, residuals: Residuals): number {
  const of = (bins: Int32Array) =>
    groupEvidence(
      bins.map(bin => bin + 1),
      BINS + 1,
      residuals,
    );
  return Math.max(of(rates), of(rowCounts));
}

const sizeOf = (fields: readonly FieldSpec[]) => fields.reduce((sum, {size}) => sum + size, 0);
