import type {FieldSpec} from '../../layers/field_layout';
import {checkKeys} from '../checks';
import {invalidArgument} from '../errors';
import type {AutoSelection} from '../select/auto_select';
import {baseRate} from '../metrics/row_weights';
import {pearson, spearman} from '../statistics';
import {positivesOf} from './interaction_auc';
import type {AssumptionRecord, InteractionRecord, ModelRecord, RunRecord, SettingValue} from './run_record';
import {scoredAlone} from './scored_alone';
import type {ValueNames} from './value_examples';
import {checkIdRows, IdRows} from './id_rows';
import type {Decision} from '../select/decision';

/** Result of `autoSelect` without its models. */
export type SelectionFound = Pick<AutoSelection, 'selection' | 'decision' | 'copied' | 'warnings'>;

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
  /** Result of `autoSelect`. */
  selected: SelectionFound;
  /** Warnings in addition to those of `autoSelect`. */
  warnings?: readonly string[];
  /**
   * Records from `evaluateSelection` or `evaluateModel`: exactly one of role 'after', at most one of role 'before',
   * and any number of others.
   */
  models: readonly ModelRecord[];
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
  'selected',
  'warnings',
  'models',
  'settings',
  'seed',
  'backend',
  'versions',
  'command',
  'scored',
  'created',
];

/**
 * Put together what a report says of a run: what `autoSelect` found, how its models do on the test rows, the test AUC
 * of each interaction alone (`interactionAuc`) and the strongest combinations of values of those that are kept.
 *
 * @throws AutofisError where rows do not fit the fields, or the models lack a role.
 *
 * @example
 * const found = await autoSelect({fields, train, validation, test});
 * const run = recordRun({title: 'Late flights', positive: 'a flight that arrives late', fields,
 *   train: trainRows, test: testRows, selected: found,
 *   models: await evaluateSelection(found, test), backend, versions});
 */
export function recordRun(args: RecordRunArgs): RunRecord {
  const where = 'recordRun';
  checkKeys(where, args, keys);
  const {fields, train, test, validation, models} = args;
  checkIdRows(where, 'train', train, fields);
  checkIdRows(where, 'test', test, fields);
  if (validation !== undefined) checkIdRows(where, 'validation', validation, fields);
  if (args.selected?.decision === undefined)
    throw invalidArgument(where, 'selected', 'be a result of `autoSelect` with `fields`', args.selected);
  checkRoles(where, models);
  const {selection, decision, copied, warnings} = args.selected;
  const interactions = scoredAlone(where, decidedInteractions(decision), {...args, ridge: decision.ridge});
  return {
    format: 'tfjs-autofis-run',
    version: 3,
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
    decision,
    copied,
    warnings: [...warnings, ...(args.warnings ?? [])],
    selection,
    interactions,
    correlation: correlationOf(interactions),
    models: [...models],
  };
}

/** Correlation of gain and AUC alone; null for fewer than three interactions with an AUC. */
function correlationOf(interactions: readonly InteractionRecord[]): RunRecord['correlation'] {
  const scored = interactions.filter(({auc}) => auc !== null);
  if (scored.length < 3) return null;
  const gains = scored.map(({evidence}) => evidence.gain);
  const aucs = scored.map(({auc}) => auc!);
  return {pearson: pearson(gains, aucs), spearman: spearman(gains, aucs), interactions: scored.length};
}

function checkRoles(where: string, models: readonly ModelRecord[]): void {
  const count = (role: ModelRecord['role']) => models.filter(model => model.role === role).length;
  if (count('after') === 1 && count('before') <= 1) return;
  throw invalidArgument(
    where,
    'models',
    count('after') === 1 ? "hold one model of role 'before' or none" : "hold one model of role 'after'",
    models.map(({name, role}) => `${name}: ${role}`),
  );
}

function partRecord(name: string, rows: IdRows): RunRecord['data']['parts'][number] {
  const positives = positivesOf(rows);
  return {name, rows: rows.labels.length, positives, negatives: rows.labels.length - positives, rate: baseRate(rows)};
}

/** The interactions of a decision, with what held-out rows say of them. */
function decidedInteractions({interactions}: Decision): InteractionRecord[] {
  return interactions.map(({gate, order, interaction, fields, alpha, open, gain, standardError, stability}) => ({
    gate,
    order,
    interaction,
    fields,
    alpha,
    kept: open,
    evidence: {gain, standardError, stability},
    auc: null,
    examples: [],
  }));
}
