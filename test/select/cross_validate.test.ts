import * as tf from '@tensorflow/tfjs-core';
import {checkAutoSelect} from '../../src/select/auto_select_args';
import type {TrainedCandidate} from '../../src/select/candidate';
import {decide} from '../../src/select/cross_validate';
import {ga2mInFold} from '../../src/select/ga2m/ga2m_candidates';
import {seededRandom} from '../../src/random';

jest.mock('../../src/select/ga2m/ga2m_candidates', () => {
  const actual = jest.requireActual<typeof import('../../src/select/ga2m/ga2m_candidates')>(
    '../../src/select/ga2m/ga2m_candidates',
  );
  return {...actual, ga2mInFold: jest.fn(actual.ga2mInFold)};
});

const fields = [
  {name: 'a', size: 4},
  {name: 'b', size: 4},
];
const ROWS = 400;
const random = seededRandom(4);
const labels = Array.from({length: ROWS}, () => (random() < 0.4 ? 1 : 0));

/** Logits that know the label, more or less. */
function candidate(name: string, kept: number, knows: number): TrainedCandidate {
  const noise = seededRandom(9 + kept);
  const logits = labels.map(label => knows * (label - 0.4) + 2 * noise() - 1);
  const selection = Array.from({length: kept}, () => ({})) as never;
  const choice = {auc: knows, logloss: 1 - knows};
  return {
    logits: {gates: [], choice: logits},
    candidate: {
      name,
      form: name,
      selection,
      parameters: 9 + kept,
      ridge: kept === 0 ? 1 : null,
      tables: null,
      mean: null,
      choice,
    } as never,
  };
}

/** A GA2M of some pairs, of which there may be more than one. */
function withTables(name: string, kept: number, knows: number): TrainedCandidate {
  const {logits, candidate: own} = candidate(name, kept, knows);
  const selection = Array.from({length: kept}, (_, k) => ({order: 2, gate: 0, interaction: [0, k + 1]}));
  const interactions = [{interaction: [0, 1], tables: [{level: 0, ridge: 1}]}];
  const tables = {fields: [1, 1], lightness: 1, interactions};
  return {logits, candidate: {...own, form: 'GA2M', selection, tables, schedule: null} as never};
}

const gatesOf = (base: string) =>
  [{base, path: [{lambda: 0.01}], chosen: 0, sets: [{point: 0, interactions: []}]}] as never;

/** Decides between logistic regression and others; every training of a form is noted, and fails. */
async function decideOn(others: TrainedCandidate[], gates = gatesOf('all')): Promise<string> {
  const rows = {
    xs: tf.tensor2d(
      labels.map((_, i) => [i % 4, i % 3]),
      undefined,
      'int32',
    ),
    ys: tf.tensor2d(labels, [ROWS, 1]),
  };
  const trained = [candidate('LR', 0, 0.5), ...others];
  const recipe = checkAutoSelect('autoSelect', {fields, train: rows, validation: rows});
  recipe.ridge = 1;
  recipe.formOf = name => {
    throw new Error(`trains ${name}`);
  };
  try {
    const {chosen} = await decide(recipe, {gates: rows, choice: rows}, trained, gates);
    return trained[chosen].candidate.name;
  } catch (error) {
    return (error as Error).message;
  } finally {
    tf.dispose(rows as never);
  }
}

describe('decide', () => {
  it('keeps to logistic regression without folds where all others are behind on V2', async () => {
    expect(await decideOn([candidate('some', 1, 0.49), candidate('all', 6, 0.45)])).toBe('LR');
  });

  it('asks folds where another is a little ahead', async () => {
    expect(await decideOn([candidate('some', 1, 0.51), candidate('all', 6, 0.45)])).toMatch(/^trains /);
  });

  it('asks folds where V2 would take another, but one of these candidates is as far ahead by chance', async () => {
    expect(await decideOn([candidate('some', 1, 0.8), candidate('all', 6, 0.45)])).toMatch(/^trains /);
  });

  it('finds tables again without a form, those of all pairs, too', async () => {
    const tables = [withTables('GA2M, 2 of 3', 2, 0.8), withTables('GA2M, all 3', 3, 0.7)];
    expect(await decideOn(tables, gatesOf('GA2M'))).toBe('LR');
    // Two finalists in four folds.
    expect(ga2mInFold).toHaveBeenCalledTimes(8);
  });

  it('takes another without folds where V2 leaves no doubt', async () => {
    expect(await decideOn([candidate('some', 1, 1.5), candidate('all', 6, 0.45)])).toBe('some');
  });
});
