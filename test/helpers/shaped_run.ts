import {allInteractions, Order} from '../../src/interactions';
import {FieldSpec, ModelRecord, recordRun, RunRecord, Selection} from 'tfjs-autofis';
import {generator, integers, normal} from './random';
import {RunVerdict, StageRecord} from '../../src/record/run_record';

/** Fields of Criteo's shape: 13 counts and 26 categories, some of whose names are long. */
export const criteoFields: FieldSpec[] = [
  ...Array.from({length: 13}, (_, i) => ({name: `I${i + 1}`, size: 8})),
  ...Array.from({length: 26}, (_, i) => ({
    name: i % 9 === 4 ? `C${i + 1} advertiser campaign identifier` : `C${i + 1}`,
    size: 12,
  })),
];

/** A verdict with every kind of opponent. */
export const someVerdict: RunVerdict = {
  words: 'The selection does not beat random sets of its size by more than chance allows.',
  betterRandomSets: 4,
  standings: (['selection', 'all', 'top-K', 'random'] as const).flatMap((contestant, i) =>
    ['gated', 'plain'].map(form => ({
      contestant,
      form,
      kept: 12 - i,
      parameters: 12345 + i,
      validationAuc: 0.75 + i / 1e3,
      auc: {mean: 0.7512 + i / 1e3, sd: 0.00123, runs: 3},
      logloss: {mean: 0.4512 - i / 1e3, sd: 0.0021, runs: 3},
    })),
  ),
  duels: [
    {opponent: 'random', own: 0.7512, other: 0.75089, difference: 0.00031, p: 0.27},
    {opponent: 'all', own: 0.7512, other: 0.7532, difference: -0.002, p: 0.0004},
    {opponent: 'top-K', own: 0.7512, other: 0.7522, difference: -0.001, p: null},
  ],
};

/**
 * A run of any shape without a training: alphas walk from 0.6 to drawn ends, the strongest `kept` stay open, some of
 * them negative, and rows are noise. Everything that recordRun computes is real.
 */
export function shapedRun({
  fields = criteoFields,
  orders = [2],
  kept = 60,
  rows = 600,
  verdict,
  seed = 1,
}: {
  fields?: FieldSpec[];
  orders?: Order[];
  kept?: number;
  rows?: number;
  verdict?: RunVerdict;
  seed?: number;
} = {}): RunRecord {
  const next = generator(seed);
  const STEPS = 1000;
  const WARMUP = 300;
  const POINTS = 50;
  const gates = orders.map(order => ({
    order,
    fields: fields.map(({name}) => name),
    interactions: allInteractions(fields.length, order),
  }));
  const signals = gates.map(({interactions}) => interactions.map(() => 0.25 * normal(next) ** 2 + 0.02));
  const limit = signals.flat().sort((a, b) => b - a)[kept];
  const ends = signals.map(gate =>
    gate.map(signal => (signal <= limit ? 0 : (next() < 0.15 ? -1 : 1) * Number(signal.toPrecision(6)))),
  );
  const closing = ends.map(gate =>
    gate.map(end => (end === 0 ? WARMUP + Math.ceil((STEPS - WARMUP) * (0.2 + 0.8 * next())) : null)),
  );
  const alphaAt = (step: number, g: number, p: number) => {
    const at = Math.max(0, step - WARMUP) / ((closing[g][p] ?? STEPS) - WARMUP);
    return at >= 1 ? ends[g][p] : Number((0.6 + (ends[g][p] - 0.6) * Math.sqrt(at)).toPrecision(6));
  };
  const stage = (logs: (epoch: number) => {[name: string]: number}): StageRecord => ({
    steps: STEPS,
    seconds: 93.4,
    alpha: null,
    loss: Array.from({length: 100}, (_, i) => ({
      step: 10 * (i + 1),
      steps: 10,
      loss: 0.45 + 0.25 * Math.exp(-i / 8) + 0.004 * normal(next),
    })),
    epochs: Array.from({length: 4}, (_, e) => ({epoch: e + 1, step: 250 * (e + 1), logs: logs(e)})),
  });
  const curve = (e: number) => ({loss: 0.5 - 0.01 * e, val_auc: 0.74 + 0.004 * e, val_logloss: 0.47 - 0.003 * e});
  const selection: Selection = gates
    .flatMap(({order, interactions}, gate) =>
      interactions.flatMap((interaction, p) =>
        ends[gate][p] === 0
          ? []
          : [{fields: interaction.map(f => fields[f].name), alpha: ends[gate][p], rank: 0, order, interaction, gate}],
      ),
    )
    .sort((a, b) => Math.abs(b.alpha) - Math.abs(a.alpha))
    .map((each, i) => ({...each, rank: i + 1}));
  const draw = () => ({
    ids: Array.from({length: rows}, () =>
      fields.flatMap(({size, width}) =>
        integers(next, width ?? 1, size).map((id, k) => (k > 0 && next() < 0.5 ? -1 : id)),
      ),
    ).flat(),
    labels: Array.from({length: rows}, () => (next() < 0.3 ? 1 : 0)),
  });
  const total = gates.reduce((sum, {interactions}) => sum + interactions.length, 0);
  const model = (name: string, role: ModelRecord['role'], open: number): ModelRecord => ({
    name,
    role,
    auc: 0.75 + 0.01 * next(),
    logloss: 0.45 + 0.01 * next(),
    interactions: {open, total},
    parameters: 1234567 + open,
    bytes: 4938268 + 4 * open,
    calibration: Array.from({length: 10}, (_, b) => ({
      rows: rows / 10,
      predicted: 0.05 + 0.06 * b,
      observed: 0.05 + 0.06 * b + 0.01 * normal(next),
    })),
    comparison:
      role === 'after'
        ? null
        : {
            auc: {difference: 0.002, standardError: 0.0005},
            logloss: {difference: -0.01, standardError: 0.004},
            words: 'better',
          },
  });
  return recordRun({
    title: 'Which fields interact?',
    positive: 'a click',
    fields,
    train: draw(),
    validation: draw(),
    test: draw(),
    source: 'a seeded generator',
    selectedBy: {
      type: 'search',
      search: {
        ...stage(e => ({...curve(e), openGates: total - e, threshold: 0.1 * e})),
        alpha: {
          gates,
          closedAt: closing,
          points: Array.from({length: POINTS + 1}, (_, i) => {
            const step = (i * STEPS) / POINTS;
            return {
              step,
              threshold: step <= WARMUP ? 0 : 0.6 * ((step - WARMUP) / (STEPS - WARMUP)) ** 0.8,
              alpha: ends.map((gate, g) => gate.map((_, p) => alphaAt(step, g, p))),
            };
          }),
        },
      },
      constants: {c: 0.00317, mu: 0.8, learningRate: 1, warmupSteps: WARMUP},
      retrain: stage(curve),
      selection,
    },
    verdict,
    models: [
      model('LR', 'other', 0),
      model('AutoFM, selection, gated', 'after', selection.length),
      model('AutoFM, all interactions, gated', 'before', total),
    ],
    settings: {batchSize: 2000, embeddingDim: 16, hiddenUnits: '128,128'},
    seed,
    backend: 'none',
    versions: {'tfjs-core': '4.22.0'},
    command: 'none',
    created: new Date(0),
  });
}
