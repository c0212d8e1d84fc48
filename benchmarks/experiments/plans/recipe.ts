import type {Decision, Rival, Scores, TestComparison} from 'tfjs-autofis';
import {decisionInWords, type HeldOutScores, jaccard, mean} from '../../internals';
import type {DataName, Reading} from '../data';
import {runChart} from '../figure';
import {formerRuns} from '../former';
import type {Entry} from '../journal';
import type {Lab} from '../lab';
import {meanSd, range, short} from '../numbers';
import {dataOf, entriesOf, type Job, jobPerSeed, Plan, type PlanOptions, Section} from '../plan';
import {names} from '../runs';
import {selectInThreads} from '../select_in_threads';
import {isOfTrees, type RivalTrees, rivalTrees, treeLibraries} from '../trees/rival_trees';

const SEEDS = [1, 2, 3];
/** Behind the name of a data set whose test rows the seed draws. */
const DRAWN = ', drawn';

/** Least AUC of a selection, and its most interactions, on either split. */
const bars: Partial<Record<string, {auc: number; most?: number; jaccard?: number}>> = {
  frappe: {auc: 0.96, most: 10, jaccard: 0.6},
  adult: {auc: 0.9285, most: 40, jaccard: 0.6},
  movielens: {auc: 0.8185},
  flights: {auc: 0.775},
};

/** The part of the gains that the selections of two seeds share, where their Jaccard index is lower. */
const SHARED_GAIN = 0.97;

/** AUC that a selection may be below the better library of trees. */
const BELOW = 0.001;

/** Result of one selection. */
interface Result {
  /** The decision in words. */
  chosen: string;
  /** Names of its interactions. */
  selected: string[];
  /** Logloss that they save on fresh rows, one by one; absent in runs from before it was recorded. */
  gains?: number[];
  heldOut: HeldOutScores;
  test: Scores;
  weights: number;
  rivals: Array<{role: Rival['role']; test: TestComparison; weights: number}>;
}

/** autoSelect with its defaults on every data set. */
export const recipe: Plan = {
  name: 'recipe',
  title: 'autoSelect on four public data sets',
  question: 'Does `autoSelect` predict better than logistic regression, all pairs and trees?',
  about:
    '`autoSelect` with its defaults on training and validation rows; the test rows are read once. Logistic ' +
    'regression and products of all pairs are trained on the same rows. "Better" and "worse" are at 95 % by ' +
    "DeLong's test on the test rows. " +
    'LightGBM is tuned over eight settings by validation AUC, CatBoost has its defaults and stops by ' +
    'validation logloss; both are grown again on training and validation rows. Numbers have the bins of the library. ' +
    'Each seed draws other validation rows. Test rows are those of the source (for the flights, one sample), or the ' +
    'same number of rows drawn by the seed ("drawn"; for the flights, another sample for each seed). "Former ' +
    'recipe": the same by the recipe that chose one of many trained models (benchmarks/results/former).',
  defaults: {data: ['frappe', 'adult', 'movielens', 'flights'], seeds: SEEDS},

  jobs: options => [...jobsOf(options, false), ...jobsOf(options, true)],

  report(entries) {
    const selections = entries.filter(entry => !isOfTrees(entry));
    const groups = dataOf(selections).map(data => entriesOf(selections, data));
    return [
      besideOthers(entries),
      ...(groups.length === 0 ? [] : [summary(groups), gains(groups), heldOut(groups), besideBest(groups)]),
      ...(groups.length === 0 ? [] : [weights(groups), agreement(groups)]),
    ];
  },
};

/** The selection and trees, on the source's test rows or on drawn ones. */
function jobsOf(options: PlanOptions, drawn: boolean): Job[] {
  const reading: Reading = {bins: 'spikes', drawn};
  const jobs = [
    ...jobPerSeed(options, (data, seed, lab) => select(data, seed, lab, reading)),
    ...rivalTrees(options, reading),
  ];
  return drawn ? jobs.map(job => ({...job, key: `drawn ${job.key}`, data: job.data + DRAWN})) : jobs;
}

