import {SearchStageArgs} from 'tfjs-autofis';
import {autoFm} from 'tfjs-autofis/models';
import {jaccard, mean, pearson} from '../../internals';
import type {DataName} from '../data';
import {runChart} from '../figure';
import type {Entry} from '../journal';
import type {Lab} from '../lab';
import {meanSd, range} from '../numbers';
import {dataOf, entriesOf, groupBy, Plan, Section} from '../plan';
import {protocol} from '../protocol';
import {names, searchEpochs, searchOnce} from '../runs';

interface Setting {
  name: string;
  options?: SearchStageArgs;
  batchSize?: number;
  alphaInit?: number;
}

/** One thing is changed at a time. */
const settings: Record<string, Setting[]> = {
  strength: [0.5, 1, 2, 3, 5].map(strength => ({name: `strength ${strength}`, options: {strength}})),
  mu: [0.6, 0.7, 0.8, 0.9].map(mu => ({name: `mu ${mu}`, options: {mu}})),
  'batch size': [250, 500, 1000, 2000].map(batchSize => ({name: `batch ${batchSize}`, batchSize})),
  'start of alpha': [0.1, 0.3, 0.6, 1].map(alphaInit => ({name: `alpha starts at ${alphaInit}`, alphaInit})),
};

interface Result {
  group: string;
  setting: string;
  kept: number;
  auc: number;
  /** alpha of each pair that is open. */
  alpha: Record<string, number>;
}

/** How the search depends on its options and on chance. */
export const sensitivity: Plan = {
  name: 'sensitivity',
  title: 'Sensitivity of the search',
  question: 'How much do the options of a search change its selection?',
  about:
    'AutoFM, search only, with the defaults (strength 1, mu .8, warm-up a third) except for one option; ' +
    'c follows from the strength. ' +
    'Correlation and Jaccard compare the alphas and the open pairs of two seeds, ' +
    'which also have different validation rows.',
  defaults: {data: ['frappe', 'adult'], seeds: [1, 2, 3]},

  jobs: ({data, seeds}) =>
    data.flatMap(name =>
      seeds.flatMap(seed =>
        Object.entries(settings).flatMap(([group, list]) =>
          list.map(setting => ({
            key: `${name} ${setting.name} ${seed}`,
            data: name,
            seed,
            run: (lab: Lab) => run(group, setting, name, seed, lab),
          })),
        ),
      ),
    ),

  report: entries => dataOf(entries).flatMap(data => sections(data, entriesOf(entries, data))),
};

async function run(
  group: string,
  {name: setting, options, batchSize, alphaInit}: Setting,
  name: DataName,
  seed: number,
  lab: Lab,
): Promise<Result> {
  const data = await lab.data(name, seed);
  const {training, build} = protocol(name, 'shallow');
  const model = build(autoFm, {fields: data.fields, seed, gate: {alphaInit}});
  const {selection, test} = await searchOnce(model, data, {
    epochs: searchEpochs[name],
    batchSize: batchSize ?? training.batchSize,
    seed,
    ...options,
  });
  model.dispose();
  const pairs = names(selection);
  return {
    group,
    setting,
    kept: selection.length,
    auc: test.auc,
    alpha: Object.fromEntries(pairs.map((pair, i) => [pair, selection[i].alpha])),
  };
}

function sections(data: string, entries: Entry[]): Section[] {
  const rows = groupBy(
    entries.map(({result}) => result as Result),
    r => r.setting,
  ).map(([setting, runs]) => {
    const seeds = runs.flatMap((a, i) => runs.slice(i + 1).map(b => [a.alpha, b.alpha] as const));
    return {
      setting,
      runs,
      correlations: seeds.map(([a, b]) => alphaCorrelation(a, b)),
      overlaps: seeds.map(([a, b]) => jaccard(Object.keys(a), Object.keys(b))),
    };
  });
  const average = (values: number[]) => (values.length === 0 ? '-' : mean(values).toFixed(2));
  const chart = (x: string, of: (row: (typeof rows)[number]) => number[], dot: string) =>
    runChart(
      rows.map(({setting}) => setting),
      [{name: dot, values: rows.map(of)}],
      x,
    );
  return [
    {
      kind: 'table',
      title: data,
      head: ['', 'kept', 'AUC of the search model', 'correlation of alpha between seeds', 'Jaccard of open pairs'],
      rows: rows.map(({setting, runs, correlations, overlaps}) => [
        setting,
        range(runs.map(r => r.kept)),
        meanSd(runs.map(r => r.auc)),
        average(correlations),
        average(overlaps),
      ]),
    },
    {
      kind: 'figure',
      name: `sensitivity-${data}-auc`,
      title: `${data}: test AUC of the search model`,
      chart: chart('test AUC', ({runs}) => runs.map(r => r.auc), 'a seed'),
    },
    {
      kind: 'figure',
      name: `sensitivity-${data}-alpha`,
      title: `${data}: how alike the alphas of two seeds are`,
      chart: chart('correlation of alpha', ({correlations}) => correlations, 'two seeds'),
    },
  ];
}

/** Over all pairs that are open in one of the two; a closed one counts as 0. */
function alphaCorrelation(a: Record<string, number>, b: Record<string, number>): number {
  const pairs = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return pearson(
    pairs.map(pair => a[pair] ?? 0),
    pairs.map(pair => b[pair] ?? 0),
  );
}
