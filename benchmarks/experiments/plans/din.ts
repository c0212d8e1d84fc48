import path from 'node:path';
import {type DinScores, run} from '../../../examples/models/din';
import {deviation, mean} from '../../internals';
import type {Entry} from '../journal';
import {meanSd, range, short} from '../numbers';
import {jobPerSeed, type Plan, type Section} from '../plan';

const SETTINGS = {rows: 300_000, epochs: 3};
const BASE = 'DeepFM without history';

/** What a user's earlier films are worth to a model with gates. */
export const din: Plan = {
  name: 'din',
  title: 'Gates in a DIN',
  question: "Is a DIN with gates, which weighs a user's earlier films, better than DeepFM without them?",
  about:
    `The first ${SETTINGS.rows.toLocaleString('en')} ratings of MovieLens 1M, label 1 for four stars or five, by ` +
    '[examples/models/din.ts](../../examples/models/din.ts): the history of a row is the last 20 films that its user ' +
    'liked in earlier rows. The file used here has no times and its rows are in a random order, so "earlier" is a ' +
    'random part of what the user rated; of the folder ml-1m the example takes the real times. 70 % of the rows ' +
    'train, gates learn from the next 5 %, 5 % choose the epoch, the last 20 % are test. All models have d = 16, ' +
    `one hidden layer of 64 and at most ${SETTINGS.epochs} epochs. Seeds change the starts; batches come in a ` +
    'random order.',
  defaults: {data: ['movielens'], seeds: [1, 2, 3]},

  jobs: options =>
    jobPerSeed(options, (_, seed, {folder}) =>
      run({...SETTINGS, seed, data: path.join(folder, 'movielens-1m.csv.gz')}),
    ),

  report: entries => (entries.length === 0 ? [] : [verdict(entries), table(entries)]),
};

function valuesOf(entries: readonly Entry[], model: string, value: 'auc' | 'logloss' | 'pairs'): number[] {
  return entries.map(({result}) => (result as DinScores)[model][value]);
}

function modelsOf([{result}]: readonly Entry[]): string[] {
  return Object.keys(result as DinScores);
}

function verdict(entries: readonly Entry[]): Section {
  const base = valuesOf(entries, BASE, 'auc');
  const words = modelsOf(entries)
    .filter(model => model !== BASE)
    .map(model => {
      const gains = valuesOf(entries, model, 'auc').map((auc, i) => auc - base[i]);
      if (gains.length < 2) return `${model}: ${short(gains[0])} (one seed)`;
      const [gain, spread] = [mean(gains), deviation(gains)];
      return `${model}: ${short(gain)} ± ${short(spread)}, ${gain > spread ? 'more' : 'not more'} than one deviation`;
    });
  return {kind: 'text', text: `Test AUC less that of ${BASE}, seed by seed. ${words.join('. ')}.`};
}

function table(entries: readonly Entry[]): Section {
  return {
    kind: 'table',
    title: 'Test rows',
    head: ['model', 'pairs', 'AUC', 'logloss'],
    rows: modelsOf(entries).map(model => [
      model,
      range(valuesOf(entries, model, 'pairs')),
      meanSd(valuesOf(entries, model, 'auc')),
      meanSd(valuesOf(entries, model, 'logloss')),
    ]),
  };
}
