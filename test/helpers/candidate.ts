import type {Candidate} from 'tfjs-autofis';

/** A candidate of the recipe that keeps a number of pairs; the rest is filled in. */
export const candidate = (form: string, kept: number, auc: number, more: Partial<Candidate> = {}): Candidate => ({
  name: `${form}, ${kept}`,
  form,
  selection: Array.from({length: kept}, (_, interaction) => ({gate: 0, interaction, fields: [], alpha: 1})) as never,
  crosses: false,
  parameters: 1,
  choice: {auc, logloss: 1},
  calibration: {intercept: 0, slope: 1},
  schedule: null,
  ridge: null,
  tables: null,
  startRidge: null,
  mean: null,
  seconds: 1,
  ...more,
});
