import {jaccard, mean} from '../../internals';
import type {DataName, Reading} from '../data';
import {runChart} from '../figure';
import type {Entry} from '../journal';
import {meanSd, range, short} from '../numbers';
import type {Lab} from '../lab';
import {dataOf, entriesOf, type Job, jobPerSeed, Plan, type PlanOptions, Section} from '../plan';
import {names} from '../runs';
import {selectInThreads} from '../select_in_threads';
import {isOfTrees, type RivalTrees, rivalTrees} from '../trees/rival_trees';
import {besideBest, DRAWN, groupsOf, kinds, type Result, resultsOf, type RivalResult, weights} from './recipe_rivals';

const SEEDS = [1, 2, 3];

/** What the recipe should reach after a refit, and the most pairs that it may keep: on either split. */
const bars: Partial<Record<string, {auc: number; kept?: number; jaccard?: number}>> = {
  frappe: {auc: 0.96, kept: 10, jaccard: 0.6},
  adult: {auc: 0.9285, kept: 40, jaccard: 0.6},
  movielens: {auc: 0.8185},
  flights: {auc: 0.775},
};

/** How far below a tuned LightGBM the choice may be. */
const BELOW = 0.001;

/** autoSelect with its defaults on every data set. */
export const recipe: Plan = {
  name: 'recipe',
  title: 'The recipe: autoSelect',
  question: 'Does `autoSelect` choose better than logistic regression and all interactions?',
  about:
    '`autoSelect` with its defaults. Gates are fitted on half of the validation rows, and the other half ' +
    'chooses. The chosen model is trained again on all rows except the test rows, which are read once. ' +
    'Logistic regression and the best model of all interactions are trained again on the same rows. "Better" ' +
    'and "worse" are at 95 % by DeLong\'s test on the test rows. LightGBM is tuned over eight settings by ' +
    "validation AUC and trained again on the same rows. Numbers have the library's own bins. Each seed draws other " +
    'validation rows. Test rows are those of the source (for the flights, one sample), or the same number of rows ' +
    'drawn by the seed ("drawn"; for the flights, another sample for each seed). Seconds were measured while other ' +
    'work ran, except those of `autoSelect` on Frappe, MovieLens and flights with the test rows of the source.',
  defaults: {data: ['frappe', 'adult', 'movielens', 'flights'], seeds: SEEDS},

  jobs: options => [...jobsOf(options, false), ...jobsOf(options, true)],

  report(all) {
    const entries = all.filter(entry => !isOfTrees(entry));
    const groups = groupsOf(entries);
    return [
      summary(groups),
      gains(groups),
      ...besideBest(groups),
      besideTrees(groups, all.filter(isOfTrees)),
      ...kinds(groups),
      weights(groups),
      agreement(groups),
      ...dataOf(entries).map(data => details(data, entriesOf(entries, data))),
    ];
  },
};

/** The choice and LightGBM, on the source's test rows or on drawn ones. */
function jobsOf(options: PlanOptions, drawn: boolean): Job[] {
  const reading: Reading = {bins: 'spikes', drawn};
  const jobs = [
    ...jobPerSeed(options, (data, seed, lab) => select(data, seed, lab, reading)),
    ...rivalTrees(options, reading),
  ];
  return drawn ? jobs.map(job => ({...job, key: `drawn ${job.key}`, data: job.data + DRAWN})) : jobs;
}

/** Seconds; those of drawn test rows were measured while other work ran. */
const secondsOf = (data: string, seconds: readonly number[]) => (data.endsWith(DRAWN) ? '-' : meanSd(seconds, 0));

const barOf = (data: string) => bars[data.replace(DRAWN, '')];

async function select(data: DataName, seed: number, lab: Lab, reading: Reading): Promise<Result> {
  const {fields, parts} = await lab.data(data, seed, reading);
  const {chosen, candidates, selection, test, rivals} = await selectInThreads({fields, ...parts, seed});
  return {
    chosen,
    candidates,
    kept: names(selection),
    // The data set has test rows.
    test: test!,
    rivals: rivals.map(rival => ({name: rival.candidate.name, test: rival.test})),
  };
}

const isLinear = ({name}: RivalResult) => name === 'LR';

function summary(groups: Entry[][]): Section {
  return {
    kind: 'table',
    title: 'Test AUC of the choice, of logistic regression and of all interactions',
    head: [
      'data',
      'autoSelect',
      'chosen',
      'kept',
      'logloss',
      'LR',
      'the choice is',
      'all interactions',
      'the choice is',
      'seconds',
      'bar',
    ],
    rows: groups.map(list => {
      const results = resultsOf(list);
      const aucs = results.map(({test}) => test.auc);
      const kept = results.map(({chosen}) => chosen.selection.length);
      const rivals = (of: (rival: RivalResult) => boolean) => results.flatMap(result => result.rivals.filter(of));
      const linear = rivals(isLinear);
      const whole = rivals(rival => !isLinear(rival));
      const bar = barOf(list[0].data);
      return [
        list[0].data,
        meanSd(aucs),
        [...new Set(results.map(({chosen}) => chosen.name))].join('; '),
        range(kept),
        meanSd(results.map(({test}) => test.logloss)),
        ...against(linear),
        ...against(whole),
        secondsOf(
          list[0].data,
          list.map(({wall}) => wall),
        ),
        bar === undefined ? '' : verdictOn(bar, aucs, kept),
      ];
    }),
  };
}

