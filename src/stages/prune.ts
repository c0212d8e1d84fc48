import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {AutofisError} from '../errors';
import {compareInteractions} from '../interactions';
import {haveShapesOf, retainedWeights} from './retained_weights';
import {layersOf} from './model_layers';
import {compileLike} from './rebuild';
import type {Selection} from './selection';
import {slimArchitecture} from './slim_architecture';

/**
 * The model with its closed interactions removed and all its weights kept: it predicts what `model` predicts when the
 * gates outside `selection` are closed, and is smaller. Compiled as `model` was, with a fresh optimizer. Fields that
 * nothing reads any more are `ignored`, as in `retrainModel`.
 *
 * @throws AutofisError if the selection is not one of this model, or weights depend on the number of interactions.
 * @example
 * const small = pruneModel(model, search.selection);
 */
export function pruneModel(model: tfl.LayersModel, selection: Selection): tfl.LayersModel {
  const where = 'pruneModel';
  const {slim, gates} = slimArchitecture(where, model, selection, null);
  const rows = new Map(
    gates.map(({layer, source, selected}) => [
      layer as tfl.layers.Layer,
      selected.map(({interaction}) =>
        source.layer.interactions.findIndex(known => compareInteractions(known, interaction) === 0),
      ),
    ]),
  );
  const from = layersOf(model);
  layersOf(slim).forEach((layer, i) =>
    tf.tidy(() => {
      const positions = rows.get(layer);
      if (positions === undefined) return setWeights(layer, retainedWeights(from[i], layer));
      if (positions.length === 0) return;
      // A gate's weights have one value an interaction, but for the scalar step count.
      setWeights(
        layer,
        from[i]
          .getWeights()
          .map(value => (value.rank === 0 ? value : tf.gather(value, tf.tensor1d(positions, 'int32')))),
      );
    }),
  );
  compileLike(where, slim, model);
  return slim;
}

function setWeights(layer: tfl.layers.Layer, values: tf.Tensor[]): void {
  if (!haveShapesOf(layer, values)) {
    const [given, shapes] = [values, layer.getWeights()].map(tensors => tensors.map(({shape}) => shape));
    throw new AutofisError(
      `pruneModel: the weights of ${layer.name} depend on the number of interactions ` +
        `(${JSON.stringify(given)} became ${JSON.stringify(shapes)}), as after a gate with output 'each'. ` +
        'Use retrainModel.',
    );
  }
  if (values.length > 0) layer.setWeights(values);
}
