import {AutoSelection, FieldSpec, ModelRecord, recordRun, RunRecord, SelectionFound} from 'tfjs-autofis';
import {allInteractions} from '../../src/interactions';
import {generator, integers, normal} from './random';

const someFields: FieldSpec[] = [
  {name: 'user', size: 9},
  {name: 'genres of films', size: 8, width: 3},
  {name: 'hour', size: 5},
  {name: 'age', size: 4},
  {name: 'job', size: 6},
];

const COMPARISONS = {
  better: {auc: {difference: 0.0123, standardError: 0.002}, logloss: {difference: -0.004, standardError: 0.001}},
  worse: {auc: {difference: -0.0123, standardError: 0.002}, logloss: {difference: 0.004, standardError: 0.001}},
  'cannot be told apart': {
    auc: {difference: 0.0004, standardError: 0.002},
    logloss: {difference: 0.0002, standardError: 0.001},
  },
} as const;

/**
 * A run of the recipe of any shape without a training: the first `kept` pairs are kept, gains and gates are drawn, and
 * rows are noise. Everything that recordRun computes is real.
 *
 * @param kept 0 is logistic regression, null is logistic regression without gates, as where rows are few.
 */
export function shapedRecipe({
  fields = someFields,
  kept = 4,
  rows = 600,
  positives = 0.3,
  beside = {all: 'better', linear: 'cannot be told apart'},
  copied = 0,
  seed = 1,
}: {
  fields?: FieldSpec[];
  kept?: number | null;
  rows?: number;
  positives?: number;
  beside?: Record<'all' | 'linear', keyof typeof COMPARISONS> & {trees?: keyof typeof COMPARISONS};
  /** Share of test rows that equal a training row. */
  copied?: number;
  seed?: number;
} = {}): RunRecord {
  const next = generator(seed);
  const found = selectionFound(fields, kept, next);
  const total = allInteractions(fields.length, 2).length;
  const model = (
    name: string,
    role: ModelRecord['role'],
    open: number | null,
    words?: keyof typeof COMPARISONS,
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
    comparison: words === undefined ? null : {...COMPARISONS[words], words},
  });
  const draw = () => ({
    ids: Array.from({length: rows}, () =>
      fields.flatMap(({size, width}) =>
        integers(next, width ?? 1, size).map((id, k) => (k > 0 && next() < 0.5 ? -1 : id)),
      ),
    ).flat(),
    labels: Array.from({length: rows}, (_, i) => (i < positives * rows ? 1 : 0)),
  });
  const {name} = found.chosen;
  return recordRun({
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
    recipe: {...found, copied: {share: copied, neighbors: 0}},
    models: [
      model(name, 'after', found.chosen.ridge === null ? found.selection.length : null),
      ...(kept === null || kept === total ? [] : [model(`FM, all ${total}`, 'before', total, beside.all)]),
      ...(found.chosen.ridge === null ? [model('LR', 'linear', null, beside.linear)] : []),
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
  });
}

/** What `autoSelect` might find. */
function selectionFound(
  fields: readonly FieldSpec[],
  kept: number | null,
  next: () => number,
): Omit<SelectionFound, 'copied'> {
  const pairs = allInteractions(fields.length, 2);
  const lambdas = [0, 3e-4, 1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2];
  const ends = pairs.map((_, p) => (p < (kept ?? 0) ? 0.3 + next() : 0));
  const alphaAt = (i: number) =>
    ends.map(
      end => Number((end + Math.max(0, 1 - end) * (1 - i / 6) ** 2).toPrecision(6)) * (i === 6 && end === 0 ? 0 : 1),
    );
  const gatesOf = (base: string): AutoSelection['gates'][number] => ({
    base,
    by: 'V2',
    chosen: 6,
    path: lambdas.map((lambda, i) => ({
      lambda,
      open: alphaAt(i).filter(a => a > 0).length,
      alpha: alphaAt(i),
      logloss: 0.45 + 0.001 * i,
      behind: {difference: 0.001 * i, standardError: 0.0015},
    })),
    sets: [
      {
        point: 6,
        interactions: pairs.map((interaction, p) => ({
          fields: interaction.map(f => fields[f].name),
          gate: 0,
          order: 2 as const,
          interaction,
          alpha: alphaAt(6)[p],
          stability: {kept: p < (kept ?? 0) ? 20 - 3 * p : 1, samples: 20},
          held: ends[p] === 0 ? {gain: 0, standardError: 0} : {gain: 0.02 - 0.004 * p, standardError: 0.002},
          kept: alphaAt(6)[p] > 0,
        })),
      },
    ],
  });
  const selectionOf = (count: number) =>
    pairs.slice(0, count).map((interaction, p) => ({
      fields: interaction.map(f => fields[f].name),
      alpha: ends[p] || 1,
      rank: p + 1,
      order: 2 as const,
      interaction,
      gate: 0,
    }));
  const candidate = (name: string, form: string, count: number) => ({
    name,
    form,
    selection: selectionOf(count),
    crosses: false,
    parameters: 1000 + count,
    choice: {auc: 0.75 + next() / 100, logloss: 0.45 + next() / 100},
    calibration: {intercept: 0.01, slope: 0.9},
    schedule: form === 'LR' ? null : {batchSize: 100, epochs: 10, learningRate: 0.02},
    ridge: form === 'LR' ? 3 : null,
    tables: null,
    startRidge: null,
    mean: null,
    seconds: 2 * next(),
  });
  const candidates = [
    candidate('LR', 'LR', 0),
    ...(kept === null ? [] : [candidate(`FM, all ${pairs.length}`, 'FM', pairs.length)]),
    ...(kept ? [candidate(`FM, ${kept} of ${pairs.length}`, 'FM', kept)] : []),
  ];
  const chosen = kept ? candidates[candidates.length - 1] : candidates[0];
  return {
    selection: chosen.selection,
    chosen,
    candidates,
    standings: candidates.map(({name}, i) => ({
      name,
      behind: {auc: 0.002 * i, standardError: 0.001},
      logloss: {difference: 0.001 * i, standardError: 0.002},
      suffices: name === chosen.name,
    })),
    gates: kept === null ? [] : [gatesOf('FM'), gatesOf('FFM')],
    warnings: kept === null ? ['Half of the validation rows decide, and only 7 of them have the rarer label.'] : [],
  };
}
