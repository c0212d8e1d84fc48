import type {FieldSpec} from '../../layers/field_layout';
import {checkKeys} from '../checks';
import {AutofisError, invalidArgument} from '../errors';
import type {AutoSelection} from '../select/auto_select';
import {baseRate} from '../metrics/row_weights';
import type {AssumptionRecord, Inspection, InteractionRecord, ModelRecord, RunRecord, SettingValue} from './run_record';
import type {ValueNames} from './named_rows';
import {inspectModel} from './inspect_model';
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
  /** Names of the values of each field by id; a value without a name is called by its id. */
  valueNames?: ReadonlyArray<ValueNames | undefined>;
  /** Rows of the run; the chosen model is inspected on the test rows. */
  train: IdRows;
  test: IdRows;
  validation?: IdRows;
  /** Where the rows come from. */
  source?: string;
  /** Assumptions made about the table that the rows come from. */
  assumptions?: readonly AssumptionRecord[];
  /** Result of `autoSelect`; its model is not disposed. */
  selected: SelectionFound & Pick<AutoSelection, 'model'>;
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
  'created',
];

/**
 * Put together what a report says of a run: what `autoSelect` found, how its models do on the test rows, and what the
 * chosen model does with them: how fast it is, the effects of interactions by value, one row explained, and where it
 * errs most.
 *
 * @throws AutofisError where rows do not fit the fields, or the models lack a role.
 *
 * @example
 * const found = await autoSelect({fields, train, validation, test});
 * const run = await recordRun({title: 'Late flights', positive: 'a flight that arrives late', fields,
 *   train: trainRows, test: testRows, selected: found,
 *   models: await evaluateSelection(found, test), backend, versions});
 */
export async function recordRun(args: RecordRunArgs): Promise<RunRecord> {
  const where = 'recordRun';
  checkKeys(where, args, keys);
  const {fields, train, test, validation, valueNames, selected, models} = args;
  checkIdRows(where, 'train', train, fields);
  checkIdRows(where, 'test', test, fields);
  if (validation !== undefined) checkIdRows(where, 'validation', validation, fields);
  if (selected?.decision === undefined || selected.model === undefined)
    throw invalidArgument(where, 'selected', 'be a result of `autoSelect` with `fields`', selected);
  checkRoles(where, models);
  const {model, selection} = selected;
  const names = fields.map(({name}) => name);
  const unknown = selected.decision.interactions.flatMap(judged => judged.fields).find(name => !names.includes(name));
  if (unknown !== undefined)
    throw new AutofisError(
      `${where}: \`fields\` must be those of the selection. It has a field ${JSON.stringify(unknown)}, which is not ` +
        `among ${names.join(', ')}.`,
    );
  const interactions = selection.map(({interaction}) => interaction);
  return composeRun(args, await inspectModel(where, {model, fields, test, valueNames, interactions}));
}

/** Compose a record of what was decided, scored and inspected. */
export function composeRun(
  args: Omit<RecordRunArgs, 'selected'> & {selected: SelectionFound},
  inspection: Inspection,
): RunRecord {
  const {fields, train, test, validation, models} = args;
  const {selection, decision, copied, warnings} = args.selected;
  return {
    format: 'tfjs-autofis-run',
    version: 4,
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
    interactions: decidedInteractions(decision),
    models: [...models],
    inspection,
  };
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
  const positives = Array.from(rows.labels).reduce((sum, label) => sum + label, 0);
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
  }));
}
