import {compare, mean} from '../../../src/judge/statistics';
import {allInteractions, Selection} from 'tfjs-autofis';
import type {DataName} from '../data';
import type {Entry} from '../journal';
import type {Lab} from '../lab';
import {meanSd, range, short} from '../numbers';
import {dataOf, entriesOf, groupBy, Job, Plan, Section} from '../plan';
import {protocol} from '../protocol';
import {ModelRun, paperRetrain, searchEpochs, searchOnce, trainOnce} from '../runs';
import {autoModels, plainModels} from '../zoo';

interface Result extends ModelRun {
  model: string;
  /** Only for models with gates. */
  search?: {seconds: number, auc: number, keptByOrder: number[]};
  total: number | null;
}

/** The baseline that relative improvement and p-values refer to. */
const BASELINE = 'FM';

/** All models, the paper's recipe, the paper's columns. */
export const table1: Plan = {
  name: 'table1',
  title: 'Table 1: all models, the paper\'s recipe',
  about: 'The paper\'s comparison on small data: one-level gRDA on the training batches without a warm-up, then a retrain from fresh weights ' +
    'and fresh alpha. The strength of each search is given in benchmarks/experiments/zoo.ts. "top" is what is kept, pairs + triples; "time" is for a million predictions; ' +
    'cost is search + training in seconds; relative improvement is (AUC - .5) / (AUC of FM - .5) - 1; p-values are paired by seed, against FM.',
  defaults: {data: ['frappe', 'adult', 'movielens', 'flights'], seeds: [1, 2, 3]},

  jobs: ({data, seeds}) => data.flatMap(name => seeds.flatMap(seed => [
    ...Object.keys(plainModels).map(model => job(model, name, seed, lab => trainPlain(model, name, seed, lab))),
    ...Object.keys(autoModels).map(model => job(model, name, seed, lab => trainAuto(model, name, seed, lab))),
  ])),

  report: entries => dataOf(entries).map(data => table(data, entriesOf(entries, data))),
};

function job(model: string, data: DataName, seed: number, run: Job['run']): Job {
  return {key: `${model} ${data} ${seed}`, data, seed, run};
}

async function trainPlain(name: string, dataName: DataName, seed: number, lab: Lab): Promise<Result> {
  const {build, kind, interactions, options} = plainModels[name];
  const data = await lab.data(dataName, seed);
  const {training, model} = protocol(dataName, kind);
  const m = data.fields.length;
  const total = interactions === undefined ? null : allInteractions(m, 2).length + (interactions === 'both' ? allInteractions(m, 3).length : 0);
  return {model: name, total, ...await trainOnce(build({fields: data.fields, seed, ...model, ...options}), data, training, seed, total)};
}

async function trainAuto(name: string, dataName: DataName, seed: number, lab: Lab): Promise<Result> {
  const {build, kind, options, strength} = autoModels[name];
  const data = await lab.data(dataName, seed);
  const {training, model: modelOptions} = protocol(dataName, kind);
  const m = data.fields.length;
  const total = allInteractions(m, 2).length + (options?.order === 'both' ? allInteractions(m, 3).length : 0);
  const model = build({fields: data.fields, seed, ...modelOptions, ...options});
  try {
    const {selection, seconds, test} = await searchOnce(model, data,
        {epochs: searchEpochs[dataName], batchSize: training.batchSize, seed, strength: strength[dataName], warmup: 0});
    const run = await paperRetrain(model, selection, data, training, seed);
    return {model: name, total, ...run, search: {seconds, auc: test.auc, keptByOrder: byOrder(selection)}};
  } finally {
    model.dispose();
  }
}

const byOrder = (selection: Selection) => ([2, 3] as const).map(order => selection.filter(s => s.order === order).length);

function table(data: string, entries: Entry[]): Section {
  const groups = groupBy(entries.map(({result}) => result as Result), r => r.model);
  const seedsOf = (model: string) => entries.filter(({result}) => (result as Result).model === model);
  const base = groups.find(([model]) => model === BASELINE)?.[1];
  return {
    kind: 'table', title: data,
    head: ['model', 'AUC', 'logloss', 'top', 'time s', 'cost s', 'rel. impr.', 'p', 'AUC of search', 'parameters'],
    rows: groups.map(([model, runs]) => {
      const search = runs.map(r => r.search).filter(s => s !== undefined);
      const paired = seedsOf(model).map(entry => [entry, seedsOf(BASELINE).find(b => b.seed === entry.seed)] as const).filter(([, b]) => b !== undefined);
      const {p} = compare(paired.map(([a]) => (a.result as Result).auc), paired.map(([, b]) => (b!.result as Result).auc));
      return [
        model, meanSd(runs.map(r => r.auc)), meanSd(runs.map(r => r.logloss)), top(runs), mean(runs.map(r => r.inference)).toFixed(2),
        `${mean([0, ...search.map(s => s.seconds)]) === 0 ? 0 : mean(search.map(s => s.seconds)).toFixed(0)} + ${mean(runs.map(r => r.seconds)).toFixed(0)}`,
        base === undefined ? '-' : `${(100 * ((mean(runs.map(r => r.auc)) - 0.5) / (mean(base.map(r => r.auc)) - 0.5) - 1)).toFixed(2)} %`,
        model === BASELINE || p === null ? '-' : short(p, 3),
        search.length === 0 ? '-' : meanSd(search.map(s => s.auc)), Math.round(mean(runs.map(r => r.parameters))).toLocaleString('en'),
      ];
    }),
  };
}

function top(runs: readonly Result[]): string {
  const {total} = runs[0];
  if (total === null) return '-';
  const searches = runs.flatMap(r => r.search ?? []);
  if (searches.length === 0) return '100 %';
  const orders = [0, 1].map(o => range(searches.map(s => s.keptByOrder[o])));
  return `${orders[1] === '0' ? orders[0] : orders.join(' + ')} of ${total}`;
}
