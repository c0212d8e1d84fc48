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
const ROWS = 40_000;
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
  /** The same with `refit`: trained from nothing on all fortnights so far. */
  refit: {words: UpdateReport['words']; kind: string; written: boolean; seconds: number; next: Scores};
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
    `The ${FORTNIGHTS} fortnights of the flights of 2001, January to June, in the order of time, ` +
    `${ROWS.toLocaleString('en')} sampled flights each. ` +
    'One run on the first fortnight makes a bundle. From the second to the last but one, ' +
    '`updateBundle` continues its training with each new fortnight, and every model is tested on all flights of the ' +
    'next fortnight. A second bundle is updated with `refit`: the same kind of model of the same pairs is trained ' +
    'from nothing on all fortnights so far, or a GA2M of the pairs that these have evidence for, if half of the ' +
    'held-out rows find it better. Both are compared with a full run on these (`prepare` and ' +
    `\`autoSelect\`, choosing by the newest ${100 * VALID} %) and with the first bundle without updates. An update ` +
    `holds out the newest ${100 * HELD_OUT} % of a fortnight; the next one, or the refit itself at its end, trains on ` +
    'them. Fields are weekday, hour, ten minutes, distance, origin and destination. Cost is CPU seconds, ' +
    'from reading the table to the written bundle.',
  defaults: {data: ['flights'], seeds: [1]},

  jobs: ({data, seeds}) =>
    data.length === 0
      ? []
      : seeds.flatMap(seed => [chainJob(seed), ...UPDATES.map(fortnight => fullJob(fortnight, seed))]),

  report(entries) {
    const chains = entries.filter(({key}) => key.startsWith('updates '));
    const lines = chains.flatMap(entry => linesOf(entry, entries));
    return lines.length === 0 ? [] : [verdict(lines), figure(lines), table(lines), choices(lines)];
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
    await saveBundle(place, {
      model,
      fitted,
      ...(selection.length === 0 ? {} : {selection}),
      metadata: {candidate: chosen},
    });
    [rows, validation, model].forEach(each => each.dispose());
    return {chosen: chosen.name, kept: names(selection)};
  });
  return {...result, seconds, place};
}

