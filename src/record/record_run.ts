import type {FieldSpec} from '../../layers/field_layout';
import {checkChoice, checkKeys} from '../checks';
import {AutofisError, invalidArgument} from '../errors';
import type {AutoSelection} from '../select/auto_select';
import type {GrdaPlan} from '../stages/grda_plan';
import type {Selection} from '../stages/selection';
import {pearson, spearman} from './correlation';
import {baseRate} from '../metrics/row_weights';
import {positivesOf} from './interaction_auc';
import {decidedInteractions, searchInteractions} from './interaction_records';
import type {
  AssumptionRecord,
  InteractionRecord,
  ModelRecord,
  RunRecord,
  RunVerdict,
  SelectedBy,
  SettingValue,
  StageRecord,
} from './run_record';
import {scoredAlone} from './scored_alone';
import {strengthOf} from './strength';
import type {ValueNames} from './value_examples';
import {checkIdRows, IdRows} from './id_rows';

/** Result of `autoSelect` without its models. */
export type SelectionFound = Pick<AutoSelection, 'selection' | 'decision' | 'copied' | 'warnings'>;

/** A search by `SearchStage` and what follows it. */
export interface SearchFound {
  /** `record` of the StageRecorder of the search. */
  search: StageRecord;
  /** `selection` of the SearchStage. */
  selection: Selection;
  /** `constants` of the SearchStage. */
  constants?: GrdaPlan | null;
  /** `record` of the StageRecorder of the small model's training. */
  retrain?: StageRecord;
}

export interface RecordRunArgs {
  /** Subject of the run, e.g. "Late flights". */
  title: string;
  /** Description of a row of label 1, e.g. "a flight that arrives late". */
  positive: string;
  /** The fields of the model's input. */
  fields: readonly FieldSpec[];
  /** Names of the values of each field by id, for the examples; a value without a name is called by its id. */
  valueNames?: ReadonlyArray<ValueNames | undefined>;
  /** Rows that the click rates are counted on, and rows that the interactions alone are scored on. */
  train: IdRows;
  test: IdRows;
  validation?: IdRows;
  /** Where the rows come from. */
  source?: string;
  /** Assumptions made about the table that the rows come from. */
  assumptions?: readonly AssumptionRecord[];
  /** Source of the selection: a result of `autoSelect`, or a search. */
  selectedBy: ({type: 'components'} & SelectionFound) | ({type: 'search'} & SearchFound);
  /** Warnings in addition to those of `autoSelect`, such as `search.warnings` of the SearchStage. */
  warnings?: readonly string[];
  /**
   * Records from `evaluateSelection` or `evaluateModel`: exactly one of role 'after', at most one of role 'before',
   * which a search requires, and any number of others.
   */
  models: readonly ModelRecord[];
  /** Result of `judgeSelection`. */
  verdict?: RunVerdict;
  settings?: {[name: string]: SettingValue};
  seed?: number;
  backend: string;
  versions: {[name: string]: string};
  command?: string;
  /** Number of interactions to score alone, strongest first; default 1,000. */
  scored?: number;
  /** When the run ended; default now. */
  created?: Date;
}

const keys: ReadonlyArray<keyof RecordRunArgs> = [
  'title',
  'positive',
  'fields',
  'valueNames',
  'train',
  'test',
  'validation',
  'source',
  'assumptions',
  'selectedBy',
  'warnings',
  'models',
  'verdict',
  'settings',
  'seed',
  'backend',
  'versions',
  'command',
  'scored',
  'created',
];

/** Penalty of the logistic regression behind expected rates after a search. */
const RIDGE = 10;

/**
 * Put together what a report says of a run: what `autoSelect` or the stages of a search found, how its models do on the
 * test rows, the test AUC of each interaction alone (`interactionAuc`) and the strongest combinations of values of
 * those that are kept.
 *
 * @throws AutofisError where rows do not fit the fields, the models lack a role, or the search has no alpha.
 *
 * @example
 * const found = await autoSelect({fields, train, validation, test});
 * const run = recordRun({title: 'Late flights', positive: 'a flight that arrives late', fields,
 *   train: trainRows, test: testRows, selectedBy: {type: 'components', ...found},
 *   models: await evaluateSelection(found, test), backend, versions});
 */
