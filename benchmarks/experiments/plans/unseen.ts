import {type Scores} from 'tfjs-autofis';
import {INTERVAL, mean} from '../../internals';
import {type FormerRun, formerRuns} from '../former';
import {type Entry, isFailure} from '../journal';
import {short, signed} from '../numbers';
import type {Job, Plan, Section, Tables} from '../plan';
import {treeLibraries} from '../trees/rival_trees';
import type {Compared} from '../unseen/compared';
import {type RivalName, rivalNames, runTable, type TableResult} from '../unseen/run_table';

/** `autoSelect` on tables of anyone's, against what their owners have. */
export const unseen: Plan = {
  name: 'unseen',
  title: 'Tables that nobody has tuned on',
  question: 'How does `tfjs-autofis run` compare with LightGBM, CatBoost, LR and all pairs on new tables?',
  about:
    'Works on any folder of CSV files with a column that names training, validation and test rows. Columns are ' +
    'read as `tfjs-autofis run TABLE` reads them, and `autoSelect` selects with its defaults and trains the ' +
    'selection on all rows except the test rows. The other models have the same rows: logistic regression (LR), ' +
    'products of all pairs, and trees, which read the original columns, numbers as numbers and all others as ' +
    'categories. LightGBM is tuned over eight settings by validation AUC, CatBoost has its defaults and stops by ' +
    'validation logloss; both are grown again on training and validation rows and calibrated. Differences are the' +
    ' selection minus the other model, with 95 % intervals; those of AUCs by DeLong. "The same" means that LR was' +
    ' chosen. "Former recipe": the recipe that chose one of many trained models, on the same table and seed ' +
    '(benchmarks/results/former).',
  defaults: {data: [], seeds: [1]},
  ofTables: true,

  jobs: ({seeds, tables}) => tables!.names.flatMap(name => seeds.map(seed => job(name, seed, tables!))),

  report(entries) {
    const former = formerRuns('unseen');
    const runs = entries.flatMap((entry): Run[] =>
      isFailure(entry.result)
        ? []
        : [
            {
              ...entry,
              result: entry.result as TableResult,
              former: former.find(({data, seed}) => data === entry.data && seed === entry.seed),
            },
          ],
    );
    return [
      ...(runs.length === 0 ? [] : [summary(runs), scores(runs), differences(runs), losses(runs), times(runs)]),
      ...failures(entries),
      ...runs.flatMap(({data, result: {warnings}}) =>
        warnings.map((text): Section => ({kind: 'text', text: `${data}: ${text}`})),
      ),
    ];
  },
};

/** A run, and that of the former recipe where it had the same table and seed. */
type Run = Entry & {result: TableResult; former: FormerRun | undefined};

function job(name: string, seed: number, tables: Tables): Job {
  return {
    key: `${name} ${seed}`,
    data: name,
    seed,
    run: () =>
      runTable(name, tables, seed).catch((error: Error) => {
        console.log(`  failed: ${error.message}`);
        return {failure: error.message};
      }),
  };
}

function summary(runs: readonly Run[]): Section {
  const differenceRow = (by: readonly number[]) =>
    by.length === 0 ? ['-', '-', '-'] : [mean(by), Math.min(...by), Math.max(...by)].map(x => signed(x));
  const former = runs.flatMap(({former: run, result}) => (run === undefined ? [] : [result.selection.auc - run.auc]));
  return {
    kind: 'table',
    title: 'How often the selection is better or worse',
    head: ['than', 'better', 'worse', 'undecided', 'the same', 'mean difference of AUC', 'least', 'most'],
    rows: [
      ...rivalNames.map(rival => {
        const all = runs.flatMap(({result}) => result.rivals[rival]?.compared ?? []);
        const count = (verdict: Compared['verdict']) => String(all.filter(one => one.verdict === verdict).length);
        return [
          rival,
          ...(['better', 'worse', 'undecided', 'the same'] as const).map(count),
          ...differenceRow(all.map(({auc}) => auc.difference)),
        ];
      }),
      // Of the former runs no predictions are left to compare.
      ['former recipe', '-', '-', '-', '-', ...differenceRow(former)],
    ],
  };
}

