import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {checkChoice, checkKeys} from '../checks';
import {checkModel} from './gates';
import {alphaStart} from './model_state';
import {compileLike} from './rebuild';
import type {Selection} from './selection';
import {slimArchitecture} from './slim_architecture';

export interface RetrainOptions {
  /**
   * Where alpha starts: 'warm' at the searched values, 'fresh' as in a new search, 'none' without gates: every kept
   * interaction counts alike. Default: 'warm'; 'fresh' where the model's last search, in this process, was by method
   * 'grda'.
   */
  alpha?: 'warm' | 'fresh' | 'none';
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
  const {alpha = alphaStart(model), batchNorm, seed = null} = options;
  checkChoice(where, 'alpha', alpha, ['warm', 'fresh', 'none']);
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