async function select(data: DataName, seed: number, lab: Lab, reading: Reading): Promise<Result> {
  const {fields, parts} = await lab.data(data, seed, reading);
  return selectInThreads({fields, ...parts, seed}, ({model, selection, decision, test, rivals}) => ({
    chosen: decisionInWords(decision),
    selected: names(selection),
    gains: selection.map(({fields: of}) => gainOf(decision, of)),
    heldOut: decision.scores,
    // The data set has test rows.
    test: test!,
    weights: model.countParams(),
    rivals: rivals.map(rival => ({role: rival.role, test: rival.test, weights: rival.model.countParams()})),
  }));
}

function gainOf({interactions}: Decision, fields: readonly string[]): number {
  return Math.max(0, interactions.find(each => String(each.fields) === String(fields))!.gain);
}

const barOf = (data: string) => bars[data.replace(DRAWN, '')];
const resultsOf = (entries: readonly Entry[]) => entries.map(({result}) => result as Result);
const rivalsOf = (results: readonly Result[], role: Rival['role']) =>
  results.flatMap(({rivals}) => rivals.filter(rival => rival.role === role));

/** Test AUC of the selection, of the former recipe and of trees. */
function besideOthers(entries: readonly Entry[]): Section {
  const former = formerRuns('recipe');
  return {
    kind: 'table',
    title: 'Test AUC beside trees and the former recipe',
    head: [
      'data',
      'autoSelect',
      'former recipe',
      ...treeLibraries,
      `bar: at least the better trees - ${short(BELOW, 3)}`,
    ],
    rows: dataOf(entries).map(data => {
      const all = entriesOf(entries, data);
      const selected = resultsOf(all.filter(entry => !isOfTrees(entry))).map(({test}) => test.auc);
      const trees = treeLibraries.map(library =>
        all
          .filter(isOfTrees)
          .map(({result}) => result as RivalTrees)
          .filter(each => each.library === library)
          .map(({test}) => test.auc),
      );
      const grown = trees.filter(aucs => aucs.length > 0).map(mean);
      const holds = mean(selected) >= Math.max(...grown) - BELOW ? 'holds' : 'does not hold';
      return [
        data,
        meanSd(selected),
        meanSd(former.filter(run => run.data === data).map(({auc}) => auc)),
        ...trees.map(aucs => meanSd(aucs)),
        selected.length === 0 || grown.length === 0 ? '-' : holds,
      ];
    }),
  };
}

function summary(groups: Entry[][]): Section {
  return {
    kind: 'table',
    title: 'Test AUC of the selection, of logistic regression and of all pairs',
    head: [
      ...['data', 'autoSelect', 'chosen', 'interactions', 'logloss'],
      ...['LR', 'the selection is', 'all pairs', 'the selection is', 'seconds', 'bar'],
    ],
    rows: groups.map(list => {
      const results = resultsOf(list);
      const aucs = results.map(({test}) => test.auc);
      const counts = results.map(({selected}) => selected.length);
      const bar = barOf(list[0].data);
      return [
        list[0].data,
        meanSd(aucs),
        [...new Set(results.map(({chosen}) => chosen))].join('; '),
        range(counts),
        meanSd(results.map(({test}) => test.logloss)),
        ...against(rivalsOf(results, 'linear')),
        ...against(rivalsOf(results, 'all')),
        meanSd(
          list.map(({wall}) => wall),
          0,
        ),
        bar === undefined ? '' : verdictOn(bar, aucs, counts),
      ];
    }),
  };
}

function against(rivals: Result['rivals']): [auc: string, words: string] {
  if (rivals.length === 0) return ['-', 'the same'];
  return [meanSd(rivals.map(({test}) => test.scores.auc)), rivals.map(({test}) => test.verdict).join(', ')];
}

function verdictOn(
  {auc, most}: {auc: number; most?: number},
  aucs: readonly number[],
  counts: readonly number[],
): string {
  const holds = mean(aucs) >= auc && (most === undefined || Math.max(...counts) <= most);
  const seeds = aucs.length < SEEDS.length ? `${aucs.length} of ${SEEDS.length} seeds, ` : '';
  const limit = most === undefined ? '' : ` with at most ${most}`;
  return `${short(auc)}${limit}: ${seeds}${holds ? 'holds' : 'does not hold'}`;
}

function gains(groups: Entry[][]): Section {
  const differences = (role: Rival['role']) =>
    groups.map(list => rivalsOf(resultsOf(list), role).map(({test}) => test.auc.difference));
  return {
    kind: 'figure',
    name: 'recipe',
    title: 'Test AUC of the selection above that of its rivals',
    chart: runChart(
      groups.map(([{data}]) => data),
      [
        {name: 'above logistic regression', values: differences('linear')},
        {name: 'above all pairs', values: differences('all')},
      ],
      'difference of test AUC',
    ),
  };
}

