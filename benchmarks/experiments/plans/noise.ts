import * as tf from '@tensorflow/tfjs-core';
import type {Scores, TestComparison} from 'tfjs-autofis';
import {decisionInWords} from '../../internals';
import {asTensors, forParts} from '../lab';
import {noiseData} from '../noise_data';
import {short} from '../numbers';
import type {Job, Plan} from '../plan';
import {names} from '../runs';
import {selectInThreads} from '../select_in_threads';

const ROWS = 10_000;
const FIELDS = 57;
const SEEDS = Array.from({length: 20}, (_, i) => i + 1);

interface Result {
  /** The decision in words. */
  chosen: string;
  /** Names of the selected interactions. */
  selected: string[];
  test: Scores;
  /** The selection against logistic regression; null where that was chosen. */
  againstLinear: TestComparison['verdict'] | null;
}

/** Data in which no interaction helps, and nothing else does either. */
export const noise: Plan = {
  name: 'noise',
  title: 'Pure noise: is any interaction called useful?',
  question: 'Does `autoSelect` say that no interaction helps where nothing does?',
  about:
    `${FIELDS} fields of 2 to 100 values, ${ROWS.toLocaleString('en')} rows, labels that depend on none of them ` +
    '(benchmarks/experiments/noise_data.ts). `autoSelect` with its defaults. The bar: no ' +
    'interaction is selected in at least 19 of 20 seeds.',
  defaults: {data: [], seeds: SEEDS},

  jobs: ({seeds}) => seeds.map(job),

  report(entries) {
    const results = entries.map(({result}) => result as Result);
    const silent = results.filter(({selected}) => selected.length === 0).length;
    const holds = silent >= 0.95 * results.length;
    return [
      {
        kind: 'text',
        text:
          `No interaction is selected in ${silent} of ${results.length} seeds` +
          (results.length < SEEDS.length
            ? ` of the bar's ${SEEDS.length}.`
            : `: the bar ${holds ? 'holds' : 'does not hold'}.`),
      },
      {
        kind: 'table',
        title: 'By seed',
        head: ['seed', 'chosen', 'interactions', 'test AUC', 'against logistic regression'],
        rows: results.map(({chosen, selected, test, againstLinear}, i) => [
          String(entries[i].seed),
          chosen,
          String(selected.length),
          short(test.auc),
          againstLinear ?? 'the same',
        ]),
      },
    ];
  },
};

function job(seed: number): Job {
  return {
    key: `noise ${seed}`,
    data: 'noise',
    seed,
    async run() {
      const {fields, parts} = noiseData({rows: ROWS, fields: FIELDS, seed});
      const tensors = forParts(parts, asTensors);
      try {
        return await selectInThreads({fields, ...tensors, seed}, ({selection, decision, test, rivals}): Result => ({
          chosen: decisionInWords(decision),
          selected: names(selection),
          test: test!,
          againstLinear: rivals.find(({role}) => role === 'linear')?.test.verdict ?? null,
        }));
      } finally {
        tf.dispose(Object.values(tensors) as never);
      }
    },
  };
}