function against(rivals: readonly RivalResult[]): [auc: string, words: string] {
  if (rivals.length === 0) return ['-', 'the same'];
  return [meanSd(rivals.map(({test}) => test.scores.auc)), rivals.map(({test}) => test.words).join(', ')];
}

function verdictOn(
  {auc, kept: most}: {auc: number; kept?: number},
  aucs: readonly number[],
  kept: readonly number[],
): string {
  const holds = mean(aucs) >= auc && (most === undefined || Math.max(...kept) <= most);
  const seeds = aucs.length < SEEDS.length ? `${aucs.length} of ${SEEDS.length} seeds, ` : '';
  return (
    `${short(auc)}${most === undefined ? '' : ` with at most ${most}`}: ` +
    `${seeds}${holds ? 'holds' : 'does not hold'}`
  );
}

function gains(groups: Entry[][]): Section {
  const differences = (of: (rival: RivalResult) => boolean) =>
    groups.map(list => resultsOf(list).flatMap(({rivals}) => rivals.filter(of).map(({test}) => test.auc.difference)));
  return {
    kind: 'figure',
    name: 'recipe',
    title: 'Test AUC of the choice above that of its rivals',
    chart: runChart(
      groups.map(([{data}]) => data),
      [
        {name: 'above logistic regression', values: differences(isLinear)},
        {name: 'above all interactions', values: differences(rival => !isLinear(rival))},
      ],
      'difference of test AUC',
    ),
  };
}

/** The choice and a tuned LightGBM: the choice may be below by BELOW on no data set, and is to be above on two. */
function besideTrees(groups: Entry[][], trees: readonly Entry[]): Section {
  return {
    kind: 'table',
    title: 'Test AUC of the choice and of a tuned LightGBM',
    head: ['data', 'autoSelect', 'LightGBM', 'difference', 'seconds of LightGBM', `bar: at least -${short(BELOW, 3)}`],
    rows: groups.flatMap(list => {
      const rivals = new Map(entriesOf(trees, list[0].data).map(({seed, result}) => [seed, result as RivalTrees]));
      const both = list.flatMap(({seed, result}) => {
        const rival = rivals.get(seed);
        return rival === undefined ? [] : [{own: (result as Result).test.auc, rival}];
      });
      if (both.length === 0) return [];
      const differences = both.map(({own, rival}) => own - rival.test.auc);
      return [
        [
          list[0].data,
          meanSd(both.map(({own}) => own)),
          meanSd(both.map(({rival}) => rival.test.auc)),
          meanSd(differences),
          secondsOf(
            list[0].data,
            both.map(({rival}) => rival.trees.seconds),
          ),
          mean(differences) >= -BELOW ? 'holds' : 'does not hold',
        ],
      ];
    }),
  };
}

/** How alike the selections of two seeds are, which draw other validation rows. */
function agreement(groups: Entry[][]): Section {
  return {
    kind: 'table',
    title: 'Do the selections of two seeds agree?',
    head: ['data', 'interactions kept by each seed', 'Jaccard index of two', 'bar'],
    rows: groups.map(list => {
      const kept = resultsOf(list).map(result => result.kept);
      const alike = kept.flatMap((a, i) => kept.slice(i + 1).map(b => jaccard(a, b)));
      const bar = barOf(list[0].data)?.jaccard;
      return [
        list[0].data,
        kept
          .map(names => `${names.length > 12 ? `${names.length} interactions` : names.join(', ') || 'none'}`)
          .join('; '),
        meanSd(alike, 2),
        bar === undefined ? '' : `${bar}: ${mean(alike) >= bar ? 'holds' : 'does not hold'}`,
      ];
    }),
  };
}

function details(data: string, entries: Entry[]): Section {
  const rows = entries.flatMap(({seed, result}) => {
    const {candidates, chosen} = result as Result;
    return candidates.map(candidate => [
      String(seed),
      candidate.name,
      String(candidate.parameters),
      short(candidate.choice.auc),
      candidate.choice.logloss.toFixed(4),
      candidate.seconds.toFixed(1),
      candidate.name === chosen.name ? 'chosen' : '',
    ]);
  });
  return {
    kind: 'table',
    title: `${data}: all candidates`,
    head: ['seed', 'candidate', 'parameters', 'AUC on V2', 'calibrated logloss on V2', 'seconds', ''],
    rows,
  };
}
