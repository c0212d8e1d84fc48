import type {FieldSpec} from '../../../layers/field_layout';
import type {Interaction} from '../../interactions';
import {baseRate} from '../../metrics/row_weights';
import {seededRandom} from '../../random';
import {meanOfRows} from '../../statistics';
import type {AdditiveLogit} from '../additive_logit';
import {centred} from '../centred_family';
import type {Component} from '../component';
import type {FittedFamily, Ids} from '../family';
import {DenseBlock} from '../linear/dense_block';
import {isHeld, settledRidge} from '../linear/empirical_ridge';
import {linearLogits} from '../linear/ridge_path';
import {ridgesOf} from '../linear/ridge_penalty';
import {designOf, type IdTable, type LinearFit, RidgeRegression} from '../linear/ridge_regression';
import {coarseMembers} from '../tables/coarse_field';
import {coarseFields} from '../tables/ga2m';
import {IdColumns} from '../tables/id_columns';
import {groupEvidence, type Residuals, residualsOf} from '../tables/table_evidence';
import {BINS, type BinWeights, CellStatistics, randomOrders} from './cell_statistics';

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
/** Loose tolerances for the search of penalties; the weights themselves are fitted later. */
const SETTLING = {settled: 0.05, longest: 4, enough: 1};
/**
 * Bins of different cells say nearly the same, and what they say together settles long before what each says, which
 * gates multiply one by one: a step that gains less than this share of the loss is the last.
 */
const ENOUGH = 1e-5;
/** Sets of fields whose cells have rates and counts, with penalties; plain data. */
export interface CellsPlan {
  /** The penalty of each field in the linear part. */
  fields: readonly number[];
  /** Fields of each set, and the penalties of its rates and of its counts. */
  sets: ReadonlyArray<{fields: Interaction; rates: number; counts: number}>;
}

/** A set of fields with the statistics of its cells in some rows. */
interface CellSet {
  fields: Interaction;
  statistics: CellStatistics;
}

/**
 * Find the pairs of one-hot fields, and the single fields of many values, whose rates or counts say more about the
 * label than logistic regression, and a penalty for each of them by empirical Bayes.
 *
 * @param linear Logistic regression of these rows.
 * @param pairs Pairs of fields to look at.
 * @returns Null where rows have evidence for no set of fields.
 */
export function findCells(
  table: IdTable,
  fields: readonly FieldSpec[],
  {linear, pairs, seed}: {linear: LinearFit; pairs: readonly Interaction[]; seed: number},
): CellsPlan | null {
  const singles = [...fields.keys()].filter(f => fields[f].size > MANY_VALUES && fields[f].ordered !== true);
  const sets = evidentSets(table, fields, {linear, sets: [...singles.map(f => [f]), ...pairs], seed});
  if (sets.length === 0) return null;
  const {regression, start} = regressionOf(table, fields, sets, {
    ridge: [...ridgesOf(linear.ridge, fields), ...sets.flatMap(() => [START, START])],
    linear,
  });
  const ridges = ridgesOf(settledRidge(regression, start, SETTLING).ridge, regression.fields);
  const found = sets.map(({fields: set}, k) => {
    const [rates, counts] = ridges.slice(fields.length + 2 * k);
    return {fields: set, rates, counts};
  });
  const worth = found.filter(({rates, counts}) => !isHeld(rates) || !isHeld(counts));
  return worth.length === 0 ? null : {fields: ridges.slice(0, fields.length), sets: worth};
}

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
  const sets = evidentSets(table, fields, {linear, sets: plan.sets.map(each => each.fields), seed});
  if (sets.length === 0) return null;
  const planned = new Map(plan.sets.map(({fields: set, rates, counts}) => [`${set}`, [rates, counts]]));
  const ridge = [...plan.fields, ...sets.flatMap(({fields: set}) => planned.get(`${set}`)!)];
  const {regression, start} = regressionOf(table, fields, sets, {ridge, linear});
  const family = new CellsFamily(fields, sets, {fit: regression.fit(ridge, start, ENOUGH), linear});
  return centred(family, table, family.fittedMeans(table));
}

/** The regression on fields and bins, and where it begins. */
function regressionOf(
  table: IdTable,
  fields: readonly FieldSpec[],
  sets: readonly CellSet[],
  {ridge, linear}: {ridge: readonly number[]; linear: LinearFit},
): {regression: RidgeRegression; start: LinearFit} {
  const wide = [
    ...fields,
    ...sets.flatMap(({fields: set, statistics: {sizes}}): FieldSpec[] => [
      {name: `rate ${set}`, size: sizes.rates, ordered: true},
      {name: `count ${set}`, size: sizes.counts, ordered: true},
    ]),
  ];
  const design = designOf('cells', table, fields).with(
    sets.flatMap(({statistics: {sizes, rates, rowCounts}}) => [
      {size: sizes.rates, ids: rates},
      {size: sizes.counts, ids: rowCounts},
    ]),
  );
  const kernel = new Float64Array(sizeOf(wide));
  kernel.set(linear.kernel);
  return {
    regression: new RidgeRegression(design, table, wide, new DenseBlock(design, wide.slice(fields.length))),
    start: {ridge, kernel, bias: linear.bias},
  };
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
    let at = sizeOf(fields);
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
      ...this.sets.map(({statistics}, k) => Float32Array.from(statistics.cellsOf(rows), cell => this.weights[k][cell])),
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

/** The sets of fields whose rates or counts rows have evidence for, beyond logistic regression. */
function evidentSets(
  table: IdTable,
  fields: readonly FieldSpec[],
  {linear, sets, seed}: {linear: LinearFit; sets: readonly Interaction[]; seed: number},
): CellSet[] {
  const coarse = coarseFields(table, fields);
  const rows = new IdColumns(table);
  const orders = randomOrders(table.labels.length, ORDERS, seededRandom(seed));
  const mean = baseRate(table);
  const residuals = residualsOf(table, linearLogits(table.ids, fields, linear));
  const strongest = (found: ReadonlyArray<CellSet & {evidence: number}>) =>
    [...found].sort((a, b) => b.evidence - a.evidence).slice(0, MOST_SETS);
  let found: Array<CellSet & {evidence: number}> = [];
  for (const set of sets) {
    const members = coarseMembers(coarse, set);
    if (members === null) continue;
    const statistics = new CellStatistics(members, rows, {...table, mean, orders});
    const evidence = binEvidence(statistics, residuals);
    if (evidence <= LEAST_EVIDENCE) continue;
    if (set.length > 1 && statistics.combinationCount > MOST_COMBINATIONS) continue;
    found.push({fields: set, statistics, evidence});
    // Statistics hold bins of every row: those of thousands of pairs do not fit into memory at once.
    if (found.length === 2 * MOST_SETS) found = strongest(found);
  }
  return strongest(found);
}

/** Evidence for a weight of each bin of the rate or of the count, as a logarithm of likelihoods. */
function binEvidence({rates, rowCounts}: CellStatistics, residuals: Residuals): number {
  const of = (bins: Uint8Array) =>
    groupEvidence(
      bins.map(bin => bin + 1),
      BINS + 1,
      residuals,
    );
  return Math.max(of(rates), of(rowCounts));
}

const sizeOf = (fields: readonly FieldSpec[]) => fields.reduce((sum, {size}) => sum + size, 0);
