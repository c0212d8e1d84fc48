import type {FieldSpec} from '../../layers/field_layout';
import {allowedPairs, type Forbidden, mostPairs, pairsInWords, possiblePairs} from '../components/possible_pairs';
import {findCells} from '../components/cells/find_cells';
import {findTables} from '../components/tables/find_tables';
import {fitLinear} from '../components/linear/linear_family';
import type {IdTable, LinearFit} from '../components/linear/ridge_regression';
import type {Trainer} from '../components/products/trainer';
import {tableRows} from '../components/table_rows';
import type {Interaction} from '../interactions';
import type {Schedule} from '../training/schedule';
import {remembered, type StepStore} from '../training/step_store';
import type {AutoSelectArgs} from './auto_select_args';
import {type ComponentEvidence, componentEvidence} from './component_evidence';
import {decide} from './decide';
import type {Decision} from './decision';
import {type Effort, effortPlan} from './effort';
import {type FamilyOptions, type FamilyPlan, restrictedPlan} from './family_fits';
import {decisionRows} from './folds';
import {judgingRows} from './judging_rows';
import {rarerLabel} from '../warnings/rarer_label';
import {rememberedComponents} from './packed_columns';

/** Settings of a search. */
export interface SearchArgs {
  effort: Effort;
  share: number;
  /** Default none. */
  forbid?: readonly Forbidden[];
  schedule: Schedule;
  seed: number;
  trainer: Trainer;
  /** Trainings that run in parallel; default 1. */
  parallel?: number;
  signal?: AbortSignal;
  store?: StepStore;
  onStep?: AutoSelectArgs['onStep'];
}

/** A decision, with all that training its model needs. */
export interface DecisionSearch {
  decision: Decision;
  evidence: ComponentEvidence;
  /** For `retrainDecision`, on these or other rows. */
  options: FamilyOptions;
  warnings: string[];
}

/** With fewer rows of a label than these, only logistic regression is trained. */
const TOO_FEW = 40;

/** Fit the components of all families without each fold of the rows, and decide on their gates. */
export async function searchDecision(
  all: IdTable,
  fields: readonly FieldSpec[],
  {
    effort,
    share,
    forbid = [],
    schedule,
    seed,
    trainer,
    parallel = 1,
    signal,
    store,
    onStep = () => undefined,
  }: SearchArgs,
): Promise<DecisionSearch> {
  const {table, warnings} = await judgingRows(all, fields, seed);
  const rows = table.labels.length;
  const {evidence: judges, penalties} = effortPlan(effort, fields, rows);
  const fits = await remembered(store, 'logistic regression', async () => packFits(fitLinear(table, fields)));
  const linear = fits.map(unpackFit);
  const few = fewInWords(table);
  const parts = decisionRows(table, judges, seed);
  const {pairs, ...plan} = await remembered(store, 'pairs, tables and cells', async () =>
    few === null ? offered(tableRows(table, parts.choosing), fields, {linear: linear[0], forbid, rows, seed}) : NOTHING,
  );
  signal?.throwIfAborted();
  const options = {fields, pairs, plan, schedule, seed, trainer, parallel, signal};
  let done = 0;
  const evidence = await componentEvidence(table, options, {
    evidence: judges,
    parts,
    fits: linear,
    tables: true,
    cells: true,
    penalties: pairs.length === 0 ? [] : penalties,
    remember: async (name, work) => {
      const fold = await rememberedComponents(store, name, work);
      onStep(`components fitted ${name}`, {type: 'fold', done: ++done, folds: parts.folds.length});
      return fold;
    },
  });
  return {
    decision: decide(evidence, {fields, pairs, evidence: judges, share, seed}),
    evidence,
    // What no fold had takes no part in the fit to all rows: the values of all others would change.
    options: {...options, plan: restrictedPlan(plan, evidence.components)},
    warnings: [...warnings, ...[few, pairsInWords(fields, pairs, forbid)].filter(warning => warning !== null)],
  };
}

/** Pairs, tables and cells that gates are sought for. */
type Offered = FamilyPlan & {pairs: readonly Interaction[]};

const NOTHING: Offered = {pairs: [], tables: null, cells: null};

/** Find the pairs, tables and cells that rows have evidence for, of a table of `rows` rows. */
function offered(
  table: IdTable,
  fields: readonly FieldSpec[],
  {linear, forbid, rows, seed}: {linear: LinearFit; forbid: readonly Forbidden[]; rows: number; seed: number},
): Offered {
  const pairs = possiblePairs(table, fields, {linear, allowed: allowedPairs(fields, forbid), most: mostPairs(rows)});
  return {
    pairs,
    tables: findTables(table, fields, {linear, pairs}),
    cells: findCells(table, fields, {linear, pairs, seed}),
  };
}

/** Say that rows are too few to tell an interaction from chance; null where they are enough. */
function fewInWords(table: IdTable): string | null {
  const rows = rarerLabel(table);
  if (rows >= TOO_FEW) return null;
  return (
    `Only ${rows} training and validation rows have the rarer label, too few to tell an interaction from ` +
    'chance. Only logistic regression was trained. Give more rows.'
  );
}

/** A fit as plain JSON. */
type PackedFit = Omit<LinearFit, 'kernel'> & {kernel: number[]};

const packFits = (fits: readonly LinearFit[]): PackedFit[] =>
  fits.map(({kernel, ...fit}) => ({...fit, kernel: Array.from(kernel)}));
const unpackFit = ({kernel, ...fit}: PackedFit): LinearFit => ({...fit, kernel: Float64Array.from(kernel)});
