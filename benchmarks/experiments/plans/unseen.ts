import {INTERVAL} from 'tfjs-autofis';
import {mean} from '../../internals';
import {isFailure, type Entry} from '../journal';
import {short, signed} from '../numbers';
import type {Job, Plan, Section, Tables} from '../plan';
import type {Compared} from '../unseen/compared';
import {RivalName, rivalNames, runTable, TableResult} from '../unseen/run_table';

/** `tfjs-autofis run` on tables of anyone's, against what their owners have. */
export const unseen: Plan = {
  name: 'unseen',
  title: 'Tables that nobody has tuned on',
  question: 'How does `tfjs-autofis run` compare with LightGBM, LR and FFM on new tables?',
  about:
    'Works on any folder of CSV files with a column that names training, validation and test rows. The recipe is ' +
    'what `tfjs-autofis run TABLE` does: it infers how columns are read, selects, and trains the chosen model ' +
    'again on all rows except the test rows. The other models have the same rows. Logistic regression (LR), FFM of ' +
    'all pairs and, for large tables, FM each have the penalty that V2 prefers (the half of the validation rows ' +
    'that chooses); they are trained again on training and validation rows and calibrated like the chosen model. ' +
    'LightGBM reads the original columns, numbers as numbers and all others as categories; it is tuned over eight ' +
    'settings by validation AUC, trained again on both parts and calibrated likewise. "Pairs" is the one of FM and ' +
    'FFM that V2 prefers. Differences are the recipe minus the other model, with 95 % intervals; those of AUCs by ' +
    'DeLong. "The same" means that the recipe chose this model.',
  defaults: {data: [], seeds: [1]},
  ofTables: true,

  jobs: ({seeds, tables}) => tables!.names.flatMap(name => seeds.map(seed => job(name, seed, tables!))),

  report(entries) {
    const runs = entries.flatMap(entry => (isFailure(entry.result) ? [] : [{...entry, result: resultOf(entry)}]));
    return [
      ...(runs.length === 0 ? [] : [summary(runs), scores(runs), differences(runs), losses(runs), times(runs)]),
      ...failures(entries),
      ...runs.flatMap(details),
    ];
  },
};

type Run = Entry & {result: TableResult};

const resultOf = ({result}: Entry) => result as TableResult;

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

/** The rivals of the summary: FM and FFM as one, by validation rows. */
const judged = ['LightGBM', 'LR', 'pairs'] as const;

function comparedWith({rivals, pairs}: TableResult, rival: (typeof judged)[number]): Compared | undefined {
  if (rival !== 'pairs') return rivals[rival]?.compared;
  return pairs === null ? undefined : rivals[pairs]?.compared;
}

function summary(runs: readonly Run[]): Section {
  return {
    kind: 'table',
    title: 'How often the recipe is better or worse',
    head: ['than', 'better', 'worse', 'cannot be told apart', 'the same', 'mean difference of AUC', 'least', 'most'],
    rows: judged.map(rival => {
      const all = runs.flatMap(({result}) => comparedWith(result, rival) ?? []);
      const count = (words: Compared['words']) => String(all.filter(one => one.words === words).length);
      const by = all.map(({auc}) => auc.difference);
      return [
        rival,
        ...(['better', 'worse', 'cannot be told apart', 'the same'] as const).map(count),
        ...(by.length === 0 ? ['-', '-', '-'] : [mean(by), Math.min(...by), Math.max(...by)].map(x => signed(x))),
      ];
    }),
  };
}

function scores(runs: readonly Run[]): Section {
  return {
    kind: 'table',
    title: 'Test AUC',
    head: [
      ...['table', 'seed', 'rows', 'fields', 'positive in test', 'recipe'],
      ...rivalNames,
      ...['chosen', 'pairs kept', 'triples kept'],
    ],
    rows: runs.map(({data, seed, result}) => [
      data,
      String(seed),
      count(result.rows.reduce((a, b) => a + b)),
      String(result.fields),
      `${count(result.positives)} of ${count(result.rows[2])}`,
      short(result.recipe.auc),
      ...rivalNames.map(rival => ofRival(result, rival, ({auc}) => short(auc))),
      result.chosen,
      `${result.kept.pairs} of ${result.total}`,
      String(result.kept.triples),
    ]),
  };
}

