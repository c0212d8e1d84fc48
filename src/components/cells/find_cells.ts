import type {FieldSpec} from '../../../layers/field_layout';
import {type Interaction, ORDERS} from '../../interactions';
import {baseRate} from '../../metrics/row_weights';
import {seededRandom} from '../../random';
import {DenseBlock} from '../linear/dense_block';
import {isHeld, settledRidge} from '../linear/empirical_ridge';
import {featureCount} from '../linear/one_hot_design';
import {linearLogits} from '../linear/ridge_path';
import {ridgesOf} from '../linear/ridge_penalty';
import {designOf, type IdTable, type LinearFit, pointOf, RidgeRegression} from '../linear/ridge_regression';
import {type CoarseField, coarseMembers} from '../tables/coarse_field';
import {coarseFields} from '../tables/ga2m';
import {IdColumns} from '../tables/id_columns';
import {groupEvidence, type Residuals, residualsOf} from '../tables/table_evidence';
import {BINS, CellStatistics, randomOrders} from './cell_statistics';

/** Random orders whose mean a training row's rate is. */
const RANDOM_ORDERS = 4;
/** A field of more values than these has rates of its values. */
const MANY_VALUES = 40;
/** Sets of fields take part whose bins make the rows this many times as likely, as a logarithm. */
const LEAST_EVIDENCE = 3;
/** Sets of fields that one look finds at most, those with the most evidence, and sets in all. */
const [MOST_SETS, MOST_OF_ALL] = [60, 120];
/** Combinations of ids that one interaction may have weights for. */
const MOST_COMBINATIONS = 1_000_000;
/** Rows times sets of three or four fields that are looked at, at most: those that extend the strongest come first. */
const MOST_LOOKS = 30_000_000;
/** Values that all fields of a set but the largest have together at most, since every format counts them. */
const MOST_VALUES = 2 ** 20;
/** Where the penalties of rates and counts are first looked for. */
const START = 300;
/** Loose tolerances for the search of penalties; the weights themselves are fitted later. */
const SETTLING = {settled: 0.05, longest: 4, enough: 1};

/** Sets of fields whose cells have rates and counts, with penalties; plain data. */
export interface CellsPlan {
  /** The penalty of each field in the linear part. */
  fields: readonly number[];
  /** Fields of each set, and the penalties of its rates and of its counts. */
  sets: ReadonlyArray<{fields: Interaction; rates: number; counts: number}>;
}

/** A set of fields with the statistics of its cells in some rows. */
export interface CellSet {
  fields: Interaction;
  statistics: CellStatistics;
}

type SettledSet = CellSet & CellsPlan['sets'][number];

/**
 * Find the single fields of many values, the pairs of one-hot fields and the wider sets whose rates or counts say more
 * about the label than logistic regression, and a penalty for each of them by empirical Bayes. Sets grow: those that
 * count are extended by a field while rows have evidence beyond all sets that were found.
 *
 * @param linear Logistic regression of these rows.
 * @param pairs Pairs of fields to look at; all pairs of a wider set are among them.
 * @returns Null where rows have evidence for no set of fields.
 */
export function findCells(
  table: IdTable,
  fields: readonly FieldSpec[],
  {linear, pairs, seed}: {linear: LinearFit; pairs: readonly Interaction[]; seed: number},
): CellsPlan | null {
  const search = new CellSearch(table, fields, seed);
  const singles = [...fields.keys()].filter(f => fields[f].size > MANY_VALUES && fields[f].ordered !== true);
  const mostLooks = Math.ceil(MOST_LOOKS / table.labels.length);
  let ofFields = ridgesOf(linear.ridge, fields);
  let sets: SettledSet[] = [];
  let logits = linearLogits(table.ids, fields, linear);
  for (const order of ORDERS) {
    const narrower = sets.map(set => set.fields).filter(({length}) => length === order - 1);
    const looked = order === 2 ? [...singles.map(f => [f]), ...pairs] : extensions(narrower, pairs).slice(0, mostLooks);
    const added = search.evident(looked, logits, Math.min(MOST_SETS, MOST_OF_ALL - sets.length));
    if (added.length === 0) break;
    const all = [...sets, ...added.map(set => ({...set, rates: START, counts: START}))];
    const ridge = [...ofFields, ...all.flatMap(({rates, counts}) => [rates, counts])];
    const {regression, start} = regressionOf(table, fields, all, {ridge, linear});
    const fit = settledRidge(regression, start, SETTLING);
    const ridges = ridgesOf(fit.ridge, regression.fields);
    ofFields = ridges.slice(0, fields.length);
    sets = all
      .map((set, k) => ({...set, rates: ridges[fields.length + 2 * k], counts: ridges[fields.length + 2 * k + 1]}))
      .filter(({rates, counts}) => !isHeld(rates) || !isHeld(counts));
    logits = regression.at(pointOf(fit)).logits;
  }
  if (sets.length === 0) return null;
  return {fields: ofFields, sets: sets.map(({fields: set, rates, counts}) => ({fields: set, rates, counts}))};
}

