import type * as tfl from '@tensorflow/tfjs-layers';
import {type FieldSpec, randomSelection, retrainModel} from 'tfjs-autofis';
import {inferenceSeconds, rowCount} from '../../internals';
import {spread} from '../../statistics';
import type {DataName} from '../data';
import {type Entry, Journal} from '../journal';
import type {Lab} from '../lab';
import type {ModelResult} from '../paper_table';
import {jobPerSeed, type Plan} from '../plan';
import {protocol} from '../protocol';
import {journalFile, RESULTS} from '../report';
import {interactionCount} from '../runs';
import {autoModels, plainModels} from '../zoo';

/** Rounds, in each of which every model predicts all test rows once. */
const ROUNDS = 9;

interface Result {
  /** By model: seconds for a million predictions, one for each round. */
  seconds: Record<string, number[]>;
}

/** How long the models of table 1 take to predict. */
export const timings: Plan = {
  name: 'timings',
  title: 'Inference time of the models of table 1',
  question: 'How long do the models of table 1 take for a million predictions?',
  about:
    'All models of a data set predict its test rows in turns, 10,000 rows at a time and twice, of which the faster ' +
    'counts, in nine rounds; the order moves by one from round to round. Given are the median, and the second least ' +
    'and second greatest time, which are a 96 % interval of the median. Models with gates have as many interactions ' +
    'as their searches in [table 1](table1.md) kept (median over the seeds). Weights are untrained, which changes no ' +
    'time.',
  defaults: {data: ['frappe', 'adult', 'movielens', 'flights'], seeds: [1]},

  jobs: options => jobPerSeed(options, run),

  report: entries =>
    entries.map(({data, result}) => ({
      kind: 'table',
      title: data,
      head: ['model', 'seconds', 'interval'],
      rows: Object.entries((result as Result).seconds).map(([model, seconds]) => {
        const sorted = [...seconds].sort((a, b) => a - b);
        return [
          model,
          spread(seconds).median.toFixed(2),
          `${sorted[1].toFixed(2)} to ${sorted[sorted.length - 2].toFixed(2)}`,
        ];
      }),
    })),
};

async function run(name: DataName, seed: number, lab: Lab): Promise<Result> {
  const {fields, parts} = await lab.data(name, seed);
  const finished = new Journal(journalFile('table1', RESULTS)).entries;
  const models: Array<[string, tfl.LayersModel]> = [
    ...Object.entries(plainModels).map(([model, {build, kind, options}]): [string, tfl.LayersModel] => [
      model,
      protocol(name, kind).build(build, {fields, seed, ...options}),
    ]),
    ...Object.keys(autoModels).map((model): [string, tfl.LayersModel] => [
      model,
      slimmed(model, finished, {dataName: name, seed, fields}),
    ]),
  ];
  const seconds: Result['seconds'] = Object.fromEntries(models.map(([model]) => [model, []]));
  const time = (model: tfl.LayersModel) => (inferenceSeconds(model, parts.test) * 1e6) / rowCount(parts.test);
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < models.length; i++) {
      const [model, built] = models[(i + round) % models.length];
      seconds[model].push(time(built));
    }
  }
  models.forEach(([, model]) => model.dispose());
  return {seconds};
}

/** A model with as many interactions as its searches kept. */
function slimmed(
  name: string,
  finished: readonly Entry[],
  {dataName, seed, fields}: {dataName: DataName; seed: number; fields: FieldSpec[]},
): tfl.LayersModel {
  const {build, kind, options} = autoModels[name];
  const kept = finished
    .filter(({data, result}) => data === dataName && (result as ModelResult).model === name)
    .map(({result}) => (result as ModelResult).search!.keptByOrder);
  if (kept.length === 0)
    throw new Error(`table1 has no finished run of ${name} on ${dataName}, which says how many interactions it keeps.`);
  const model = protocol(dataName, kind).build(build, {fields, seed, ...options});
  const all = randomSelection(model, {
    size: interactionCount(fields.length, options?.order === 'both' ? 'both' : 'pairs'),
    seed,
  });
  const selection = [2, 3].flatMap((order, i) => {
    const size = Math.round(spread(kept.map(counts => counts[i] ?? 0)).median);
    return all.filter(s => s.order === order).slice(0, size);
  });
  const slim = retrainModel(model, selection, {alpha: 'fresh', seed});
  model.dispose();
  return slim;
}
