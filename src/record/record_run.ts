import type {FieldSpec} from '../../layers/field_layout';
import {checkKeys} from '../checks';
import {AutofisError, invalidArgument} from '../errors';
import type {GrdaPlan} from '../stages/calibration';
import type {Selection} from '../stages/selection';
import {pearson, spearman} from './correlation';
import {baseRate, countGroups, GroupCounts, interactionAuc, positivesOf} from './interaction_auc';
import type {InteractionRecord, ModelRecord, RunRecord, RunVerdict, SettingValue, StageRecord} from './run_record';
import {strongestValues, ValueNames} from './value_examples';
import {checkIdRows, IdRows} from './value_groups';

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
  /** `record` of the StageRecorder of the search. */
  search: StageRecord;
  selection: Selection;
  /** `search.constants` of the SearchStage. */
  constants?: GrdaPlan | null;
  /** `search.warnings` of the SearchStage. */
  warnings?: readonly string[];
  /** `record` of the StageRecorder of the small model's training. */
  retrain?: StageRecord;
  /** What `evaluateModel` gave: one model of role 'before' and one of role 'after', others as you like. */
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
 * Puts together what a report tells of a run: what the stages and models came to, the test AUC of each interaction alone
 * (`interactionAuc`) and the strongest combinations of values of those that are kept.
 *
 * Errors: rows that do not fit the fields; a search whose alpha was not recorded; models of other roles than those said.
 *
 * ```ts
 * const run = recordRun({title: 'Late flights', positive: 'a flight that arrives late', fields, train, test,
 *   search: recorder.record, selection: search.selection, models: [before, after], backend, versions});
 * ```
 */
export function recordRun(args: RecordRunArgs): RunRecord {
  const where = 'recordRun';
  checkKeys(where, args, keys);
  const {fields, train, test, validation, search, selection, models} = args;
  checkIdRows(where, 'train', train, fields);
  checkIdRows(where, 'test', test, fields);
  if (validation !== undefined) checkIdRows(where, 'validation', validation, fields);
  if (search?.alpha == null) {
    throw new AutofisError(
      `${where}: \`search\` must be the record of a StageRecorder that stood behind a SearchStage in \`callbacks\`. ` +
        'This one has no alpha: put the recorder after the search.',
    );
  }
  for (const role of ['before', 'after'] as const) {
    if (models.filter(model => model.role === role).length !== 1) {
      throw invalidArgument(
        where,
        'models',
        `hold one model of role '${role}'`,
        models.map(({name, role: own}) => `${name}: ${own}`),
      );
    }
  }
  const interactions = interactionRecords(where, {...args, search: {...search, alpha: search.alpha}});
  const scored = interactions.filter(({auc}) => auc !== null);
  const strengths = scored.map(({alpha}) => Math.abs(alpha));
  const aucs = scored.map(({auc}) => auc!);
  const part = (name: string, rows: IdRows) => ({
    name,
    rows: rows.labels.length,
    positives: positivesOf(rows),
    rate: baseRate(rows),
  });
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
        part('train', train),
        ...(validation === undefined ? [] : [part('validation', validation)]),
        part('test', test),
      ],
      fields: fields.map(({name, size, width = 1}) => ({name, size, width})),
    },
    search: {...search, alpha: search.alpha},
    constants: args.constants ?? null,
    warnings: [...(args.warnings ?? [])],
    retrain: args.retrain ?? null,
    selection,
    interactions,
    correlation:
      scored.length < 3
        ? null
        : {pearson: pearson(strengths, aucs), spearman: spearman(strengths, aucs), interactions: scored.length},
    models: [...models],
    verdict: args.verdict ?? null,
  };
}

function interactionRecords(
  where: string,
  {fields, train, test, valueNames, search, selection, scored = 1000}: RecordRunArgs & {search: RunRecord['search']},
): InteractionRecord[] {
  const {gates, points, closedAt} = search.alpha;
  const last = points[points.length - 1].alpha;
  const names = fields.map(({name}) => name);
  const unknown = gates.flatMap(gate => gate.fields).find(name => !names.includes(name));
  if (unknown !== undefined) {
    throw new AutofisError(
      `${where}: \`fields\` must be those of the searched model. Its gate has a field ` +
        `${JSON.stringify(unknown)}, which is not among ${names.join(', ')}.`,
    );
  }
  const kept = new Map(selection.map(s => [`${s.gate}:${s.interaction}`, s]));
  const records = gates.flatMap(({order, fields: own, interactions}, gate) =>
    interactions.map((interaction, p) => {
      const selected = kept.get(`${gate}:${interaction}`);
      return {
        gate,
        order,
        interaction,
        fields: interaction.map(f => own[f]),
        alpha: selected?.alpha ?? last[gate][p],
        kept: selected !== undefined,
        closedAt: closedAt[gate][p],
        auc: null as number | null,
        examples: [] as InteractionRecord['examples'],
      };
    }),
  );
  const singles = new Map<number, GroupCounts>();
  const single = (f: number) => {
    if (!singles.has(f)) singles.set(f, countGroups(fields, [f], train));
    return singles.get(f)!;
  };
  const bothClasses = [train, test].every(rows => baseRate(rows) > 0 && baseRate(rows) < 1);
  const strongest = [...records]
    .sort((a, b) => Math.abs(b.alpha) - Math.abs(a.alpha))
    .slice(0, bothClasses ? scored : 0);
  for (const record of strongest) {
    const interaction = record.fields.map(name => names.indexOf(name));
    const counts = countGroups(fields, interaction, train);
    record.auc = interactionAuc({fields, interaction, train, test, counts});
    if (record.kept) record.examples = strongestValues({fields, interaction, train, counts, single, names: valueNames});
  }
  return records;
}
