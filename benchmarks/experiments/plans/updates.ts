import {cp, mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {autoSelect} from 'tfjs-autofis';
import {loadBundle, saveBundle, updateBundle, type UpdateReport} from 'tfjs-autofis/bundle';
import {encode, openShards, prepare} from 'tfjs-autofis/data';
import {estimate, jaccard, loadTensors, mean, score, type Scores} from '../../internals';
import {lineChart} from '../figure';
import {flightSchema, flightsOf, FORTNIGHTS} from '../fortnights';
import type {Entry} from '../journal';
import {short} from '../numbers';
import type {Job, Plan, Section} from '../plan';
import {names} from '../runs';

/** Training rows of a fortnight. */
const ROWS = 20_000;
/** Share of newer rows that an update holds out; the next update trains on them. */
const HELD_OUT = 0.2;
/** Share of the rows that a full run chooses by, the newest. */
const VALID = 0.1;
const UPDATES = Array.from({length: FORTNIGHTS - 2}, (_, i) => i + 2);

/** A model of all fortnights up to one, from nothing. */
interface FullRun {
  fortnight: number;
  chosen: string;
  kept: string[];
  /** CPU seconds, from the table to the bundle. */
  seconds: number;
  /** On the next fortnight. */
  next: Scores;
}

/** One update, and what its model and the first one do on the next fortnight. */
interface Step {
  fortnight: number;
  words: UpdateReport['words'];
  written: boolean;
  changed: boolean;
  seconds: number;
  next: Scores;
  first: Scores;
}

interface Chain {
  first: Omit<FullRun, 'fortnight' | 'next'>;
  steps: Step[];
}

/** A year of everyday retraining, on the half year of flights that there is. */
export const updates: Plan = {
  name: 'updates',
  title: 'Everyday retraining',
  question:
    'Is an update with a fortnight of flights as good as a new run on all flights so far, at a quarter of its cost?',
  about:
    `The ${FORTNIGHTS} fortnights of the flights of 2001, January to June, in the order of time, ${ROWS.toLocaleString('en')} ` +
    'sampled flights each. One run on the first fortnight makes a bundle. From the second to the last but one, ' +
    '`updateBundle` trains it on with each fortnight as it comes, and every model is tested on all flights of the ' +
    'next fortnight. Beside it stand a full run from nothing on all fortnights so far (`prepare` and ' +
    `\`autoSelect\`, choosing by the newest ${100 * VALID} %) and the first bundle without updates. An update holds out ` +
    `the newest ${100 * HELD_OUT} % of its rows, and the next one trains on them. Fields are weekday, hour, ten minutes, ` +
    'distance, origin and destination. Cost is CPU seconds, from reading the table to the written bundle.',
  defaults: {data: ['flights'], seeds: [1]},

  jobs: ({data, seeds}) =>
    data.length === 0
      ? []
      : seeds.flatMap(seed => [chainJob(seed), ...UPDATES.map(fortnight => fullJob(fortnight, seed))]),

  report(entries) {
    const chains = entries.filter(({key}) => key.startsWith('updates '));
    const lines = chains.flatMap(entry => linesOf(entry, entries));
    return lines.length === 0 ? [] : [verdict(lines), figure(lines), table(lines), choices(chains, lines)];
  },
};

function chainJob(seed: number): Job {
  return {key: `updates ${seed}`, data: 'flights', seed, run: () => inFolder(folder => chain(folder, seed))};
}

function fullJob(fortnight: number, seed: number): Job {
  return {
    key: `full ${fortnight} ${seed}`,
    data: 'flights',
    seed,
    run: () =>
      inFolder(async folder => {
        const {place, ...found} = await fullRun(folder, fortnight, seed);
        return {fortnight, ...found, next: await scoreNext(folder, place, fortnight)};
      }),
  };
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'autofis-updates-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, {recursive: true});
  }
}

/** The result of some work, and the CPU seconds that it took. */
async function timed<T>(work: () => Promise<T>): Promise<{result: T; seconds: number}> {
  const before = process.cpuUsage();
  const result = await work();
  const {user, system} = process.cpuUsage(before);
  return {result, seconds: (user + system) / 1e6};
}

/** A bundle of all fortnights up to one. */
async function fullRun(folder: string, to: number, seed: number): Promise<Chain['first'] & {place: string}> {
  const place = path.join(folder, 'bundle');
  const {result, seconds} = await timed(async () => {
    const shards = path.join(folder, 'shards');
    const {fitted} = await prepare({
      source: flightsOf({from: 1, to, rows: ROWS, seed}),
      schema: flightSchema,
      split: {by: 'order', valid: VALID},
      folder: shards,
    });
    const train = await openShards(shards);
    const [rows, validation] = [await loadTensors(train), await loadTensors(await openShards(shards, {part: 'valid'}))];
    const {model, selection, chosen} = await autoSelect({fields: train.fields, train: rows, validation, seed});
    await saveBundle(place, {model, fitted, ...(selection.length === 0 ? {} : {selection})});
    [rows, validation, model].forEach(each => each.dispose());
    return {chosen: chosen.name, kept: names(selection)};
  });
  return {...result, seconds, place};
}