function differences(runs: readonly Run[]): Section {
  return {
    kind: 'table',
    title: 'Test AUC of the recipe less that of its rivals',
    head: ['table', 'seed', ...judged],
    rows: runs.map(({data, seed, result}) => [
      data,
      String(seed),
      ...judged.map(rival => differenceInWords(comparedWith(result, rival))),
    ]),
  };
}

function differenceInWords(one: Compared | undefined): string {
  if (one === undefined) return '-';
  const {
    words,
    auc: {difference, standardError},
  } = one;
  if (words === 'the same') return words;
  const [low, high] = [-INTERVAL, INTERVAL].map(times => signed(difference + times * standardError));
  return `${signed(difference)} (${low} to ${high}), ${words}`;
}

function losses(runs: readonly Run[]): Section {
  return {
    kind: 'table',
    title: 'Test logloss',
    head: ['table', 'seed', 'recipe', ...rivalNames, ...judged.map(rival => `recipe less ${rival}`)],
    rows: runs.map(({data, seed, result}) => [
      data,
      String(seed),
      short(result.recipe.logloss),
      ...rivalNames.map(rival => ofRival(result, rival, ({logloss}) => short(logloss))),
      ...judged.map(rival => {
        const one = comparedWith(result, rival);
        if (one === undefined || one.words === 'the same') return one?.words ?? '-';
        return `${signed(one.logloss.difference)} ± ${short(INTERVAL * one.logloss.standardError)}`;
      }),
    ]),
  };
}

function times(runs: readonly Run[]): Section {
  return {
    kind: 'table',
    title: 'Seconds',
    head: ['table', 'seed', 'recipe', 'one training of its base', 'times that', 'LightGBM, 8 settings and refit'],
    rows: runs.map(({data, seed, result: {seconds, trees}}) => [
      data,
      String(seed),
      seconds.recipe.toFixed(1),
      seconds.base?.toFixed(1) ?? '-',
      seconds.base === null ? '-' : (seconds.recipe / seconds.base).toFixed(1),
      trees.seconds.toFixed(1),
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

function details({data, seed, result}: Run): Section[] {
  const {candidates, chosen, rivals, recipe, label, trees, warnings} = result;
  const testAuc = ({name}: {name: string}): string => {
    if (name === chosen) return short(recipe.auc);
    const rival = Object.values(rivals).find(one => one.name === name);
    return rival === undefined ? '' : short(rival.test.auc);
  };
  const table: Section = {
    kind: 'table',
    title: `${data}, seed ${seed}: all candidates (positive: ${label})`,
    head: ['candidate', 'parameters', 'AUC on V2', 'calibrated logloss on V2', 'seconds', 'refit, test AUC', ''],
    rows: [
      ...candidates.map(candidate => [
        candidate.name,
        count(candidate.parameters),
        short(candidate.choice.auc),
        candidate.choice.logloss.toFixed(4),
        candidate.seconds.toFixed(1),
        testAuc(candidate),
        candidate.name === chosen ? 'chosen' : '',
      ]),
      [
        `LightGBM, ${trees.trees} trees, ${Object.entries(trees.parameters)
          .map(([name, value]) => `${name} ${value}`)
          .join(', ')}`,
        '',
        '',
        '',
        trees.seconds.toFixed(1),
        ofRival(result, 'LightGBM', ({auc}) => short(auc)),
        '',
      ],
    ],
  };
  return [table, ...warnings.map((text): Section => ({kind: 'text', text}))];
}

function ofRival({rivals}: TableResult, rival: RivalName, text: (scores: TableResult['recipe']) => string): string {
  const one = rivals[rival];
  return one === undefined ? '-' : text(one.test);
}

const count = (value: number) => value.toLocaleString('en-US');
