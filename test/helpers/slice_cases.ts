import {allInteractions, Interaction, Order} from '../../src/interactions';
import {planProducts, Slice} from '../../src/products/plan';
import {EmbeddingShape} from './plain_gate';
import {generator, uniform} from './random';

/** Embeddings [6, 5, 3] that the tests of the numeric cores share. */
export const shape: EmbeddingShape = [6, 5, 3];
export const values = uniform(generator(7), 6 * 5 * 3);
export const epsilon = 1e-3;

export interface SliceCase {
  name: string;
  interactions: Interaction[];
  slice: Slice;
  /** One value an interaction. */
  alpha: number[];
}

function sliceCase(name: string, order: Order, interactions: Interaction[]): SliceCase {
  const [slice, ...others] = planProducts(interactions, order).slices;
  if (others.length > 0) throw new Error(`${name} is not one slice`);
  return {name, interactions, slice, alpha: uniform(generator(interactions.length), interactions.length)};
}

/** Each is one slice. */
export const sliceCases: SliceCase[] = [
  sliceCase('all pairs', 2, allInteractions(5, 2)),
  sliceCase('some pairs', 2, [[0, 3], [1, 3], [1, 4]]),
  sliceCase('all triples around a field', 3, [[0, 2, 3], [0, 2, 4], [1, 2, 3], [1, 2, 4]]),
  sliceCase('some triples around a field', 3, [[0, 3, 4], [2, 3, 4]]),
  sliceCase('one triple', 3, [[1, 2, 4]]),
];
