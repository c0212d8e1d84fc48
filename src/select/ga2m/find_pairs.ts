import type {FieldSpec} from '../../../layers/field_layout';
import {allInteractions, compareInteractions} from '../../interactions';
import {isHeld} from '../empirical_ridge';
import {linearLogits} from '../ridge_path';
import type {IdTable, LinearFit} from '../ridge_regression';
import {levelsOf} from './cells';
import type {CoarseField} from './coarse_field';
import {coarseFields, Ga2m} from './ga2m';
import type {Ga2mRidges, TableRidges} from './ridges';
import {residualsOf, tableEvidence} from './table_evidence';
import {thinnedTable} from './thinned_table';

/** A pair gets tables where they make the rows this many times as likely, as a logarithm: about 20 times. */
const LEAST_EVIDENCE = 3;
/** Pairs with tables at most, those with the most evidence. */
const MOST_PAIRS = 30;
/** Combinations of ids that the tables of a pair, and of all, may have weights for. */
const [MOST_COMBINATIONS, MOST_OF_ALL] = [250_000, 2_000_000];
/** Rows times pairs for evidence, and ids that penalties are found from, at most: of more rows a part is taken. */
const [MOST_LOOKS, MOST_IDS] = [100_000_000, 4_000_000];
/** Where the penalties of tables start. */
const START = 30;

/**
 * The pairs that rows have evidence for beyond logistic regression, with penalties for their tables
 * ({@link empiricalRidge}).
 *
 * @param linear Logistic regression on these rows.
 * @param known Penalties that were found on some of these rows, from which those of the same pairs are found sooner.
 * @returns Penalties for {@link Ga2m.of}; no interactions where rows have evidence for none.
 * @throws AutofisError if the ids are not those of the fields.
 */
export function findPairs(
  table: IdTable,
  fields: readonly FieldSpec[],
  linear: LinearFit,
  known?: Ga2mRidges,
): Ga2mRidges {
  const own = typeof linear.ridge === 'number' ? fields.map(() => linear.ridge as number) : linear.ridge;
  const interactions = evidentPairs(table, fields, linear).map(pair => startingAt(pair, known));
  if (interactions.length === 0) return {fields: own, interactions};
  const columns = fields.length + interactions.reduce((sum, {tables}) => sum + tables.length, 0);
  const {ridges} = Ga2m.of(
    thinnedTable(table, columns, MOST_IDS),
    fields,
    {fields: own, interactions},
    {start: linear, findRidges: true},
  );
  return {
    fields: ridges.fields,
    interactions: ridges.interactions.filter(({tables}) => !tables.every(({ridge}) => isHeld(ridge))),
  };
}

/** A pair whose penalties start where they were found before. */
function startingAt({interaction, tables}: TableRidges, known: Ga2mRidges | undefined): TableRidges {
  const own = known?.interactions.find(each => compareInteractions(each.interaction, interaction) === 0)?.tables ?? [];
  const startOf = (wanted: number) => {
    const ridge = own.find(({level}) => level === wanted)?.ridge ?? START;
    // At its upper end a penalty stays there, whatever the rows say.
    return isHeld(ridge) ? START : ridge;
  };
  return {interaction, tables: tables.map(({level}) => ({level, ridge: startOf(level)}))};
}

function evidentPairs(table: IdTable, fields: readonly FieldSpec[], linear: LinearFit): Ga2mRidges['interactions'] {
  const coarse = coarseFields(table, fields);
  const candidates = allInteractions(coarse.length, 2).flatMap(interaction => {
    const [a, b] = interaction.map(f => coarse[f]);
    return a !== null && b !== null && combinations(a, b) <= MOST_COMBINATIONS
      ? [{interaction, pair: [a, b] as const}]
      : [];
  });
  const part = thinnedTable(table, candidates.length, MOST_LOOKS);
  const residuals = residualsOf(part, linearLogits(part.ids, fields, linear));
  let left = MOST_OF_ALL;
  return candidates
    .map(each => ({...each, evidence: tableEvidence(part, residuals, each.pair)}))
    .filter(({evidence}) => evidence > LEAST_EVIDENCE)
    .sort((a, b) => b.evidence - a.evidence)
    .filter(({pair: [a, b]}) => (left -= combinations(a, b)) >= 0)
    .slice(0, MOST_PAIRS)
    .sort((a, b) => compareInteractions(a.interaction, b.interaction))
    .map(({interaction, pair}) => ({
      interaction,
      tables: levelsOf(pair).map(level => ({level, ridge: START})),
    }));
}

/** Weights of a model of layers: groups stand for all their values. Without groups only what rows have gets some. */
function combinations(a: CoarseField, b: CoarseField): number {
  const size = ({levels: [{of}]}: CoarseField) => of.length;
  return a.isOrdered || b.isOrdered ? size(a) * size(b) : 0;
}
