import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {checkChoice, checkKeys} from '../checks';
import {checkModel} from './gates';
import {compileLike} from './rebuild';
import type {Selection} from './selection';
import {slimArchitecture} from './slim_architecture';

export interface RetrainOptions {
  /**
   * Where alpha starts: 'fresh' as in a new search (default), 'warm' at the searched values, 'none' without gates:
   * every kept interaction counts alike.
   */
  alpha?: 'fresh' | 'warm' | 'none';
  /** True to normalise products over the batch; by default as in the model. */
  batchNorm?: boolean;
  /** Seeds all weights; without it layers with a seed start as they did in the search, others at random. */
  seed?: number;
}

/**
 * The retrain stage's model (AutoFIS, eq. 15): a new model that computes only the selected interactions, with
 * fresh weights and a fresh optimizer, compiled as `model` was (LazyAdam where it was the name 'adam'). `model` is not
 * changed.
 *
 * It takes the same ids. A field of a FieldEmbedding that no selected interaction and no other layer reads is `ignored`
 * in it: it has no embeddings, and the gate's positions count the other fields. A FieldAwareEmbedding keeps its fields
 * and loses the vectors of closed pairs. FieldLinear keeps all of its fields. Frozen layers (`trainable: false`), such
 * as pretrained tables, keep their weights.
 *
 * @throws AutofisError on a selection of other fields or of another model, or a model that was never compiled.
 * @example
 * const slim = retrainModel(model, search.selection, {seed: 1});
 * await slim.fit(ids, labels, {epochs: 3, batchSize: 2000});
 */
export function retrainModel(
  model: tfl.LayersModel,
  selection: Selection,
  options: RetrainOptions = {},
): tfl.LayersModel {
  const where = 'retrainModel';
  checkKeys(where, options, ['alpha', 'batchNorm', 'seed']);
  checkModel(where, model);
  const {alpha = 'fresh', batchNorm, seed = null} = options;
  checkChoice(where, 'alpha', alpha, ['fresh', 'warm', 'none']);
  if (batchNorm !== undefined) checkChoice(where, 'batchNorm', batchNorm, [true, false]);
  const {slim, gates} = slimArchitecture(where, model, selection, seed, config => {
    config['useAlpha'] = alpha !== 'none';
    if (batchNorm !== undefined) config['batchNorm'] = batchNorm;
  });
  if (alpha === 'warm') {
    tf.tidy(() => gates.forEach(({layer, selected}) => layer.alpha?.write(tf.tensor1d(selected.map(s => s.alpha)))));
  }
  compileLike(where, slim, model);
  return slim;
}
