import {autoSelect, Candidate, LabeledRows, SeededBatches} from 'tfjs-autofis';
import {autoFm, fm} from 'tfjs-autofis/models';
import {formOf, mean, score} from '../../internals';
import {barChart, lineChart} from '../figure';
import {asTensors, forParts, Loaded} from '../lab';
import {meanSd, short} from '../numbers';
import type {Job, Plan} from '../plan';
import {plantedData} from '../planted';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

const ROWS = 50000;
const BATCH = 500;
const EPOCHS = 30;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
/** The curves by epoch are drawn of one seed. */
const CURVE_SEED = 1;

interface Result {
  planted: string[];
  /** Names of the selected pairs, and alpha of all as the gates on FM have it. */
  selected: string[];
  alpha: Record<string, number>;
  chosen: Candidate;
  /** Test AUC of the choice, and of all pairs; null where they were chosen. */
  test: number;
  whole: number | null;
  /** Test AUC at the end of each epoch, by model; of one seed. */
  curves?: Record<string, number[]>;
}

/** Data whose three relevant pairs are known. */
export const synthetic: Plan = {
  name: 'synthetic',
  title: 'Synthetic data: are the planted pairs found?',
  question: 'Does the search find planted interactions?',
  about:
    `Six fields of 60 values, ${ROWS.toLocaleString('en')} rows, three of the 15 pairs planted by the seed ` +
    '(benchmarks/experiments/planted.ts). ' +
    '`autoSelect` with its defaults; recall and precision are of its selection. The bar: ' +
    'both at least .95 over ten seeds.',
  defaults: {data: [], seeds: SEEDS},

  jobs: ({seeds}) => seeds.map(job),

  report(entries) {
    const results = entries.map(({result}) => result as Result);
    const recall = results.map(
      ({planted, selected}) => planted.filter(p => selected.includes(p)).length / planted.length,
    );
    const precision = results.map(
      ({planted, selected}) => selected.filter(p => planted.includes(p)).length / selected.length,
    );
    const holds = mean(recall) >= 0.95 && mean(precision) >= 0.95;
    const first = results[0];
    const pairs = Object.keys(first.alpha);
    return [
      {
        kind: 'text',
        text:
          `Recall ${meanSd(recall, 2)}, precision ${meanSd(precision, 2)}: ` +
          (results.length < SEEDS.length
            ? `${results.length} of the bar's ${SEEDS.length} seeds.`
            : `the bar ${holds ? 'holds' : 'does not hold'}.`),
      },
      {
        kind: 'table',
        title: 'By seed',
        head: ['seed', 'planted', 'selected', 'recall', 'precision', 'AUC of the selection', 'AUC of all pairs'],
        rows: results.map((r, i) => [
          String(entries[i].seed),
          r.planted.join(', '),
          r.selected.join(', '),
          recall[i].toFixed(2),
          precision[i].toFixed(2),
          short(r.test),
          r.whole === null ? '-' : short(r.whole),
        ]),
      },
      {
        kind: 'figure',
        name: 'synthetic-alpha',
        title: `alpha by pair, seed ${entries[0].seed}; planted: ${first.planted.join(', ')}`,
        chart: barChart(
          pairs,
          [{name: 'alpha of the gates on FM', values: pairs.map(pair => first.alpha[pair])}],
          'alpha',
        ),
      },
      ...results.flatMap(({curves}) =>
        curves === undefined
          ? []
          : [
              {
                kind: 'figure' as const,
                name: 'synthetic-epochs',
                title: `Test AUC by epoch, seed ${CURVE_SEED}`,
                chart: lineChart(
                  Object.entries(curves).map(([name, aucs]) => ({name, points: aucs.map((auc, e) => [e + 1, auc])})),
                  {x: 'epoch', y: 'test AUC'},
                ),
              },
            ],
      ),
    ];
  },
};

function job(seed: number): Job {
  return {
    key: `synthetic ${seed}`,
    data: 'synthetic',
    seed,
    async run() {
      const {fields, parts, planted} = plantedData({rows: ROWS, seed});
      const data: Loaded<LabeledRows> = {fields, parts: forParts(parts, asTensors)};
      const pairName = (pair: readonly number[]) => pair.join('-');
      const model = autoFm({fields, seed});
      const {selection, chosen, test, rivals, gates, model: slim} = await autoSelect({fields, ...data.parts, seed});
      const alpha = Object.fromEntries(
        fields.flatMap((_, i) => fields.slice(i + 1).map((__, k) => [pairName([i, i + 1 + k]), 0])),
      );
      gates[0].sets[0].interactions.forEach((gate, p) => {
        alpha[Object.keys(alpha)[p]] = gate.alpha;
      });
      const curves =
        seed !== CURVE_SEED
          ? undefined
          : {
              FM: await curve(fm({fields, seed}), data, seed),
              'AutoFM, all pairs': await curve(autoFm({fields, seed}), data, seed),
              'AutoFM, the selected pairs': await curve(formOf(model, selection, 'gated', seed), data, seed),
            };
      [model, slim, ...rivals.map(rival => rival.model)].forEach(m => m.dispose());
      tf.dispose(Object.values(data.parts) as never);
      return {
        planted: planted.map(pairName),
        selected: selection.map(s => pairName(s.interaction)).sort(),
        alpha,
        chosen,
        test: test!.auc,
        whole: rivals.find(({candidate: {ridge}}) => ridge === null)?.test.scores.auc ?? null,
        curves,
      };
    },
  };
}

/** Test AUC after each epoch of a plain training. */
async function curve(model: tfl.LayersModel, {parts}: Loaded<LabeledRows>, seed: number): Promise<number[]> {
  const aucs: number[] = [];
  await model.fitDataset(new SeededBatches(parts.train, {batchSize: BATCH, seed}) as never, {
    epochs: EPOCHS,
    verbose: 0,
    yieldEvery: 'never',
    callbacks: {
      onEpochEnd: async () => {
        aucs.push((await score(model, parts.test)).auc);
      },
    },
  });
  model.dispose();
  return aucs;
}