async function chain(folder: string, seed: number): Promise<Chain> {
  const {place: first, ...found} = await fullRun(folder, 1, seed);
  const place = path.join(folder, 'updated');
  await cp(first, place, {recursive: true});
  const steps: Step[] = [];
  for (const fortnight of UPDATES) {
    // The first bundle has been trained on all of its rows.
    const from = fortnight === UPDATES[0] ? fortnight : fortnight - HELD_OUT;
    const {result, seconds} = await timed(() =>
      updateBundle(place, {source: flightsOf({from, to: fortnight, rows: ROWS, seed}), heldOut: HELD_OUT, seed}),
    );
    const {words, written, selection} = result;
    const next = await scoreNext(folder, place, fortnight);
    const before = await scoreNext(folder, first, fortnight);
    steps.push({fortnight, words, written, changed: selection.changed, seconds, next, first: before});
    console.log(`  fortnight ${fortnight}: ${words}, AUC ${short(next.auc)}, ${seconds.toFixed(0)} CPU s`);
  }
  return {first: found, steps};
}

/** The model of a bundle on all flights of the fortnight after one. */
async function scoreNext(folder: string, place: string, fortnight: number): Promise<Scores> {
  const {model, fitted} = await loadBundle(place);
  const shards = path.join(folder, `next ${fortnight} ${path.basename(place)}`);
  const source = flightsOf({from: fortnight + 1, to: fortnight + 1, seed: 1});
  await encode({source, fitted, folder: shards});
  const rows = await loadTensors(await openShards(shards));
  const scores = await score(model, rows);
  [model, rows].forEach(each => each.dispose());
  await rm(shards, {recursive: true});
  return scores;
}

/** One fortnight under each of the three ways. */
interface Line extends Step {
  full: FullRun;
}

/** The steps whose full run has ended. */
function linesOf({seed, result}: Entry, entries: readonly Entry[]): Line[] {
  return (result as Chain).steps.flatMap(step => {
    const full = entries.find(({key}) => key === `full ${step.fortnight} ${seed}`);
    return full === undefined ? [] : [{...step, full: full.result as FullRun}];
  });
}

/** What an update may cost of a full run, and lose to it. */
const BARS = {cost: 0.25, auc: 0.001};

function verdict(lines: readonly Line[]): Section {
  const behind = estimate(lines.map(({full, next}) => full.next.auc - next.auc));
  const ahead = estimate(lines.map(({first, next}) => next.auc - first.auc));
  const cost = mean(lines.map(({seconds}) => seconds)) / mean(lines.map(({full}) => full.seconds));
  const holds = (yes: boolean) => (yes ? 'holds' : 'does not hold');
  const withInterval = ({mean: centre, interval}: typeof behind) =>
    `${short(centre)}${interval === null ? '' : ` (95 %: ${short(interval[0])} to ${short(interval[1])})`}`;
  return {
    kind: 'text',
    text:
      `Over ${lines.length} updates, AUC of a full run less that of the update: ${withInterval(behind)}; the bar of at most ` +
      `${short(BARS.auc, 3)} ${holds(behind.mean <= BARS.auc)}. Cost of an update over that of a full run: ${short(cost, 3)}; ` +
      `the bar of ${short(BARS.cost, 2)} ${holds(cost <= BARS.cost)}. AUC of the update less that of the first model, ` +
      `never updated: ${withInterval(ahead)}.`,
  };
}

function figure(lines: readonly Line[]): Section {
  const points = (of: (line: Line) => number) =>
    UPDATES.flatMap(fortnight => {
      const own = lines.filter(line => line.fortnight === fortnight);
      return own.length === 0 ? [] : [[fortnight + 1, mean(own.map(of))]];
    });
  return {
    kind: 'figure',
    name: 'updates',
    title: 'AUC on the next fortnight',
    chart: lineChart(
      [
        {name: 'a full run each time', points: points(({full}) => full.next.auc)},
        {name: 'updates', points: points(({next}) => next.auc)},
        {name: 'no update', points: points(({first}) => first.auc), dashed: true},
      ],
      {x: 'fortnight of 2001 that is predicted', y: 'AUC'},
    ),
  };
}

function table(lines: readonly Line[]): Section {
  const row = (name: string, own: readonly Line[]) => {
    const average = (of: (line: Line) => number) => mean(own.map(of));
    const [full, updated, none] = [
      average(({full}) => full.next.auc),
      average(({next}) => next.auc),
      average(({first}) => first.auc),
    ];
    const [cost, whole] = [average(({seconds}) => seconds), average(({full}) => full.seconds)];
    return [
      name,
      ...[full, updated, none, full - updated].map(value => short(value)),
      ...[
        average(({full}) => full.next.logloss),
        average(({next}) => next.logloss),
        average(({first}) => first.logloss),
      ].map(value => short(value)),
      whole.toFixed(0),
      cost.toFixed(0),
      short(cost / whole, 2),
    ];
  };
  return {
    kind: 'table',
    title: 'AUC and logloss on the next fortnight, and CPU seconds',
    head: [
      'trained up to',
      'full',
      'update',
      'none',
      'full - update',
      'logloss, full',
      'update',
      'none',
      'seconds, full',
      'update',
      'update / full',
    ],
    rows: [
      ...UPDATES.map(fortnight => lines.filter(line => line.fortnight === fortnight))
        .filter(own => own.length > 0)
        .map(own => row(String(own[0].fortnight), own)),
      row('mean', lines),
    ],
  };
}

function choices(chains: readonly Entry[], lines: readonly Line[]): Section {
  const [{kept}] = chains.map(({result}) => (result as Chain).first);
  return {
    kind: 'table',
    title: 'What full runs choose, and what updates say',
    head: [
      'trained up to',
      'full run',
      `pairs shared with those of the updates, ${kept.length} (Jaccard)`,
      'the update is',
      'bundle written',
      'gates would change the pairs',
    ],
    rows: lines.map(({fortnight, full, words, written, changed}) => [
      String(fortnight),
      full.chosen,
      jaccard(full.kept, kept).toFixed(2),
      words,
      written ? 'yes' : 'no',
      changed ? 'yes' : 'no',
    ]),
  };
}
