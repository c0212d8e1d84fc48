import type {FieldSpec} from '../../../layers/field_layout';
import {allInteractions, compareInteractions, type Interaction} from '../../interactions';
import {isHeld} from '../linear/empirical_ridge';
import {linearLogits} from '../linear/ridge_path';
import {ridgesOf} from '../linear/ridge_penalty';
import type {IdTable, LinearFit} from '../linear/ridge_regression';
import {triplesOf} from '../possible_pairs';
import {thinnedTable} from '../table_rows';
import {Cells, levelsOf} from './cells';
import {type CoarseField, coarseMembers} from './coarse_field';
import {coarseFields, Ga2m} from './ga2m';
import {IdColumns} from './id_columns';
import type {Ga2mRidges, TableRidges} from './ridges';
import {residualsOf, tableEvidence} from './table_evidence';

/** A pair gets tables where they make the rows this many times as likely, as a logarithm: about 20 times. */
const LEAST_EVIDENCE = 3;
/** Interactions with tables at most, those with the most evidence. */
const MOST: Record<2 | 3, number> = {2: 30, 3: 10};
/** Combinations of ids that the tables of an interaction, and of all, may have weights for. */
const [MOST_COMBINATIONS, MOST_OF_ALL] = [250_000, 2_000_000];
/** Rows times interactions that evidence is taken from, at most: of more rows a part is taken. */
const MOST_LOOKS: Record<2 | 3, number> = {2: 100_000_000, 3: 50_000_000};
/**
 * Ids and cells that penalties are found from, at most, in the same way: fewer rows find penalties that are too firm
 * for all.
 */
const MOST_IDS = 40_000_000;
/** Ids and cells that tables are fitted to, at most, in the same way. */
const MOST_CELLS = 60_000_000;
/** Where the penalties of tables start. */
const START = 30;
/** Tolerances of the search for penalties: those of pairs alone only have to show what triples add. */
const [ROUGHLY, CLOSELY] = [0.05, 0.01];

/**
 * Find the pairs that rows have evidence for beyond logistic regression, and the triples that they have evidence for
 * beyond these pairs, with penalties for their tables ({@link empiricalRidge}).
 *
 * @param options `linear` is logistic regression of these rows; `pairs` may interact, and triples of them; default all.
 * @returns No interactions where rows have evidence for none.
 * @throws AutofisError if the ids are not those of the fields.
 */
export function findTables(
  table: IdTable,
  fields: readonly FieldSpec[],
  {linear, pairs: possible = allInteractions(fields.length, 2)}: {linear: LinearFit; pairs?: readonly Interaction[]},
): Ga2mRidges {
  const search = new TableSearch(table, fields);
  const none = {fields: ridgesOf(linear.ridge, fields), interactions: []};
  const linearOf = (rows: IdTable) => linearLogits(rows.ids, fields, linear);
  const pairs = search.evident(2, possible, linearOf).map(starting);
  const ofPairs =
    pairs.length === 0 ? null : search.settled({...none, interactions: pairs}, {start: linear, settled: ROUGHLY});
  const triples = search.evident(3, triplesOf(possible), rows => ofPairs?.logits(rows) ?? linearOf(rows)).map(starting);
  const found = ofPairs?.ridges ?? none;
  if (triples.length === 0) return worthTables(found);
  const interactions = [...found.interactions, ...triples];
  return worthTables(search.settled({...found, interactions}, {start: linear, settled: CLOSELY}).ridges);
}

/**
 * Fit the tables of some interactions that rows have evidence for, in the same way.
 *
 * @param ridges Penalties of the interactions, of other rows.
 * @returns Null where rows have evidence for none.
 */
export function evidentTables(
  table: IdTable,
  fields: readonly FieldSpec[],
  {linear, ridges}: {linear: LinearFit; ridges: Ga2mRidges},
): Ga2m | null {
  const search = new TableSearch(table, fields);
  const evident = (order: 2 | 3, logitsOf: (rows: IdTable) => ArrayLike<number>) => {
    const ofOrder = new Map(
      ridges.interactions.filter(fit => fit.interaction.length === order).map(fit => [`${fit.interaction}`, fit]),
    );
    const interactions = [...ofOrder.values()].map(({interaction}) => interaction);
    return search.evident(order, interactions, logitsOf).map(({interaction}) => ofOrder.get(`${interaction}`)!);
  };
  const pairs = evident(2, rows => linearLogits(rows.ids, fields, linear));
  const ofPairs = pairs.length === 0 ? null : search.fitted({...ridges, interactions: pairs}, linear);
  const triples = evident(3, rows => ofPairs?.logits(rows) ?? linearLogits(rows.ids, fields, linear));
  if (triples.length === 0) return ofPairs;
  return search.fitted({...ridges, interactions: [...pairs, ...triples]}, linear);
}

