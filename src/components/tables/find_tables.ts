import type {FieldSpec} from '../../../layers/field_layout';
import {compareInteractions, type Interaction, type Order} from '../../interactions';
import {isHeld} from '../linear/empirical_ridge';
import {Interacting, interactionsOf} from '../interacting_fields';
import {linearLogits} from '../linear/ridge_path';
import {ridgesOf} from '../linear/ridge_penalty';
import type {IdTable, LinearFit} from '../linear/ridge_regression';
import {Cells, levelsOf} from './cells';
import type {CoarseField} from './coarse_field';
import {coarseFields, Ga2m} from './ga2m';
import {IdColumns} from './id_columns';
import type {Ga2mRidges, TableRidges} from './ridges';
import {residualsOf, tableEvidence} from './table_evidence';
import {thinnedTable} from './thinned_table';

/** A pair gets tables where they make the rows this many times as likely, as a logarithm: about 20 times. */
const LEAST_EVIDENCE = 3;
/** Interactions with tables at most, those with the most evidence. */
const MOST: Record<Order, number> = {2: 30, 3: 10};
/** Combinations of ids that the tables of an interaction, and of all, may have weights for. */
const [MOST_COMBINATIONS, MOST_OF_ALL] = [250_000, 2_000_000];
/** Rows times interactions that evidence is taken from, at most: of more rows a part is taken. */
const MOST_LOOKS: Record<Order, number> = {2: 100_000_000, 3: 50_000_000};
/**
 * Ids and cells that penalties are found from, at most, in the same way: fewer rows find penalties that are too firm
 * for all.
 */
const MOST_IDS = 40_000_000;
/** Where the penalties of tables start. */
const START = 30;
/** How far penalties are settled: those of pairs alone only have to show what triples add. */
const [ROUGHLY, CLOSELY] = [0.05, 0.01];

/** What {@link Ga2m.of} takes. */
export interface TablesFound {
  /** No interactions where rows have evidence for none. */
  ridges: Ga2mRidges;
  /** A fit to some of the rows, near that to all. */
  start: LinearFit | Ga2m;
}

/**
 * The pairs that rows have evidence for beyond logistic regression, and the triples that they have evidence for beyond
 * these pairs, with penalties for their tables ({@link empiricalRidge}).
 *
 * @param linear Logistic regression on these rows.
 * @param interacting Names of the fields that may interact; default all.
 * @throws AutofisError if the ids are not those of the fields.
 */
export function findTables(
  table: IdTable,
  fields: readonly FieldSpec[],
  linear: LinearFit,
  interacting?: Interacting,
): TablesFound {
  const search = new TableSearch(table, fields, interacting);
  const own = ridgesOf(linear.ridge, fields);
  const pairs = search.evident(2, rows => linearLogits(rows.ids, fields, linear));
  const ofPairs =
    pairs.length === 0 ? null : search.fitted({fields: own, interactions: pairs}, {start: linear, settled: ROUGHLY});
  const triples = search.evident(3, rows => ofPairs?.logits(rows) ?? linearLogits(rows.ids, fields, linear));
  const found = ofPairs?.ridges ?? {fields: own, interactions: []};
  if (triples.length === 0) return {ridges: worthTables(found), start: ofPairs ?? linear};
  const interactions = [...found.interactions, ...triples];
  const ofBoth = search.fitted({...found, interactions}, {start: ofPairs ?? linear, settled: CLOSELY});
  return {ridges: worthTables(ofBoth.ridges), start: ofBoth};
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
    private readonly interacting: Interacting | undefined,
  ) {
    this.coarse = coarseFields(table, fields);
    this.rows = new IdColumns(table);
  }

  /** The interactions of an order that rows have evidence for, beyond the model with these logits. */
  evident(order: Order, logitsOf: (rows: IdTable) => ArrayLike<number>): TableRidges[] {
    const candidates = this.candidates(order);
    if (candidates.length === 0) return [];
    const part = thinnedTable(this.table, candidates.length, MOST_LOOKS[order]);
    const residuals = residualsOf(part, Float64Array.from(logitsOf(part)));
    const rows = new IdColumns(part);
    // Of many triples one is likely by chance. Pairs are few, and gates on other rows judge them.
    const least = order === 2 ? LEAST_EVIDENCE : Math.max(LEAST_EVIDENCE, Math.log(candidates.length));
    return candidates
      .map(each => ({...each, evidence: tableEvidence(rows, residuals, each.fields)}))
      .filter(({evidence}) => evidence > least)
      .sort((a, b) => b.evidence - a.evidence)
      .filter(each => this.hasRoom(each))
      .slice(0, MOST[order])
      .sort((a, b) => compareInteractions(a.interaction, b.interaction))
      .map(starting);
  }

  /** The tables of some interactions, with penalties found from the rows. */
  fitted(ridges: Ga2mRidges, options: {start: LinearFit | Ga2m; settled: number}): Ga2m {
    const columns = this.fields.length + ridges.interactions.reduce((sum, {tables}) => sum + tables.length, 0);
    return Ga2m.of(thinnedTable(this.table, columns, MOST_IDS), this.fields, ridges, options);
  }

  private candidates(order: Order): Possible[] {
    return interactionsOf(this.fields, order, this.interacting).flatMap(interaction => {
      const fields = interaction.map(f => this.coarse[f]).filter(field => field !== null);
      return fields.length === order ? [{interaction, fields}] : [];
    });
  }

  /** Whether there is room for the weights of an interaction's tables in a model of layers, which it then takes. */
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

/** Tables on each level. */
function starting({interaction, fields}: Possible): TableRidges {
  return {interaction, tables: levelsOf(fields).map(level => ({level, ridge: START}))};
}
