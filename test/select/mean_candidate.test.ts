import * as tf from '@tensorflow/tfjs-core';
import {allInteractions} from '../../src/interactions';
import type {Recipe} from '../../src/select/auto_select_args';
import type {Candidate, TrainedCandidate} from '../../src/select/candidate';
import {meanCandidate} from '../../src/select/mean_candidate';
import type {Selection} from '../../src/stages/selection';
import {generator} from '../helpers/random';

const ROWS = 200;
const next = generator(5);
const labels = Array.from({length: ROWS}, () => (next() < 0.4 ? 1 : 0));
const steps: string[] = [];
const recipe = {onStep: (text: string) => steps.push(text)} as unknown as Recipe;

const selectionOf = (...interactions: Array<readonly number[]>) =>
  interactions.map((interaction, p) => ({
    gate: interaction.length - 2,
    order: interaction.length,
    interaction,
    fields: interaction.map(String),
    alpha: 1 - p / 10,
    rank: p + 1,
  })) as unknown as Selection;

/** A candidate whose logits know the labels as far as `knows`, but for noise of its own. */
function trained(name: string, knows: number, selection: Selection, own: Partial<Candidate> = {}): TrainedCandidate {
  const drawn = () => labels.map(label => knows * label + 4 * next());
  return {
    logits: {gates: drawn(), choice: drawn()},
    candidate: {
      name,
      form: name,
      selection,
      crosses: false,
      parameters: 100,
      calibration: {intercept: -1, slope: 0.5},
      schedule: {batchSize: 10, epochs: 1, learningRate: 1},
      ridge: null,
      tables: null,
      mean: null,
      ...own,
    } as Candidate,
  };
}

const all = selectionOf(...allInteractions(3, 2));
const ofTables = {schedule: null, tables: {fields: [1, 1, 1], interactions: [], lightness: 1}, parameters: 40};
const linear = trained('LR', 0.5, [], {schedule: null, ridge: 1, parameters: 30});
const ga2m = trained('GA2M', 2, selectionOf([0, 1], [0, 1, 2]), ofTables);
const others = [
  trained('FFM, firm', 1, all),
  trained('FFM, light', 2, all),
  trained('FFM', 1.5, selectionOf([0, 2])),
  trained('FFM with crosses', 9, selectionOf([0, 2]), {crosses: true}),
];

describe('meanCandidate', () => {
  let means: TrainedCandidate[];
  const meansOf = (...candidates: TrainedCandidate[]) => {
    const part = {xs: tf.zeros([ROWS, 3]), ys: tf.tensor2d(labels, [ROWS, 1])};
    const found = meanCandidate(recipe, {gates: part, choice: part}, candidates);
    tf.dispose([part.xs, part.ys]);
    return found;
  };

  beforeAll(() => {
    means = meansOf(linear, trained('GA2M', 0.1, all, ofTables), ga2m, ...others);
  });

  it('is of tables and products of some pairs without crosses', () => {
    expect(means.map(({candidate: {name}}) => name)).toEqual(['FFM + GA2M, 2 of 3 and 1 triple']);
    expect(steps).toEqual([expect.stringMatching(/^FFM \+ GA2M, 2 of 3 and 1 triple: AUC 0\.\d+ on V2$/)]);
  });

  it('says of a row what its two models do, each calibrated, and counts once what linear parts share', () => {
    const [{candidate, logits}] = means;
    const calibrated = [others[2], ga2m].map(each => each.logits.choice.map(z => 0.5 * z - 1));
    logits.choice.forEach((z, row) => expect(z).toBeCloseTo((calibrated[0][row] + calibrated[1][row]) / 2, 12));
    expect(candidate.parameters).toBe(100 + 40 - 30);
    expect(candidate.mean).toEqual([others[2].candidate, ga2m.candidate]);
    expect(candidate.selection.map(({interaction, rank}) => [`${interaction}`, rank])).toEqual([
      ['0,2', 1],
      ['0,1', 2],
      ['0,1,2', 3],
    ]);
  });

  it('is none without tables, and without products of some pairs', () => {
    expect(meansOf(linear, ...others)).toEqual([]);
    expect(meansOf(linear, ga2m, others[0])).toEqual([]);
  });

  it('is the simplest that V2 cannot tell from the best', () => {
    const rival = others[2];
    const more = {...rival, candidate: {...rival.candidate, selection: selectionOf([0, 2], [1, 2])}};
    const worse = trained('FFM, worse', 0, selectionOf([0, 1]));
    const [{candidate}] = meansOf(linear, ga2m, others[0], more, worse, rival);
    expect(candidate.mean).toEqual([rival.candidate, ga2m.candidate]);
  });
});