/** Those of the interactions whose tables have weights that count. */
function worthTables({interactions, ...others}: Ga2mRidges): Ga2mRidges {
  return {...others, interactions: interactions.filter(({tables}) => !tables.every(({ridge}) => isHeld(ridge)))};
}

/** An interaction that may have tables. */
interface Possible {
  interaction: Interaction;
  fields: readonly CoarseField[];
}

class TableSearch {
  private readonly coarse: ReadonlyArray<CoarseField | null>;
  private readonly rows: IdColumns;
  /** Combinations that further tables may have weights for. */
  private left = MOST_OF_ALL;

  constructor(
    private readonly table: IdTable,
    private readonly fields: readonly FieldSpec[],
  ) {
    this.coarse = coarseFields(table, fields);
    this.rows = new IdColumns(table);
  }

  /** The interactions, all of one order, that rows have evidence for beyond the model with these logits. */
  evident(
    order: 2 | 3,
    interactions: readonly Interaction[],
    logitsOf: (rows: IdTable) => ArrayLike<number>,
  ): Possible[] {
    const candidates = this.candidates(interactions);
    if (candidates.length === 0) return [];
    const part = thinnedTable(this.table, candidates.length, MOST_LOOKS[order]);
    const residuals = residualsOf(part, Float64Array.from(logitsOf(part)));
    const rows = new IdColumns(part);
    // Of many triples one is likely by chance. Pairs are few, and gates on other rows judge them.
    const least = order === 2 ? LEAST_EVIDENCE : Math.max(LEAST_EVIDENCE, Math.log(candidates.length));
    return candidates
      .map(candidate => ({...candidate, evidence: tableEvidence(rows, residuals, candidate.fields)}))
      .filter(({evidence}) => evidence > least)
      .sort((a, b) => b.evidence - a.evidence)
      .filter(candidate => this.hasRoom(candidate))
      .slice(0, MOST[order])
      .sort((a, b) => compareInteractions(a.interaction, b.interaction));
  }

  /** The tables of some interactions, with penalties found from the rows. */
  settled(ridges: Ga2mRidges, options: {start: LinearFit; settled: number}): Ga2m {
    return this.thinned(ridges, MOST_IDS, rows => Ga2m.of(rows, this.fields, ridges, options));
  }

  /** The tables of some interactions, with these penalties. */
  fitted(ridges: Ga2mRidges, start: LinearFit): Ga2m {
    return this.thinned(ridges, MOST_CELLS, rows => Ga2m.of(rows, this.fields, ridges, {start}));
  }

  private thinned<T>({interactions}: Ga2mRidges, most: number, work: (rows: IdTable) => T): T {
    const tables = interactions.reduce((sum, interaction) => sum + interaction.tables.length, 0);
    return work(thinnedTable(this.table, this.fields.length + tables, most));
  }

  private candidates(interactions: readonly Interaction[]): Possible[] {
    return interactions.flatMap(interaction => {
      const fields = coarseMembers(this.coarse, interaction);
      return fields === null ? [] : [{interaction, fields}];
    });
  }

  /** Reserve room for the weights of an interaction's tables in a model of layers; return false if there is none. */
  private hasRoom({fields}: Possible): boolean {
    // Groups stand for all their values. Without groups only what rows have gets weights.
    if (!fields.some(({isOrdered}) => isOrdered)) return true;
    const cells = new Cells(fields, 0);
    cells.addRows(this.rows);
    const count = cells.combinationCount;
    if (count > Math.min(MOST_COMBINATIONS, this.left)) return false;
    this.left -= count;
    return true;
  }
}

/** Tables on each level, with the penalty that others are found from. */
function starting({interaction, fields}: Possible): TableRidges {
  return {interaction, tables: levelsOf(fields).map(level => ({level, ridge: START}))};
}