/** The sets with one field more, all pairs of which are among these. */
function extensions(sets: readonly Interaction[], pairs: readonly Interaction[]): Interaction[] {
  const possible = new Set(pairs.map(String));
  const members = [...new Set(pairs.flat())];
  const pairOf = (a: number, b: number) => `${Math.min(a, b)},${Math.max(a, b)}`;
  const wider = sets.flatMap(set =>
    members.filter(f => set.every(g => possible.has(pairOf(f, g)))).map(f => [...set, f].sort((x, y) => x - y)),
  );
  return [...new Map(wider.map(set => [`${set}`, set])).values()];
}

/** Finds the sets of fields whose rates or counts rows have evidence for. */
export class CellSearch {
  private readonly coarse: ReadonlyArray<CoarseField | null>;
  private readonly rows: IdColumns;
  private readonly orders: readonly Int32Array[];
  private readonly mean: number;
  /** Number of cells of each set that was looked at. */
  private readonly sizes = new Map<string, number>();

  constructor(
    private readonly table: IdTable,
    private readonly fields: readonly FieldSpec[],
    seed: number,
  ) {
    this.coarse = coarseFields(table, fields);
    this.rows = new IdColumns(table);
    this.orders = randomOrders(table.labels.length, RANDOM_ORDERS, seededRandom(seed));
    this.mean = baseRate(table);
  }

  /** Take those of the sets that rows have evidence for beyond these logits, the `most` with the most evidence. */
  evident(sets: readonly Interaction[], logits: Float64Array, most: number): CellSet[] {
    const {table, mean, orders, sizes} = this;
    const residuals = residualsOf(table, logits);
    const strongest = (all: ReadonlyArray<CellSet & {evidence: number}>) =>
      [...all].sort((a, b) => b.evidence - a.evidence).slice(0, most);
    let evident: Array<CellSet & {evidence: number}> = [];
    for (const set of sets) {
      const members = coarseMembers(this.coarse, set);
      if (members === null || !this.isCountable(set)) continue;
      const statistics = new CellStatistics(members, this.rows, {...table, mean, orders});
      sizes.set(`${set}`, statistics.size);
      // The cells of these fields are those of fewer of them.
      if (set.some((_, k) => sizes.get(`${set.filter((_f, j) => j !== k)}`) === statistics.size)) continue;
      const evidence = binEvidence(statistics, residuals);
      if (evidence <= LEAST_EVIDENCE) continue;
      if (set.length > 1 && statistics.combinationCount > MOST_COMBINATIONS) continue;
      evident.push({fields: set, statistics, evidence});
      // Statistics hold bins of every row: those of thousands of pairs do not fit into memory at once.
      if (evident.length >= 2 * most) evident = strongest(evident);
    }
    return strongest(evident);
  }

  private isCountable(set: Interaction): boolean {
    const sizes = set.map(f => this.fields[f].size);
    return sizes.reduce((product, size) => product * size, 1) <= MOST_VALUES * Math.max(...sizes);
  }
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

/** The regression on fields and bins, and where it begins. */
export function regressionOf(
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
  const kernel = new Float64Array(featureCount(wide));
  kernel.set(linear.kernel);
  return {
    regression: new RidgeRegression(design, table, wide, new DenseBlock(design, wide.slice(fields.length))),
    start: {ridge, kernel, bias: linear.bias},
  };
}
