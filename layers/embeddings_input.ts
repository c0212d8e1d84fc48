import {AutofisError} from '../src/errors';
import type {Shape} from './base_layer';

/** Throws unless a layer's input is [batch, m, d] with known m and d, and m at least `least`. */
export function checkEmbeddings(where: string, shape: Shape, least: number): asserts shape is [number | null, number, number] {
  if (shape.length !== 3 || shape[1] == null || shape[2] == null) {
    throw new AutofisError(`${where}: the input must be embeddings of shape [batch, fields, dimension]. Received shape: ` +
      `[${shape.map(n => n ?? 'null')}]. Put FieldEmbedding, or tf.layers.embedding with an inputLength, in front of it.`);
  }
  if (shape[1] < least) throw new AutofisError(`${where}: needs at least ${least} fields. Received: ${shape[1]}.`);
}
