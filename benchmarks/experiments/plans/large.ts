import {paperTable} from '../paper_table';
import {dataOf, entriesOf, jobPerModel, Plan} from '../plan';
import {trainings} from './table1';
import {trainTrees} from './trees';

const {FM, DeepFM, FFM, AutoFM, AutoDeepFM, AutoFFM} = trainings;
const models = {FM, DeepFM, FFM, LightGBM: trainTrees, AutoFM, AutoDeepFM, AutoFFM};

/** Some models of table 1 on more rows. */
export const large: Plan = {
  name: 'large',
  title: 'Table 1 on three million flights',
  question: 'Do the models of the paper keep their order on five times the rows?',
  about:
    'Models, training and columns are those of [table 1](table1.md), on all 3 million flights of the file in place ' +
    'of 600,000: 2.16 million rows of training, 240,000 of validation, 600,000 of test. LightGBM has the same ids.',
  defaults: {data: ['flights3m'], seeds: [1, 2, 3]},

  jobs: options => jobPerModel(options, models),

  report: entries => dataOf(entries).flatMap(data => paperTable('large', data, entriesOf(entries, data))),
};
