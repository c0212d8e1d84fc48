import {cp, mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {autoSelect} from 'tfjs-autofis';
import {loadBundle, saveBundle, updateBundle} from 'tfjs-autofis/bundle';
import {encode, openShards, prepare} from 'tfjs-autofis/data';
import {decisionInWords, loadTensors, score, type Scores, type UpdateReport} from '../../internals';
import {short} from '../numbers';
import {names} from '../runs';
import type {Calendar} from './calendar';

/** Share of a period's rows, the newest, that an update holds out; the next update trains on them. */
export const HELD_OUT = 0.2;
/** Share of the rows that a full run chooses by, the newest. */
export const VALID = 0.1;

/** The periods that models are updated with: all but the first, and the last, which is predicted only. */
export const updatesOf = ({periods}: Calendar): number[] => Array.from({length: periods - 2}, (_, i) => i + 2);

/** A model of all periods up to one, from nothing. */
export interface FullRun {
  period: number;
  chosen: string;
  kept: string[];
  /** CPU seconds, from the table to the bundle. */
  seconds: number;
  /** On the next period. */
  next: Scores;
}

/** One update, and what its model and the first one do on the next period. */
export interface Step {
  period: number;
  verdict: UpdateReport['verdict'];
  written: boolean;
  changed: boolean;
  seconds: number;
  next: Scores;
  /** The same with `refit`: trained from nothing on all periods so far. */
  refit: {verdict: UpdateReport['verdict']; kind: string; written: boolean; seconds: number; next: Scores};
  first: Scores;
}

export interface Chain {
  first: Omit<FullRun, 'period' | 'next'>;
  steps: Step[];
}

/** A bundle of the first period, updated with each of the next ones. */
export function runChain(calendar: Calendar, seed: number): Promise<Chain> {
  return inFolder(async folder => {
    const {place: first, ...found} = await bundleUpTo(calendar, 1, {folder, seed});
    const places = {update: path.join(folder, 'updated'), refit: path.join(folder, 'refitted')};
    for (const copy of Object.values(places)) await cp(first, copy, {recursive: true});
    const steps: Step[] = [];
    for (const period of updatesOf(calendar)) {
      const next = (place: string) => scoreNext(calendar, period, {folder, place});
      // The first bundle has been trained on all of its rows.
      const from = steps.length === 0 ? period : period - HELD_OUT;
      const updated = await timed(async () =>
        updateBundle(places.update, {
          source: await calendar.rowsOf({from, to: period, seed}),
          heldOut: HELD_OUT,
          seed,
        }),
      );
      const refitted = await timed(async () =>
        updateBundle(places.refit, {
          source: await calendar.rowsOf({from: 1, to: period, seed}),
          heldOut: HELD_OUT / period,
          refit: true,
          seed,
        }),
      );
      const {verdict, written, selection} = updated.result;
      const step: Step = {
        period,
        verdict,
        written,
        changed: selection!.gained.length > 0,
        seconds: updated.seconds,
        next: await next(places.update),
        refit: {
          verdict: refitted.result.verdict,
          kind: refitted.result.kind!.after,
          written: refitted.result.written,
          seconds: refitted.seconds,
          next: await next(places.refit),
        },
        first: await next(first),
      };
      steps.push(step);
      console.log(`  ${calendar.period} ${period}: ${said(step)}; refit ${said(step.refit)}`);
    }
    return {first: found, steps};
  });
}

const said = ({verdict, next, seconds}: Pick<Step, 'verdict' | 'next' | 'seconds'>) =>
  `${verdict}, AUC ${short(next.auc)}, ${seconds.toFixed(0)} CPU s`;

/** A run on all periods up to one, tested on the next. */
export function runFull(calendar: Calendar, period: number, seed: number): Promise<FullRun> {
  return inFolder(async folder => {
    const {place, ...found} = await bundleUpTo(calendar, period, {folder, seed});
    return {period, ...found, next: await scoreNext(calendar, period, {folder, place})};
  });
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

/** A bundle of all periods up to one. */
async function bundleUpTo(
  calendar: Calendar,
  to: number,
  {folder, seed}: {folder: string; seed: number},
): Promise<Chain['first'] & {place: string}> {
  const place = path.join(folder, 'bundle');
  const {result, seconds} = await timed(async () => {
    const shards = path.join(folder, 'shards');
    const {fitted} = await prepare({
      source: await calendar.rowsOf({from: 1, to, seed}),
      schema: calendar.schema,
      split: {by: 'order', valid: VALID},
      folder: shards,
    });
    const train = await openShards(shards);
    const [rows, validation] = [await loadTensors(train), await loadTensors(await openShards(shards, {part: 'valid'}))];
    const {model, selection, decision} = await autoSelect({fields: train.fields, train: rows, validation, seed});
    await saveBundle(place, {
      model,
      fitted,
      ...(selection.length === 0 ? {} : {selection}),
      metadata: {decision},
    });
    [rows, validation, model].forEach(each => each.dispose());
    return {chosen: decisionInWords(decision), kept: names(selection)};
  });
  return {...result, seconds, place};
}

/** The model of a bundle on all rows of the period after one. */
async function scoreNext(
  calendar: Calendar,
  period: number,
  {folder, place}: {folder: string; place: string},
): Promise<Scores> {
  const {model, fitted} = await loadBundle(place);
  const shards = path.join(folder, `next ${period} ${path.basename(place)}`);
  const source = await calendar.rowsOf({from: period + 1, to: period + 1, seed: 1, whole: true});
  await encode({source, fitted, folder: shards});
  const rows = await loadTensors(await openShards(shards));
  const scores = await score(model, rows);
  [model, rows].forEach(each => each.dispose());
  await rm(shards, {recursive: true});
  return scores;
}