export function recordRun(args: RecordRunArgs): RunRecord {
  const where = 'recordRun';
  checkKeys(where, args, keys);
  const {fields, train, test, validation, models} = args;
  checkIdRows(where, 'train', train, fields);
  checkIdRows(where, 'test', test, fields);
  if (validation !== undefined) checkIdRows(where, 'validation', validation, fields);
  const selectedBy = checkedSelection(where, args.selectedBy);
  checkRoles(where, models, selectedBy.type);
  const {selection} = args.selectedBy;
  const [gates, ridge] =
    selectedBy.type === 'components'
      ? [decidedInteractions(selectedBy.decision), selectedBy.decision.ridge]
      : [searchInteractions(selectedBy.search, selection), RIDGE];
  const interactions = scoredAlone(where, gates, {...args, ridge});
  return {
    format: 'tfjs-autofis-run',
    version: 2,
    title: args.title,
    positive: args.positive,
    created: (args.created ?? new Date()).toISOString(),
    command: args.command ?? null,
    seed: args.seed ?? null,
    backend: args.backend,
    versions: args.versions,
    settings: args.settings ?? {},
    data: {
      source: args.source ?? null,
      parts: [
        partRecord('train', train),
        ...(validation === undefined ? [] : [partRecord('validation', validation)]),
        partRecord('test', test),
      ],
      fields: fields.map(({name, size, width = 1}) => ({name, size, width})),
      assumptions: [...(args.assumptions ?? [])],
    },
    selectedBy,
    warnings: [...(args.selectedBy.type === 'components' ? args.selectedBy.warnings : []), ...(args.warnings ?? [])],
    selection,
    interactions,
    correlation: correlationOf(interactions),
    models: [...models],
    verdict: args.verdict ?? null,
  };
}

/** Correlation of strength and AUC alone; null for fewer than three interactions with an AUC. */
function correlationOf(interactions: readonly InteractionRecord[]): RunRecord['correlation'] {
  const scored = interactions.filter(({auc}) => auc !== null);
  if (scored.length < 3) return null;
  const strengths = scored.map(strengthOf);
  const aucs = scored.map(({auc}) => auc!);
  return {pearson: pearson(strengths, aucs), spearman: spearman(strengths, aucs), interactions: scored.length};
}

/** The record of what made the selection. */
function checkedSelection(where: string, given: RecordRunArgs['selectedBy']): SelectedBy {
  checkChoice(where, 'selectedBy.type', given?.type, ['components', 'search']);
  if (given.type === 'components') {
    if (given.decision === undefined)
      throw invalidArgument(where, 'selectedBy.decision', 'be that of `autoSelect`', given.decision);
    return {type: 'components', decision: given.decision, copied: given.copied};
  }
  const {search, selection, constants = null, retrain = null} = given;
  if (!search?.alpha) {
    throw new AutofisError(
      `${where}: \`selectedBy.search\` must be the record of a StageRecorder that comes after a SearchStage in ` +
        '`callbacks`. This one has no alpha: put the recorder after the search.',
    );
  }
  if (selection === undefined)
    throw invalidArgument(where, 'selectedBy.selection', 'be that of the SearchStage', selection);
  return {type: 'search', search: {...search, alpha: search.alpha}, constants, retrain};
}

function checkRoles(where: string, models: readonly ModelRecord[], type: SelectedBy['type']): void {
  const count = (role: ModelRecord['role']) => models.filter(model => model.role === role).length;
  const [after, before] = [count('after'), count('before')];
  const mayLack = type === 'components';
  if (after === 1 && (before === 1 || (before === 0 && mayLack))) return;
  throw invalidArgument(
    where,
    'models',
    after === 1 ? `hold one model of role 'before'${mayLack ? ' or none' : ''}` : "hold one model of role 'after'",
    models.map(({name, role}) => `${name}: ${role}`),
  );
}

function partRecord(name: string, rows: IdRows): RunRecord['data']['parts'][number] {
  const positives = positivesOf(rows);
  return {name, rows: rows.labels.length, positives, negatives: rows.labels.length - positives, rate: baseRate(rows)};
}
