import type * as tfl from '@tensorflow/tfjs-layers';
import {randomSelection, retrainModel, SearchStage, SearchStageArgs, Selection, selectionOf} from 'tfjs-autofis';
import {autoFm} from 'tfjs-autofis/models';
import {asTensors, fields, plantedRows} from '../helpers/models';
import {captureWarnings} from '../helpers/search';

captureWarnings();
const KEEP = 4;
let train: ReturnType<typeof asTensors>;
let held: ReturnType<typeof asTensors>;
beforeAll(() => {
  train = asTensors(plantedRows(60, fields, [[0, 1]], 8));
  held = asTensors(plantedRows(25, fields, [[0, 1]], 9));
});
afterAll(() => [train, held].forEach(data => data.dispose()));

const searched =
  (args: SearchStageArgs, onHeldOut = false) =>
  async (model: tfl.LayersModel) => {
    const search = new SearchStage({...args, keep: KEEP, ...(onHeldOut && {heldOut: {xs: held.xs, ys: held.ys}})});
    await model.fit(train.xs, train.ys, {epochs: 3, batchSize: 20, shuffle: false, verbose: 0, callbacks: [search]});
    return search.selection;
  };

/** Every way to choose interactions. */
const ways: Array<[string, (model: tfl.LayersModel) => Promise<Selection>]> = [
  ["the paper's search", searched({recipe: 'paper'})],
  ['a tenth of the rows', searched({})],
  ['held-out rows', searched({}, true)],
  ['bi-level by Adam', searched({alphaOptimizer: 'adam'}, true)],
  ['top-K of a plain training', searched({alphaOptimizer: 'adam'})],
  ['random', async model => randomSelection(model, {size: KEEP, seed: 1})],
];

describe.each(ways)('a selection by %s', (_, choose) => {
  it.each([2, 'both'] as const)('is of the one form that all are, and retrained, order %p', async order => {
    const model = autoFm({fields, embeddingDim: 3, seed: 1, order});
    const selection = await choose(model);
    expect(selection).toHaveLength(KEEP);
    expect(selection.map(({rank}) => rank)).toEqual([1, 2, 3, 4]);
    const gates = order === 2 ? [2] : [2, 3];
    for (const each of selection) {
      expect(Object.keys(each).sort()).toEqual(['alpha', 'fields', 'gate', 'interaction', 'order', 'rank']);
      expect(each.fields).toEqual(each.interaction.map(f => fields[f].name));
      expect(each.order).toBe(gates[each.gate]);
      expect(each.interaction).toHaveLength(each.order);
    }
    expect(JSON.parse(JSON.stringify(selection))).toEqual(selection);
    const slim = retrainModel(model, selection, {seed: 2});
    expect(selectionOf(slim)).toHaveLength(KEEP);
    await slim.fit(train.xs, train.ys, {epochs: 1, verbose: 0});
    [slim, model].forEach(each => each.dispose());
  });
});
