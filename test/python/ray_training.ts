import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {FieldSpec} from 'tfjs-autofis';
import {openShards, prepare} from 'tfjs-autofis/data';
import {autoDeepFm} from 'tfjs-autofis/models';
import {useBackend} from 'tfjs-autofis/runtime';
import type {Bar} from '../../examples/flights/summary';
import {atMost} from '../../benchmarks/bars';
import {describeMachine, type Machine} from '../../benchmarks/machine';
import {publish} from '../../benchmarks/publish';
import {markdownTable} from '../../benchmarks/report';
import {sharedData} from '../helpers/shared_data';
import {dataSets, queryOf, writeParquet} from './data_sets';
import {fileSystem} from '../../src/runtime/file_system';

/** What `train` of the Python package gets. */
const SETTINGS = {
  search_epochs: 2,
  epochs: 2,
  batch_size: 1000,
  seed: 1,
  strength: 1,
  held_out: 'valid',
  test: 'test',
};

/** Content of training.json. */
interface Trained {
  history: Array<{stage: string; epoch: number; loss: number; openGates: number}>;
  test: {rows: number; loss: number; auc: number};
}

interface Runs {
  one: Trained;
  two: Trained;
  killed: Trained;
  kills: number;
}

/** Writes the rows of Adult as shards and an AutoDeepFM for them; false where the data set is not there. */
export async function writeTraining(folder: string): Promise<boolean> {
  const adult = dataSets.find(({title}) => title === 'Adult')!;
  const file = sharedData(adult.file);
  if (file === undefined) return false;
  const at = (name: string) => path.join(folder, name);
  mkdirSync(folder);
  await writeParquet(at('rows.parquet'), queryOf(adult, file));
  const split = {...adult.split, validOfTrain: {fraction: 0.1, seed: 3}} as typeof adult.split;
  const shards = {source: at('rows.parquet'), schema: adult.schema, split, folder: at('shards'), rowsPerShard: 10_000};
  await prepare({...shards, progress: false});
  const {fields} = await openShards(at('shards'));
  await useBackend();
  const model = autoDeepFm({fields: fields as FieldSpec[], embeddingDim: 8, dropout: 0.1, seed: 1});
  await model.save(fileSystem(`file://${at('model')}`), {includeOptimizer: true});
  model.dispose();
  writeFileSync(at('settings.json'), JSON.stringify(SETTINGS));
  return true;
}

/** Content of benchmarks/results/ray_training.json. */
export interface TrainingFigures {
  command: string;
  machine: Machine;
  settings: typeof SETTINGS;
  runs: {one: Trained; two: Trained; killed: Trained};
  kills: number;
  bars: Bar[];
}

/** The table of docs/cluster.md and what it says. */
export function trainingText({machine, settings, runs: {one, two, killed}, kills, bars}: TrainingFigures): string {
  const row = (name: string, run: Trained) => [
    name,
    ...(['search', 'retrain'] as const).map(stage => lastLoss(run, stage).toFixed(8)),
    run.test.loss.toFixed(8),
    run.test.auc.toFixed(6),
    String(run.history.at(-1)!.openGates),
  ];
  const table = markdownTable(
    ['', 'loss of the search', 'of the retrain', 'of the test', 'AUC of the test', 'open gates'],
    [row('one worker', one), row('two workers', two), row(`two workers, ${kills} kills`, killed)],
  );
  const [toOne, toTwo] = bars.map(({value}) => (value === 0 ? 'none' : value.toExponential(1)));
  return [
    table,
    '',
    `Largest relative difference of two workers to one: ${toOne} of training losses, ` +
      `${difference(two, one, values).toExponential(1)} with the test's; ` +
      `of the run with kills to the one without: ${toTwo}. ` +
      `AutoDeepFM with dropout on Adult, ${settings.search_epochs} epochs of search and ${settings.epochs} of retrain, ` +
      `${settings.batch_size.toLocaleString('en')} rows a step; the losses of stages are those of their last epoch. ` +
      `${machine['processor']}, load average at the start ${machine['load average at the start']}.`,
  ].join('\n');
}

/** Publishes what python/tests/cluster/test_train.py has found. */
export async function publishTraining(folder: string): Promise<void> {
  const {kills, ...runs} = JSON.parse(readFileSync(path.join(folder, 'figures.json'), 'utf8')) as Runs;
  const figures: TrainingFigures = {
    command: 'npm run test:ray',
    machine: describeMachine(),
    settings: SETTINGS,
    runs,
    kills,
    bars: [
      atMost(
        'relative difference of training losses, two workers to one',
        difference(runs.two, runs.one, losses),
        1e-5,
      ),
      atMost('relative difference after kills', difference(runs.killed, runs.two, values), 1e-6),
    ],
  };
  const [file, document] = ['benchmarks/results/ray_training.json', 'docs/cluster.md'];
  await publish(figures, {text: trainingText(figures), file, document, dry: false});
}

const losses = ({history}: Trained) => history.map(({loss}) => loss);
const values = (run: Trained) => [...losses(run), run.test.loss, run.test.auc];

/** The largest relative difference of two runs. */
function difference(run: Trained, other: Trained, of: (run: Trained) => number[]): number {
  const others = of(other);
  return Math.max(...of(run).map((value, i) => Math.abs(value / others[i] - 1)));
}

function lastLoss({history}: Trained, stage: string): number {
  return history.filter(each => each.stage === stage).at(-1)!.loss;
}