function scores(runs: readonly Run[]): Section {
  return {
    kind: 'table',
    title: 'Test AUC',
    head: [
      ...['table', 'seed', 'rows', 'fields', 'positive in test', 'selection', 'former recipe'],
      ...rivalNames,
      ...['chosen', 'pairs', 'triples'],
    ],
    rows: runs.map(({data, seed, result, former}) => [
      data,
      String(seed),
      count(result.rows.reduce((a, b) => a + b)),
      String(result.fields),
      `${count(result.positives)} of ${count(result.rows[2])}`,
      short(result.selection.auc),
      former === undefined ? '-' : short(former.auc),
      ...rivalNames.map(rival => ofRival(result, rival, ({auc}) => short(auc))),
      result.chosen,
      `${result.selected.pairs} of ${result.total}`,
      String(result.selected.triples),
    ]),
  };
}

function differences(runs: readonly Run[]): Section {
  return {
    kind: 'table',
    title: 'Test AUC of the selection less that of its rivals',
    head: ['table', 'seed', ...rivalNames],
    rows: runs.map(({data, seed, result}) => [
      data,
      String(seed),
      ...rivalNames.map(rival => differenceInWords(result.rivals[rival]?.compared)),
    ]),
  };
}

function differenceInWords(one: Compared | undefined): string {
  if (one === undefined) return '-';
  const {
    verdict,
    auc: {difference, standardError},
  } = one;
  if (verdict === 'the same') return verdict;
  const [low, high] = [-INTERVAL, INTERVAL].map(times => signed(difference + times * standardError));
  return `${signed(difference)} (${low} to ${high}), ${verdict}`;
}

function losses(runs: readonly Run[]): Section {
  return {
    kind: 'table',
    title: 'Test logloss',
    head: [
      ...['table', 'seed', 'selection', 'former recipe'],
      ...rivalNames,
      ...rivalNames.map(rival => `selection less ${rival}`),
    ],
    rows: runs.map(({data, seed, result, former}) => [
      data,
      String(seed),
      short(result.selection.logloss),
      former === undefined ? '-' : short(former.logloss),
      ...rivalNames.map(rival => ofRival(result, rival, ({logloss}) => short(logloss))),
      ...rivalNames.map(rival => {
        const one = result.rivals[rival]?.compared;
        if (one === undefined || one.verdict === 'the same') return one?.verdict ?? '-';
        return `${signed(one.logloss.difference)} ± ${short(INTERVAL * one.logloss.standardError)}`;
      }),
    ]),
  };
}

function times(runs: readonly Run[]): Section {
  return {
    kind: 'table',
    title: 'Seconds, refits included',
    head: ['table', 'seed', '`autoSelect`', ...treeLibraries],
    rows: runs.map(({data, seed, result: {seconds, trees}}) => [
      data,
      String(seed),
      seconds.toFixed(1),
      ...treeLibraries.map(library => trees[library].seconds.toFixed(1)),
    ]),
  };
}

function failures(entries: readonly Entry[]): Section[] {
  const failed = entries.flatMap(({data, seed, result}) =>
    isFailure(result) ? [[data, String(seed), result.failure.replaceAll('\n', ' ')]] : [],
  );
  if (failed.length === 0) return [];
  return [{kind: 'table', title: 'Tables that failed', head: ['table', 'seed', 'why'], rows: failed}];
}

function ofRival({rivals}: TableResult, rival: RivalName, text: (scores: Scores) => string): string {
  const one = rivals[rival];
  return one === undefined ? '-' : text(one.test);
}

const count = (value: number) => value.toLocaleString('en-US');
