import type {DataName} from '../data';
import type {Lab} from '../lab';
import {ModelResult, paperTable} from '../paper_table';
import {dataOf, entriesOf, Plan} from '../plan';
import {trainAuto, trainPlain} from './table1';
import {trainTrees} from './trees';

const models: Record<string, (data: DataName, seed: number, lab: Lab) => Promise<ModelResult>> = {
  ...Object.fromEntries(
    ['FM', 'DeepFM', 'FFM'].map(model => [
      model,
      (data: DataName, seed: number, lab: Lab) => trainPlain(model, data, seed, lab),
    ]),
  ),
  LightGBM: trainTrees,
  ...Object.fromEntries(
    ['AutoFM', 'AutoDeepFM', 'AutoFFM'].map(model => [
      model,
      (data: DataName, seed: number, lab: Lab) => trainAuto(model, data, seed, lab),
    ]),
  ),
};

/** Some models of table 1 on more rows. */
export const large: Plan = {
  name: 'large',
  title: 'Table 1 on three million flights',
  question: 'Do the models of the paper keep their order on five times the rows?',
  about:
    'Models, training and columns are those of [table 1](table1.md), on all 3 million flights of the file in place ' +
    'of 600,000: 2.16 million rows of training, 240,000 of validation, 600,000 of test. LightGBM has the same ids.',
  defaults: {data: ['flights3m'], seeds: [1, 2, 3]},

  jobs: ({data, seeds}) =>
    data.flatMap(name =>
      seeds.flatMap(seed =>
        Object.entries(models).map(([model, train]) => ({
          key: `${model} ${name} ${seed}`,
          data: name,
          seed,
          run: (lab: Lab) => train(name, seed, lab),
        })),
      ),
    ),

  report: entries => dataOf(entries).flatMap(data => paperTable('large', data, entriesOf(entries, data))),
};
