import type * as tfl from '@tensorflow/tfjs-layers';
import type {Scores, Selection} from 'tfjs-autofis';
import {autoFm} from 'tfjs-autofis/models';
import {everything, formOf, score, trainToBest, type Training} from '../../internals';
import {firstStrength, heldOutSearch} from '../held_out_search';
import type {DataName} from '../data';
import {runChart} from '../figure';
import type {Lab} from '../lab';
import {meanSd, range, short} from '../numbers';
import {dataOf, entriesOf, groupBy, Plan, Section} from '../plan';
import {protocol} from '../protocol';
import {fixedScale, withAlphaPenalty, withDropout, withFixedAlpha} from '../regularisers';

/** What a retrain is made of. */
interface Setting {
  searched: tfl.LayersModel;
  selection: Selection;
  seed: number;
}

interface Form {
  make(setting: Setting): tfl.LayersModel;
  /** Whether all interactions are retrained so, too. */
  ofAll?: true;
}

const gated = ({searched, selection, seed}: Setting) => formOf(searched, selection, 'gated', seed);
const plain = ({searched, selection, seed}: Setting) => formOf(searched, selection, 'plain', seed);

const forms: Record<string, Form> = {
  'gated, as it is': {make: gated, ofAll: true},
  'plain, as it is': {make: plain, ofAll: true},
  'gated, penalty on alpha .01': {make: setting => withAlphaPenalty(gated(setting), 0.01), ofAll: true},
  'gated, alpha fixed': {make: setting => withFixedAlpha(gated(setting))},
  'scale fixed': {make: ({searched, selection, seed}) => fixedScale(searched, selection, seed)},
  'gated, dropout .2': {make: setting => withDropout(gated(setting), 0.2, setting.seed)},
  'gated, dropout .5': {make: setting => withDropout(gated(setting), 0.5, setting.seed), ofAll: true},
  'gated, alpha fixed, dropout .5': {make: setting => withDropout(withFixedAlpha(gated(setting)), 0.5, setting.seed)},
  'plain, dropout .2': {make: setting => withDropout(plain(setting), 0.2, setting.seed), ofAll: true},
  'plain, dropout .5': {make: setting => withDropout(plain(setting), 0.5, setting.seed), ofAll: true},
};

const sets = ['selection', 'all'] as const;

/** The retrains of each data set and seed. */
const retrains = sets.flatMap(set =>
  Object.entries(forms)
    .filter(([, {ofAll}]) => set === 'selection' || ofAll)
    .map(([form, {make}]) => ({set, form, make})),
);

interface Result {
  form: string;
  set: string;
  kept: number;
  test: Scores;
  run: Training;
}

/** Gated retrains with regularisers that the normalisation behind the product does not cancel. */
export const regularise: Plan = {
  name: 'regularise',
  title: 'Gated retrains, regularised',
  question: 'Which regulariser helps a retrain with gates?',
  about:
    'On MovieLens retrains with gates are worse than those without, and a larger penalty on embeddings cannot ' +
    'help, since the normalisation of products cancels it. It does not cancel these regularisers ' +
    '(benchmarks/experiments/regularisers.ts): a penalty on alpha; alpha fixed at the searched values, which ' +
    'held-out rows decided; fixed weights of products instead of the normalisation; dropout of the ' +
    "embeddings' entries before the products. For each data set and seed there is one search by `SearchStage`, " +
    'whose alpha learns from validation batches. Its selection, and all interactions, are retrained in each form ' +
    'from the same starts. "Difference" is the difference in validation AUC from the same set with gates and no such ' +
    'regulariser.',
  defaults: {data: ['frappe', 'adult', 'flights', 'movielens'], seeds: [1, 2]},

  jobs: ({data, seeds}) =>
    seeds.flatMap(seed =>
      data.map(name => ({
        key: `${name} ${seed}`,
        data: name,
        seed,
        run: (lab: Lab) => run(name, seed, lab),
      })),
    ),

  report: entries =>
    dataOf(entries).flatMap(data =>
      sections(
        data,
        entriesOf(entries, data).map(({result}) => result as Result[]),
      ),
    ),
};

async function run(name: DataName, seed: number, lab: Lab): Promise<Result[]> {
  const {fields, parts} = await lab.data(name, seed);
  const {training, build} = protocol(name, 'shallow');
  const model = build(autoFm, {fields, seed});
  const setting = {model, ...parts, seed, training};
  const {model: searched, selection: found} = await heldOutSearch(setting, firstStrength(setting));
  const selections = {selection: found, all: everything(model)};
  const results: Result[] = [];
  for (const {set, form, make} of retrains) {
    const selection = selections[set];
    const slim = make({searched, selection, seed});
    const reached = await trainToBest(slim, parts.train, parts.validation, seed, training);
    results.push({form, set, kept: selection.length, run: reached, test: await score(slim, parts.test)});
    console.log(`  ${set}, ${form}: validation AUC ${short(reached.validation.auc)}, ${reached.seconds.toFixed(0)} s`);
    slim.dispose();
  }
  [model, searched].forEach(m => m.dispose());
  return results;
}

function sections(data: string, runs: Result[][]): Section[] {
  const results = runs.flatMap(list => list.map(r => ({...r, now: list.find(other => other.set === r.set)!})));
  const byName = groupBy(results, ({set, form}) => `${set}, ${form}`);
  return [
    {
      kind: 'table',
      title: data,
      head: ['retrain', 'kept', 'validation AUC', 'difference', 'test AUC', 'best epoch', 'seconds'],
      rows: byName.map(([name, list]) => [
        name,
        range(list.map(r => r.kept)),
        meanSd(list.map(r => r.run.validation.auc)),
        meanSd(list.map(r => r.run.validation.auc - r.now.run.validation.auc)),
        meanSd(list.map(r => r.test.auc)),
        range(list.map(r => r.run.bestEpoch)),
        meanSd(
          list.map(r => r.run.seconds),
          0,
        ),
      ]),
    },
    {
      kind: 'figure',
      name: `regularise-${data}`,
      title: `${data}: AUC of retrains`,
      chart: runChart(
        byName.map(([name]) => name),
        [
          {name: 'validation', values: byName.map(([, list]) => list.map(r => r.run.validation.auc))},
          {name: 'test', values: byName.map(([, list]) => list.map(r => r.test.auc))},
        ],
        'AUC',
      ),
    },
  ];
}
