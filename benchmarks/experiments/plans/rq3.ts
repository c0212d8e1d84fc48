import type {LayersModel} from '@tensorflow/tfjs-layers';
import {randomSelection, retrainModel, Selection} from 'tfjs-autofis';
import {autoFm} from 'tfjs-autofis/models';
import {mean} from '../../internals';
import type {DataName} from '../data';
import {Line, lineChart} from '../figure';
import type {Entry} from '../journal';
import type {Lab, Loaded} from '../lab';
import {meanSd} from '../numbers';
import {dataOf, entriesOf, groupBy, jobPerSeed, Plan, Section} from '../plan';
import {beyondPlateau, protocol} from '../protocol';
import {interactionCount, searchEpochs, searchOnce, trainOnce} from '../runs';

/** What is retrained with K interactions: those of the search, or a draw of that number. */
interface Curve {
  source: 'search' | 1 | 2;
  batchNorm: boolean;
  alpha: 'fresh' | 'none';
}

const curves: Record<string, Curve> = {
  AutoFM: {source: 'search', batchNorm: true, alpha: 'fresh'},
  'AutoFM without BN': {source: 'search', batchNorm: false, alpha: 'fresh'},
  'AutoFM without BN and alpha': {source: 'search', batchNorm: false, alpha: 'none'},
  'random 1': {source: 1, batchNorm: true, alpha: 'fresh'},
  'random 2': {source: 2, batchNorm: true, alpha: 'fresh'},
};
/** The draws in plain FM, as the paper has them. */
const randomInFm: Record<string, Curve> = {
  'FM, random 1': {source: 1, batchNorm: false, alpha: 'none'},
  'FM, random 2': {source: 2, batchNorm: false, alpha: 'none'},
};

interface Result {
  curve: string;
  kept: number;
  auc: number;
}

/** Shares of the interactions that are tried. */
const SHARES = [0.1, 0.2, 0.3, 0.45, 0.65, 1];

/** RQ3 of the paper: how many interactions are needed, and what BN and alpha contribute. */
export const rq3: Plan = {
  name: 'rq3',
  title: 'RQ3: AUC against the number of kept interactions',
  question: 'How does test AUC depend on the number of kept interactions?',
  about:
    'What does the selection add, and what do BN and alpha add alone? The K interactions of the largest ' +
    '|alpha| of one search with strength .5, which closes few gates, are retrained with fresh weights. So are ' +
    'two random draws of the same size, with BN and alpha ("random") and in plain FM ("FM, random"). FM on all ' +
    'pairs is "AutoFM without BN and alpha" at the right end.',
  defaults: {data: ['frappe', 'adult'], seeds: [1, 2, 3]},

  jobs: options => [
    ...jobPerSeed(options, runSearched),
    ...jobPerSeed(options, runRandom).map(job => ({...job, key: `FM on draws ${job.key}`})),
  ],

  report: entries => dataOf(entries).flatMap(data => sections(data, entriesOf(entries, data))),
};

async function runSearched(name: DataName, seed: number, lab: Lab): Promise<Result[]> {
  const data = await lab.data(name, seed);
  const {training, build} = protocol(name, 'shallow');
  const model = build(autoFm, {fields: data.fields, seed});
  const {selection} = await searchOnce(model, data, {
    epochs: searchEpochs[name],
    batchSize: training.batchSize,
    seed,
    strength: 0.5,
  });
  const all = randomSelection(model, {size: interactionCount(data.fields.length, 'pairs'), seed: 0});
  // All interactions where K is all of them, also those that the search closed.
  const closed = all.filter(s => !selection.some(o => o.interaction.join() === s.interaction.join()));
  return retrainAll(curves, model, {name, seed, data, ranked: [...selection, ...closed]});
}

async function runRandom(name: DataName, seed: number, lab: Lab): Promise<Result[]> {
  const data = await lab.data(name, seed);
  const model = protocol(name, 'shallow').build(autoFm, {fields: data.fields, seed});
  return retrainAll(randomInFm, model, {name, seed, data, ranked: []});
}

async function retrainAll(
  of: Record<string, Curve>,
  model: LayersModel,
  {name, seed, data, ranked}: {name: DataName; seed: number; data: Loaded; ranked: Selection},
): Promise<Result[]> {
  const {training} = protocol(name, 'shallow');
  const total = interactionCount(data.fields.length, 'pairs');
  const results: Result[] = [];
  for (const kept of sizes(total)) {
    for (const [curve, {source, ...form}] of Object.entries(of)) {
      if (kept === total && source !== 'search') continue;
      const chosen =
        source === 'search' ? ranked.slice(0, kept) : randomSelection(model, {size: kept, seed: 10 * seed + source});
      const patient = form.batchNorm ? training : beyondPlateau(name, training);
      const retrained = retrainModel(model, chosen, {...form, seed: seed + 100});
      const {auc} = await trainOnce(retrained, data, patient, seed, kept);
      results.push({curve, kept, auc});
    }
  }
  model.dispose();
  return results;
}

function sizes(total: number): number[] {
  return [...new Set(SHARES.map(share => Math.max(1, Math.round(share * total))))];
}

function sections(data: string, entries: Entry[]): Section[] {
  const groups = groupBy(
    entries.flatMap(({result}) => result as Result[]),
    r => r.curve,
  );
  const kept = [...new Set(groups.flatMap(([, runs]) => runs.map(r => r.kept)))].sort((a, b) => a - b);
  const at = (runs: Result[], k: number) => runs.filter(r => r.kept === k).map(r => r.auc);
  const lines: Line[] = groups.map(([name, runs]) => ({
    name,
    dashed: name.includes('random'),
    points: kept.flatMap(k => (at(runs, k).length === 0 ? [] : [[k, mean(at(runs, k))]])),
  }));
  const fm = at(groups.find(([name]) => name === 'AutoFM without BN and alpha')![1], kept[kept.length - 1]);
  lines.push({
    name: 'FM',
    dashed: true,
    points: [
      [kept[0], mean(fm)],
      [kept[kept.length - 1], mean(fm)],
    ],
  });
  return [
    {
      kind: 'table',
      title: `${data}: test AUC by number kept`,
      head: ['', ...kept.map(String)],
      rows: groups.map(([name, runs]) => [name, ...kept.map(k => meanSd(at(runs, k)))]),
    },
    {
      kind: 'figure',
      name: `rq3-${data}`,
      title: `${data}: test AUC by number of kept interactions`,
      chart: lineChart(lines, {x: 'kept', y: 'test AUC'}),
    },
  ];
}
