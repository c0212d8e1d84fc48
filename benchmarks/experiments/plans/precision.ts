import {estimate, mean, Precision, setPrecision} from '../../internals';
import type {DataName} from '../data';
import type {Lab} from '../lab';
import {meanSd, range, short, signed} from '../numbers';
import type {ModelResult} from '../paper_table';
import {dataOf, entriesOf, Plan, Section} from '../plan';
import {trainings} from './table1';

const PRECISIONS: readonly Precision[] = ['float32', 'mixed'];
const MODELS = ['DeepFM', 'AutoDeepFM'] as const;
type Model = (typeof MODELS)[number];

/** By how much a mean AUC may differ. */
const BAR = 0.0005;

interface Result extends ModelResult {
  precision: Precision;
}

/** A result with what is known of its run. */
type Timed = Result & {wall: number; seed: number};

/** What dense layers in bfloat16 do to a model's AUC. */
export const precision: Plan = {
  name: 'precision',
  title: 'Dense layers in bfloat16',
  question: "Does `precision: 'mixed'` change what a model reaches?",
  about:
    "DeepFM and AutoDeepFM by the protocol and the paper's recipe of table 1, with the same starts and batches in " +
    'both precisions. Where a processor has no instructions for bfloat16, TensorFlow computes the same more slowly. ' +
    `The bar: means of test AUC differ by ${short(BAR)} at most. MLPs of 3 x 128. Seconds are of the whole run, with ` +
    'a single thread in TensorFlow.',
  defaults: {data: ['frappe', 'adult', 'movielens', 'flights'], seeds: [1, 2, 3]},

  jobs: ({data, seeds}) =>
    data.flatMap(name =>
      seeds.flatMap(seed =>
        MODELS.flatMap(model =>
          PRECISIONS.map(own => ({
            key: `${model} ${own} ${name} ${seed}`,
            data: name,
            seed,
            run: (lab: Lab) => run(model, own, name, seed, lab),
          })),
        ),
      ),
    ),

  report: entries => [
    table(
      dataOf(entries).map(data => [
        data,
        entriesOf(entries, data)
          .map(({result, wall, seed}) => ({...(result as Result), wall, seed}))
          .sort((a, b) => a.seed - b.seed),
      ]),
    ),
  ],
};

async function run(model: Model, own: Precision, data: DataName, seed: number, lab: Lab): Promise<Result> {
  setPrecision(own, true);
  try {
    return {...(await trainings[model](data, seed, lab)), precision: own};
  } finally {
    setPrecision('float32');
  }
}

function table(groups: ReadonlyArray<readonly [data: string, runs: readonly Timed[]]>): Section {
  return {
    kind: 'table',
    title: 'Test AUC',
    head: [
      'data, model',
      ...PRECISIONS,
      'difference (95 %)',
      'within the bar',
      'kept, float32',
      'kept, mixed',
      'time, mixed / float32',
    ],
    rows: groups.flatMap(([data, runs]) =>
      MODELS.flatMap(model => {
        const [float32, mixed] = PRECISIONS.map(own => runs.filter(r => r.model === model && r.precision === own));
        if (float32.length === 0 || float32.length !== mixed.length) return [];
        const {mean: difference, interval} = estimate(mixed.map(({auc}, i) => auc - float32[i].auc));
        const [before, after] = [float32, mixed].map(own => mean(own.map(({wall}) => wall)));
        return [
          [
            `${data}, ${model}`,
            ...[float32, mixed].map(own => meanSd(own.map(({auc}) => auc))),
            `${signed(difference)}${interval === null ? '' : ` (${interval.map(signed).join(' to ')})`}`,
            Math.abs(difference) <= BAR ? 'yes' : '**no**',
            ...[float32, mixed].map(own => (own[0].search === undefined ? '' : range(own.map(({kept}) => kept ?? 0)))),
            (after / before).toFixed(2),
          ],
        ];
      }),
    ),
  };
}
