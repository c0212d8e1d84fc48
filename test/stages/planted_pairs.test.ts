import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {FieldEmbedding, FieldLinear, GatedInteraction, SearchStage} from 'tfjs-autofis';
import {asTensors, Rows} from '../helpers/models';
import {generator, integers, normal} from '../helpers/random';

const FIELDS = 6;
const VALUES = 16;
const ROWS = 20000;
const fields = Array.from({length: FIELDS}, (_, i) => ({name: `f${i}`, size: VALUES}));

/** Three pairs that share no field, drawn by the seed. */
function drawPairs(next: () => number): number[][] {
  const left = fields.map((_, i) => i);
  const draw = () => left.splice(Math.floor(next() * left.length), 1)[0];
  return [0, 1, 2].map(() => [draw(), draw()].sort((a, b) => a - b)).sort((a, b) => a[0] - b[0]);
}

/** The paper's synthetic data: y = 1[sum_i w_i(x_i) + sum_{planted (i,j)} v_ij(x_i, x_j) + noise > 0], all normal. */
function plantedRows(next: () => number, planted: number[][]): Rows {
  const table = (size: number) => Array.from({length: size}, () => normal(next));
  const w = fields.map(() => table(VALUES));
  const v = planted.map(() => table(VALUES * VALUES));
  const ids = Array.from({length: ROWS}, () => integers(next, FIELDS, VALUES));
  const labels = ids.map(row => {
    const linear = row.reduce((sum, x, i) => sum + w[i][x], 0);
    const pairs = planted.reduce((sum, [i, j], p) => sum + v[p][row[i] * VALUES + row[j]], 0);
    return linear + pairs + 0.1 * normal(next) > 0 ? 1 : 0;
  });
  return {ids, labels};
}

/** FM with gates: the linear part and all gated pairs. */
function autoFm(seed: number): tfl.LayersModel {
  const ids = tfl.input({shape: [FIELDS], dtype: 'int32'});
  const e = new FieldEmbedding({fields, outputDim: 8, seed}).apply(ids);
  const logit = tfl.layers
    .add()
    .apply([new FieldLinear({fields}).apply(ids), new GatedInteraction({seed}).apply(e)] as tfl.SymbolicTensor[]);
  const model = tfl.model({
    inputs: ids,
    outputs: tfl.layers.activation({activation: 'sigmoid'}).apply(logit) as tfl.SymbolicTensor,
  });
  model.compile({optimizer: tf.train.adam(0.01), loss: 'binaryCrossentropy'});
  return model;
}

describe('a search on data with three planted pairs', () => {
  it.each([1, 2, 3])('finds exactly these three of fifteen, seed %i', async seed => {
    const next = generator(seed);
    const planted = drawPairs(next);
    const {xs, ys, dispose} = asTensors(plantedRows(next, planted));
    const model = autoFm(seed);
    const {optimizer} = model;
    const search = new SearchStage({learningRate: 0.1, strength: 3, cut: 0.4});
    await model.fit(xs, ys, {
      epochs: 10,
      batchSize: 400,
      shuffle: false,
      verbose: 0,
      yieldEvery: 'never',
      callbacks: [search],
    });
    expect(search.selection.map(s => s.interaction).sort((a, b) => a[0] - b[0])).toEqual(planted);
    expect(search.warnings).toEqual([]);
    model.dispose();
    optimizer.dispose();
    dispose();
  });
});
