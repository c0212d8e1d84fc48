import type {FieldSpec, ModelRecord, RunRecord} from 'tfjs-autofis';
import {allInteractions, type Order} from '../../src/interactions';
import {type Decision, openSelection} from '../../src/select/decision';
import {generator, integers, normal} from './random';
import {composeRun, type SelectionFound} from '../../src/record/record_run';

const someFields: FieldSpec[] = [
  {name: 'user', size: 9},
  {name: 'genres of films', size: 8, width: 3},
  {name: 'hour', size: 5},
  {name: 'age', size: 4},
  {name: 'job', size: 6},
];

/** Fields of Criteo's shape: 13 counts and 26 categories, some of whose names are long. */
export const criteoFields: FieldSpec[] = [
  ...Array.from({length: 13}, (_, i) => ({name: `I${i + 1}`, size: 8})),
  ...Array.from({length: 26}, (_, i) => ({
    name: i % 9 === 4 ? `C${i + 1} advertiser campaign identifier` : `C${i + 1}`,
    size: 12,
  })),
];

const COMPARISONS = {
  better: {auc: {difference: 0.0123, standardError: 0.002}, logloss: {difference: -0.004, standardError: 0.001}},
  worse: {auc: {difference: -0.0123, standardError: 0.002}, logloss: {difference: 0.004, standardError: 0.001}},
  undecided: {
    auc: {difference: 0.0004, standardError: 0.002},
    logloss: {difference: 0.0002, standardError: 0.001},
  },
} as const;

/**
 * Make a run of `autoSelect` of any shape without a training: the first `kept` interactions are kept, as many of each
 * order, gains fall, and rows are noise. Everything that recordRun computes is real.
 *
 * @param kept 0 is logistic regression, null is logistic regression where rows are too few for interactions.
 */
export function shapedSelection({
  fields = someFields,
  orders = [2],
  kept = 4,
  rows = 600,
  positives = 0.3,
  copied = 0,
  beside = {all: 'better', linear: 'undecided'},
  seed = 1,
}: {
  fields?: FieldSpec[];
  orders?: Order[];
  kept?: number | null;
  rows?: number;
  positives?: number;
  /** Share of test rows that are copies of training rows. */
  copied?: number;
  beside?: Record<'all' | 'linear', keyof typeof COMPARISONS> & {trees?: keyof typeof COMPARISONS};
  seed?: number;
} = {}): RunRecord {
  const next = generator(seed);
  const found = selectionFound(fields, kept, {orders, rows, next});
  const total = orders.reduce((sum, order) => sum + allInteractions(fields.length, order).length, 0);
  const model = (
    name: string,
    role: ModelRecord['role'],
    open: number | null,
    verdict?: keyof typeof COMPARISONS,
  ): ModelRecord => ({
    name,
    role,
    auc: 0.75 + 0.01 * next(),
    logloss: 0.45 + 0.01 * next(),
    interactions: open === null ? null : {open, total},
    parameters: 12345 + (open ?? 0),
    bytes: 49382 + 4 * (open ?? 0),
    calibration: Array.from({length: 10}, (_, b) => ({
      rows: rows / 10,
      predicted: 0.05 + 0.06 * b,
      observed: 0.05 + 0.06 * b + 0.01 * normal(next),
    })),
    comparison: verdict === undefined ? null : {...COMPARISONS[verdict], verdict},
  });
  const draw = () => ({
    ids: Array.from({length: rows}, () =>
      fields.flatMap(({size, width}) =>
        integers(next, width ?? 1, size).map((id, k) => (k > 0 && next() < 0.5 ? -1 : id)),
      ),
    ).flat(),
    labels: Array.from({length: rows}, (_, i) => (i < positives * rows ? 1 : 0)),
  });
  const name = kept ? `${kept} of ${total} interactions` : 'logistic regression';
  const inspection = inspectionOf(found.selection);
  return composeRun(
    {
      title: 'Which fields interact?',
      positive: 'a click',
      fields,
      train: draw(),
      validation: draw(),
      test: draw(),
      source: 'a seeded generator',
      assumptions: [
        {column: 'hour', reading: 'category', why: 'few values', alternative: 'number', flag: "--as 'hour=number'"},
        {column: null, reading: '8 : 1 : 1', why: 'no column says the parts', alternative: null, flag: null},
      ],
      selected: {...found, copied: {share: copied, neighbors: 0}},
      models: [
        model(name, 'after', kept ? kept : null),
        ...(kept === null || kept === total ? [] : [model(`FFM, all ${total} pairs`, 'before', total, beside.all)]),
        ...(kept ? [model('LR', 'linear', null, beside.linear)] : []),
        ...(beside.trees === undefined
          ? []
          : [{...model('LightGBM 4.7.0', 'trees', null, beside.trees), parameters: null}]),
      ],
      settings: {effort: 'normal'},
      seed,
      backend: 'none',
      versions: {'tfjs-core': '4.22.0'},
      command: 'none',
      created: new Date(0),
    },
    inspection,
  );
}