async function chain(folder: string, seed: number): Promise<Chain> {
  const {place: first, ...found} = await fullRun(folder, 1, seed);
  const place = path.join(folder, 'updated');
  const again = path.join(folder, 'refitted');
  for (const copy of [place, again]) await cp(first, copy, {recursive: true});
  const steps: Step[] = [];
  for (const fortnight of UPDATES) {
    // The first bundle has been trained on all of its rows.
    const from = fortnight === UPDATES[0] ? fortnight : fortnight - HELD_OUT;
    const {result, seconds} = await timed(() =>
      updateBundle(place, {source: flightsOf({from, to: fortnight, rows: ROWS, seed}), heldOut: HELD_OUT, seed}),
    );
    const {words, written, selection} = result;
    const next = await scoreNext(folder, place, fortnight);
    const refitted = await timed(() =>
      updateBundle(again, {
        source: flightsOf({from: 1, to: fortnight, rows: ROWS, seed}),
        heldOut: HELD_OUT / fortnight,
        refit: true,
        seed,
      }),
    );
    const refit = {
      words: refitted.result.words,
      kind: refitted.result.kind!.after,
      written: refitted.result.written,
      seconds: refitted.seconds,
      next: await scoreNext(folder, again, fortnight),
    };
    const before = await scoreNext(folder, first, fortnight);
    steps.push({fortnight, words, written, changed: selection!.changed, seconds, next, refit, first: before});
    console.log(
      `  fortnight ${fortnight}: ${words}, AUC ${short(next.auc)}, ${seconds.toFixed(0)} CPU s; refit ${refit.words}, ` +
        `AUC ${short(refit.next.auc)}, ${refit.seconds.toFixed(0)} CPU s`,
    );
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
  /** Null where the full run has not ended. */
  full: FullRun | null;
  /** The pairs of the updated model. */
  kept: string[];
}

function linesOf({seed, result}: Entry, entries: readonly Entry[]): Line[] {
  const {first, steps} = result as Chain;
  return steps.map(step => {
    const full = entries.find(({key}) => key === `full ${step.fortnight} ${seed}`);
    return {...step, kept: first.kept, full: full === undefined ? null : (full.result as FullRun)};
  });
}

/** A figure of a line; null where it needs a full run. */
type Of = (line: Line) => number | null;

const figures = {
  full: ({full}) => full && full.next.auc,
  update: ({next}) => next.auc,
  refit: ({refit}) => refit.next.auc,
  none: ({first}) => first.auc,
  behind: ({full, next}) => full && full.next.auc - next.auc,
  refitBehind: ({full, refit}) => full && full.next.auc - refit.next.auc,
  gained: ({first, next}) => next.auc - first.auc,
  fullLoss: ({full}) => full && full.next.logloss,
  updateLoss: ({next}) => next.logloss,
  refitLoss: ({refit}) => refit.next.logloss,
  noneLoss: ({first}) => first.logloss,
  fullSeconds: ({full}) => full && full.seconds,
  updateSeconds: ({full, seconds}) => full && seconds,
  refitSeconds: ({full, refit}) => full && refit.seconds,
} satisfies Record<string, Of>;

/** The figures of lines, of those that have it. */
function valuesOf(lines: readonly Line[], of: Of): number[] {
  return lines.map(of).filter(value => value !== null);
}

/** What an update may cost of a full run, and lose to it. */
const BARS = {cost: 0.25, auc: 0.001};

function verdict(lines: readonly Line[]): Section {
  const words = (values: readonly number[]) => {
    const {mean: centre, interval} = estimate(values);
    return `${short(centre)}${interval === null ? '' : ` (95 %: ${short(interval[0])} to ${short(interval[1])})`}`;
  };
  const whole = valuesOf(lines, figures.fullSeconds);
  const compared = (name: string, behind: Of, seconds: Of) => {
    const values = valuesOf(lines, behind);
    if (values.length === 0) return '';
    const share = mean(valuesOf(lines, seconds)) / mean(whole);
    return (
      ` AUC of a full run less that of ${name}: ${words(values)}, ${values.length} of ${lines.length} updates; the bar ` +
      `of at most ${short(BARS.auc, 3)} ${holds(mean(values) <= BARS.auc)}. Cost over that of a full run: ` +
      `${short(share, 3)}; the bar of ${short(BARS.cost, 2)} ${holds(share <= BARS.cost)}.`
    );
  };
  return {
    kind: 'text',
    text:
      'AUC of the updated model less that of the first one, never updated: ' +
      `${words(valuesOf(lines, figures.gained))}, ${lines.length} updates.` +
      compared('the update', figures.behind, figures.updateSeconds) +
      compared('the refit', figures.refitBehind, figures.refitSeconds),
  };
}

const holds = (yes: boolean) => (yes ? 'holds' : 'does not hold');

function figure(lines: readonly Line[]): Section {
  const points = (of: Of) =>
    UPDATES.flatMap(fortnight => {
      const values = valuesOf(
        lines.filter(line => line.fortnight === fortnight),
        of,
      );
      return values.length === 0 ? [] : [[fortnight + 1, mean(values)]];
    });
  return {
    kind: 'figure',
    name: 'updates',
    title: 'AUC on the next fortnight',
    chart: lineChart(
      [
        {name: 'a full run each time', points: points(figures.full)},
        {name: 'refits', points: points(figures.refit)},
        {name: 'updates', points: points(figures.update)},
        {name: 'no update', points: points(figures.none), dashed: true},
      ],
      {x: 'fortnight of 2001 that is predicted', y: 'AUC'},
    ),
  };
}

function table(lines: readonly Line[]): Section {
  const row = (name: string, own: readonly Line[]) => {
    const cell = (of: Of, digits = 4) => {
      const values = valuesOf(own, of);
      // A mean of some would stand beside means of others.
      return values.length < own.length ? '-' : short(mean(values), digits);
    };
    const {full, refit, update, none, refitBehind, fullLoss, refitLoss, updateLoss, noneLoss, fullSeconds} = figures;
    return [
      name,
      ...[full, refit, update, none, refitBehind, fullLoss, refitLoss, updateLoss, noneLoss].map(of => cell(of)),
      cell(fullSeconds, 0),
      cell(({refit: {seconds}}) => seconds, 1),
      cell(({seconds}) => seconds, 1),
    ];
  };
  return {
    kind: 'table',
    title: 'AUC and logloss on the next fortnight, and CPU seconds',
    head: [
      'trained up to',
      'full run',
      'refit',
      'update',
      'none',
      'full - refit',
      'logloss, full run',
      'refit',
      'update',
      'none',
      'seconds, full run',
      'refit',
      'update',
    ],
    rows: [
      ...UPDATES.map(fortnight =>
        row(
          String(fortnight),
          lines.filter(line => line.fortnight === fortnight),
        ),
      ),
      row('mean', lines),
    ],
  };
}

function choices(lines: readonly Line[]): Section {
  return {
    kind: 'table',
    title: 'What full runs choose, and what updates say',
    head: [
      'trained up to',
      'full run',
      'its pairs and those of the updates (Jaccard)',
      'the update is',
      'bundle written',
      'refit',
      'the refit is',
      'bundle written',
      'gates would change the pairs',
    ],
    rows: lines.map(({fortnight, full, kept, words, written, refit, changed}) => [
      String(fortnight),
      full?.chosen ?? '-',
      full === null ? '-' : jaccard(full.kept, kept).toFixed(2),
      words,
      written ? 'yes' : 'no',
      refit.kind,
      refit.words,
      refit.written ? 'yes' : 'no',
      changed ? 'yes' : 'no',
    ]),
  };
}
