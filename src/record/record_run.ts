import type {FieldSpec} from '../../layers/field_layout';
import {checkKeys} from '../checks';
import {AutofisError, invalidArgument} from '../errors';
import type {GrdaPlan} from '../stages/calibration';
import type {Selection} from '../stages/selection';
import {pearson, spearman} from './correlation';
import {baseRate} from '../metrics/row_weights';
import {positivesOf} from './interaction_auc';
import {recipeInteractions, recipeRecord, SelectionFound} from './recipe_record';
import type {
  AssumptionRecord,
  InteractionRecord,
  ModelRecord,
  RunRecord,
  RunVerdict,
  SearchRecord,
  SettingValue,
  StageRecord,
} from './run_record';
import {scoredAlone} from './scored_alone';
import {searchInteractions} from './search_interactions';
import type {ValueNames} from './value_examples';
import {checkIdRows, IdRows} from './id_rows';

export interface RecordRunArgs {
  /** What the run is about, e.g. "Late flights". */
  title: string;
  /** What a row of label 1 is, e.g. "a flight that arrives late". */
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
  /** What was assumed of the table that the rows come from. */
  assumptions?: readonly AssumptionRecord[];
  /** What `autoSelect` found. Give this, or `search` with `selection`. */
  recipe?: SelectionFound;
  /** `record` of the StageRecorder of a search by SearchStage. */
  search?: StageRecord;
  /** `search.selection` of the SearchStage. */
  selection?: Selection;
  /** `search.constants` of the SearchStage. */
  constants?: GrdaPlan | null;
  /** Warnings in addition to those of `recipe`, such as `search.warnings` of the SearchStage. */
  warnings?: readonly string[];
  /** `record` of the StageRecorder of the small model's training after a search. */
  retrain?: StageRecord;
  /**
   * What `evaluateSelection` or `evaluateModel` gave: one model of role 'after', at most one of role 'before', which a
   * search needs, others as you like.
   */
  models: readonly ModelRecord[];
  /** What `judgeSelection` gave. */
  verdict?: RunVerdict;
  settings?: {[name: string]: SettingValue};
  seed?: number;
  backend: string;
  versions: {[name: string]: string};
  command?: string;
  /** How many interactions are scored alone, those of the largest |alpha| first; default 1,000. */
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
  'recipe',
  'search',
  'selection',
  'constants',
  'warnings',
  'retrain',
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

/**
 * Put together what a report says of a run: what the recipe or the stages of a search found, how its models do on the
 * test rows, the test AUC of each interaction alone (`interactionAuc`) and the strongest combinations of values of
 * those that are kept.
 *
 * @throws AutofisError where rows do not fit the fields, the models lack a role, or neither or both of `recipe` and
 *   `search` are given.
 *
 * @example
 * const found = await autoSelect({fields, train, validation, test});
 * const run = recordRun({title: 'Late flights', positive: 'a flight that arrives late', fields,
 *   train: trainRows, test: testRows, recipe: found, models: await evaluateSelection(found, test), backend, versions});
 */
export function recordRun(args: RecordRunArgs): RunRecord {
  const where = 'recordRun';
  checkKeys(where, args, keys);
  const {fields, train, test, validation, recipe, models} = args;
  checkIdRows(where, 'train', train, fields);
  checkIdRows(where, 'test', test, fields);
  if (validation !== undefined) checkIdRows(where, 'validation', validation, fields);
  const search = searchOf(where, args);
  checkRoles(where, models, search !== null);
  const selection = recipe?.selection ?? args.selection ?? [];
  const gates = recipe === undefined ? searchInteractions(search!, selection) : recipeInteractions(recipe);
  const interactions = scoredAlone(where, gates, args);
  return {
    format: 'tfjs-autofis-run',
    version: 1,
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
    recipe: recipe === undefined ? null : recipeRecord(recipe),
    search,
    constants: args.constants ?? null,
    warnings: [...(recipe?.warnings ?? []), ...(args.warnings ?? [])],
    retrain: args.retrain ?? null,
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
  const strengths = scored.map(({alpha, evidence}) => evidence?.gain ?? Math.abs(alpha));
  const aucs = scored.map(({auc}) => auc!);
  return {pearson: pearson(strengths, aucs), spearman: spearman(strengths, aucs), interactions: scored.length};
}

/** The search of the arguments; null where the recipe made the selection. */
function searchOf(where: string, {recipe, search, selection}: RecordRunArgs): SearchRecord | null {
  if ((recipe === undefined) === (search === undefined)) {
    throw new AutofisError(
      `${where}: give \`recipe\`, the result of \`autoSelect\`, or \`search\` and \`selection\`, those of a ` +
        `SearchStage. ` +
        `Received: ${recipe === undefined ? 'neither' : 'both'}.`,
    );
  }
  if (search === undefined) return null;
  if (search.alpha === null) {
    throw new AutofisError(
      `${where}: \`search\` must be the record of a StageRecorder that comes after a SearchStage in \`callbacks\`. ` +
        'This one has no alpha: put the recorder after the search.',
    );
  }
  if (selection === undefined) throw invalidArgument(where, 'selection', 'be that of the SearchStage', selection);
  return {...search, alpha: search.alpha};
}

function checkRoles(where: string, models: readonly ModelRecord[], isSearch: boolean): void {
  const count = (role: ModelRecord['role']) => models.filter(model => model.role === role).length;
  const [after, before] = [count('after'), count('before')];
  if (after === 1 && (before === 1 || (before === 0 && !isSearch))) return;
  throw invalidArgument(
    where,
    'models',
    after === 1 ? `hold one model of role 'before'${isSearch ? '' : ' or none'}` : "hold one model of role 'after'",
    models.map(({name, role}) => `${name}: ${role}`),
  );
}

function partRecord(name: string, rows: IdRows): RunRecord['data']['parts'][number] {
  const positives = positivesOf(rows);
  return {name, rows: rows.labels.length, positives, negatives: rows.labels.length - positives, rate: baseRate(rows)};
}
