import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldAwareEmbedding} from '../../layers/field_aware_embedding';
import type {FieldEmbedding} from '../../layers/field_embedding';
import {isFieldAware} from './model_layers';

/**
 * The weights of a layer for a rebuilt one, which may have lost fields, or pairs of fields: those of an embedding
 * without the rows that are gone.
 */
export function retainedWeights(from: tfl.layers.Layer, to: tfl.layers.Layer): tf.Tensor[] {
  const values = from.getWeights();
  if (isFieldAware(from)) {
    const rows = tf.tensor1d(from.rowsOf((to as FieldAwareEmbedding).interactions), 'int32');
    return values.map(table => tf.gather(table, rows));
  }
  return from.getClassName() === 'FieldEmbedding'
    ? values.map(table => rowsOfFields(from as FieldEmbedding, to as FieldEmbedding, table))
    : values;
}

function rowsOfFields({embedded, starts}: FieldEmbedding, to: FieldEmbedding, table: tf.Tensor): tf.Tensor {
  const stay = [...embedded.keys()].filter(f => to.embedded.some(({name}) => name === embedded[f].name));
  if (stay.length === embedded.length) return table;
  return tf.concat(stay.map(f => tf.slice(table, [starts[f], 0], [embedded[f].size, -1])));
}

/** Tell whether tensors have the shapes of a layer's weights, so that `setWeights` takes them. */
export function haveShapesOf(layer: tfl.layers.Layer, values: readonly tf.Tensor[]): boolean {
  return JSON.stringify(layer.getWeights().map(w => w.shape)) === JSON.stringify(values.map(v => v.shape));
}
