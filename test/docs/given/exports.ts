import {retrainModel, Selection} from 'tfjs-autofis';
import {autoFm} from 'tfjs-autofis/models';
import {fields, rowsOf} from './rows';

/** What docs/exports.md takes as given. */
export {fields};
export {tf} from './tf';
export const model = autoFm({fields, embeddingDim: 4, seed: 4});
export const search: {selection: Selection} = {
  selection: [
    {fields: ['user_ID', 'C1'], alpha: 0.9, rank: 1, order: 2, interaction: [0, 1], gate: 0},
    {fields: ['C1', 'a_b'], alpha: 0.7, rank: 2, order: 2, interaction: [1, 2], gate: 0},
  ],
};
export const slim = retrainModel(model, search.selection, {seed: 5});
export const rows = 10;
export const columns = slim.inputs[0].shape[1]!;
export const ids = Int32Array.from(rowsOf(1, rows).xs.dataSync());

/** What Keras brings back. */
export async function prepare(): Promise<void> {
  await model.save('file://returned');
}
