import os from 'node:os';
import {mostPairs} from '../../components/possible_pairs';
import type {SelectStep} from '../../select/auto_select_args';
import {effortPlan} from '../../select/effort';
import type {BarStep} from '../../terminal/bar';
import {scheduleFor} from '../../training/schedule';
import type {StepStore} from '../../training/step_store';
import type {Output} from '../output';
import type {SettingValues} from '../settings';
import {READING} from './progress';

/** Titles of the steps of a selection and of what follows it. */
export const STEPS = {
  backend: 'loading TensorFlow.js',
  linear: 'fitting logistic regression',
  offered: 'looking for interactions',
  folds: 'fitting interactions',
  decided: 'deciding which interactions matter',
  chosen: 'training the chosen model',
  all: 'training a model of all pairs',
  test: 'scoring the test rows',
  LightGBM: 'tuning LightGBM',
  CatBoost: 'growing CatBoost',
  report: 'writing the report',
} as const;

/** Steps by the keys that their results are stored under; all other keys are of folds. */
const STORED: {readonly [key: string]: 'linear' | 'offered'} = {
  'logistic regression': 'linear',
  'pairs, tables and cells': 'offered',
};

/** A table without its test rows, by what time depends on. */
interface TableSize {
  rows: number;
  fields: number;
}

/** Expect the steps of `run`, in seconds on two processors; begin with those that encode the table. */
export function runSteps(
  size: TableSize,
  values: SettingValues,
  trees: ReadonlyArray<{name: 'LightGBM' | 'CatBoost'; python: string | null}>,
): BarStep[] {
  const {rolling: runs = 1} = values;
  const cells = (size.rows * size.fields) / 1e6;
  const encoding = (['reading', 'fitting', 'encoding'] as const).map(stage => ({
    title: READING[stage],
    seconds: (stage === 'encoding' ? 0.2 : 0.1) * (1 + cells),
  }));
  const repeated = (times: number, steps: readonly BarStep[]) => Array.from({length: times}, () => steps).flat();
  return [
    ...encoding,
    {title: STEPS.backend, seconds: 1},
    ...repeated(runs - 1, encoding),
    ...repeated(runs, selectSteps(size, values)),
    ...trees.filter(({python}) => python !== null).map(({name}) => ({title: STEPS[name], seconds: 2 + 24 * cells})),
    {title: STEPS.report, seconds: 1.5 + 2 * cells},
  ];
}

/** Expect the steps of a selection. */
export function selectSteps({rows, fields}: TableSize, values: SettingValues): BarStep[] {
  const {trainings, folds} = fitsOf(rows, values);
  const {threads = Math.min(8, os.availableParallelism()), epochs = scheduleFor(Math.ceil(rows)).epochs} = values;
  const products = (rows * Math.min((fields * (fields - 1)) / 2, mostPairs(rows))) / 1e6;
  const training = 0.08 * epochs * products;
  return [
    {title: STEPS.linear, seconds: 1 + (1.2 * rows * fields) / 1e6},
    {title: STEPS.offered, seconds: 2.4 * products},
    {title: STEPS.folds, seconds: (trainings * training + 0.4 * folds * products) / Math.min(threads, trainings)},
    {title: STEPS.decided, seconds: 0.3 * folds * products},
    {title: STEPS.chosen, seconds: 1.6 * products},
    {title: STEPS.all, seconds: training},
    {title: STEPS.test, seconds: 1 + 0.1 * products},
  ];
}

/** Count the folds of a selection, and the trainings in all of them. */
function fitsOf(rows: number, {effort = 'normal'}: SettingValues): {folds: number; trainings: number} {
  const {evidence, penalties} = effortPlan(effort, [], rows);
  const folds = evidence.by === 'folds' ? evidence.folds : 1;
  return {folds, trainings: folds * penalties.length};
}

/** Share of the time of a fold that products take. */
const PRODUCTS = 0.8;

/** Show the steps of a selection on the bar: by the keys that results are stored under, then as they end. */
export function selectProgress(output: Output, rows: number, values: SettingValues) {
  let share = 1;
  const begin = (step: keyof typeof STEPS) => {
    share = step === 'folds' ? PRODUCTS / fitsOf(rows, values).trainings : 1;
    output.begin(STEPS[step]);
  };
  return {
    /** Returns the part of the current step that one training makes up. */
    share: () => share,
    store: ({get, set}: StepStore): StepStore => ({
      get: key => {
        if (key !== 'inputs') begin(STORED[key] ?? 'folds');
        return get(key);
      },
      set,
    }),
    onStep: (words: string, step: SelectStep) => {
      output.detail(words);
      if (step.type === 'fold') output.reach(step.done / step.folds);
      if (step.type === 'fold' && step.done === step.folds) begin('decided');
      else if (step.type === 'decided') begin('chosen');
      else if (step.type === 'retrained') begin('all');
      else if (step.type === 'test') begin('test');
    },
  };
}