/** Tabulate the scores on held-out rows, which are known before the test rows are read. */
function heldOut(groups: Entry[][]): Section {
  return {
    kind: 'table',
    title: 'AUC on held-out rows',
    head: ['data', 'selection', 'LR', 'all pairs', 'random sets of the same size'],
    rows: groups.map(list => {
      const scores = resultsOf(list).map(result => result.heldOut);
      return [
        list[0].data,
        meanSd(scores.map(({selection}) => selection.auc)),
        meanSd(scores.map(({linear}) => linear.auc)),
        meanSd(scores.flatMap(({all}) => (all === null ? [] : [all.auc]))),
        meanSd(scores.flatMap(({random}) => random.map(({auc}) => auc))),
      ];
    }),
  };
}

/** Count the standard errors by which a selection is above the better of its rivals on the test rows. */
function aboveBest(rivals: ReadonlyArray<{test: Pick<TestComparison, 'auc'>}>): number {
  const {difference, standardError} = rivals
    .map(({test}) => test.auc)
    .reduce((a, b) => (b.difference < a.difference ? b : a));
  return difference === 0 ? 0 : difference / standardError;
}

function besideBest(groups: Entry[][]): Section {
  return {
    kind: 'table',
    title: 'The selection and the better of logistic regression and all pairs',
    head: ['data', 'standard errors above the better one, by seed', 'bar: never below by more than one'],
    rows: groups.map(list => {
      const above = resultsOf(list).flatMap(({rivals}) => (rivals.length === 0 ? [] : [aboveBest(rivals)]));
      return [
        list[0].data,
        above.map(z => z.toFixed(2)).join(', ') || '-',
        above.every(z => z >= -1) ? 'holds' : 'does not hold',
      ];
    }),
  };
}

function weights(groups: Entry[][]): Section {
  return {
    kind: 'table',
    title: 'Weights of the selection and of products of all pairs',
    head: ['data', 'selection', 'all pairs'],
    rows: groups.map(list => {
      const results = resultsOf(list);
      const whole = rivalsOf(results, 'all').map(rival => rival.weights);
      return [list[0].data, range(results.map(result => result.weights)), whole.length === 0 ? '-' : range(whole)];
    }),
  };
}

/** Return the part of two seeds' gains that interactions of both have; null where a run did not record gains. */
function sharedGain(a: Result, b: Result): number | null {
  if (a.gains === undefined || b.gains === undefined) return null;
  const total = (gains: readonly number[]) => gains.reduce((sum, gain) => sum + gain, 0);
  const part = (gains: readonly number[], {selected}: Result, other: Result) =>
    total(gains.filter((_, i) => other.selected.includes(selected[i]))) / total(gains);
  return (part(a.gains, a, b) + part(b.gains, b, a)) / 2;
}

/** How alike the selections of two seeds are, which draw other validation rows. */
function agreement(groups: Entry[][]): Section {
  return {
    kind: 'table',
    title: 'Do the selections of two seeds agree?',
    head: ['data', 'interactions of each seed', 'Jaccard index of two', 'shared gain', 'bar'],
    rows: groups.map(list => {
      const results = resultsOf(list);
      const selected = results.map(result => result.selected);
      const pairs = results.flatMap((a, i) => results.slice(i + 1).map(b => [a, b] as const));
      const alike = pairs.map(([a, b]) => jaccard(a.selected, b.selected));
      const shared = pairs.flatMap(([a, b]) => sharedGain(a, b) ?? []);
      const bar = barOf(list[0].data)?.jaccard;
      const holds = mean(alike) >= bar! || mean(shared) >= SHARED_GAIN;
      return [
        list[0].data,
        selected.map(each => (each.length > 12 ? `${each.length} interactions` : each.join(', ') || 'none')).join('; '),
        meanSd(alike, 2),
        meanSd(shared, 2),
        bar === undefined || alike.length === 0
          ? ''
          : `${bar}, or ${short(SHARED_GAIN, 2)} of the gain: ${holds ? 'holds' : 'does not hold'}`,
      ];
    }),
  };
}