/** What a model of a selection might do with test rows. */
function inspectionOf(selection: SelectionFound['selection']): RunRecord['inspection'] {
  const effects = {rows: 40, predicted: 0.5, observed: 0.45};
  return {
    rowsPerSecond: 120000,
    maps: selection.map(({interaction, fields}) => ({
      interaction,
      fields,
      rows: [fields.slice(1).map(() => 'anna'), fields.slice(1).map(() => 'missing')],
      columns: ['one', 'two'],
      cells: [
        {row: 0, column: 0, share: 0.8, without: 0.25, ...effects},
        {row: 1, column: 1, share: -0.2, without: 0.55, ...effects},
      ],
    })),
    row: {
      probability: 0.875,
      additive: 0.25,
      intercept: -1,
      shares: selection.slice(0, 2).map(({fields}) => ({fields, values: fields.map(() => 'anna'), share: 1.5})),
      others: 0.25,
    },
    segments: {
      compared: 40,
      leastRows: 50,
      worst: [{field: 'user', value: 'anna', ...effects, logloss: 0.625}],
    },
  };
}

/** What `autoSelect` might find. */
function selectionFound(
  fields: readonly FieldSpec[],
  kept: number | null,
  {orders, rows, next}: {orders: readonly Order[]; rows: number; next: () => number},
): Omit<SelectionFound, 'copied'> {
  const judged =
    kept === null
      ? []
      : orders.flatMap(order =>
          allInteractions(fields.length, order).map((interaction, p) => ({order, interaction, p})),
        );
  const most = (kept ?? 0) / orders.length;
  const interactions = judged.map(each => ({...each, open: each.p < most, alpha: each.p < most ? 0.3 + next() : 0}));
  const open = interactions.filter(each => each.open);
  const scores = () => ({auc: 0.75 + next() / 100, logloss: 0.45 + next() / 100});
  const decision: Decision = {
    evidence: {by: 'folds', folds: 4},
    rows: 2 * rows,
    ridge: fields.map(() => 10),
    intercept: 0.01,
    components: open.flatMap(({interaction, alpha, p}) => [
      {
        component: {type: 'products' as const, interaction, penalty: {on: 'table' as const, ridge: 10}},
        alpha,
      },
      ...(p % 2 === 0 ? [{component: {type: 'cells' as const, interaction}, alpha: alpha / 2}] : []),
    ]),
    path: [1e-2, 3e-3, 1e-3, 3e-4].map((lambda, i) => ({
      lambda,
      logloss: 0.45 - 0.001 * i,
      behind: {difference: 0.001 * (3 - i), standardError: 0.0015},
    })),
    chosen: 2,
    interactions: interactions.map(({order, interaction, p, open: isOpen, alpha}) => ({
      gate: 0,
      order,
      interaction,
      fields: interaction.map(f => fields[f].name),
      alpha,
      open: isOpen,
      ...(isOpen ? {gain: 0.02 - 0.004 * p, standardError: 0.002} : {gain: 0, standardError: 0}),
      stability: {kept: isOpen ? Math.max(0, 4 - Math.max(0, p - 1)) : 1, samples: 4},
    })),
    fields: fields.map(({name}, f) => ({field: name, gain: 0.01 * f, standardError: 0.001})),
    scores: {
      linear: scores(),
      selection: scores(),
      all: kept === null ? null : scores(),
      random: open.length === 0 || open.length === judged.length ? [] : [scores(), scores(), scores()],
    },
  };
  return {
    selection: openSelection(decision),
    decision,
    warnings: kept === null ? ['Only 7 training and validation rows have the rarer label.'] : [],
  };
}
