import {allInteractions, Interaction, Order} from '../../src/interactions';
import {LayerProducts} from '../../src/products/layer_products';
import type {Passes} from '../../src/products/passes';
import {planProducts} from '../../src/products/plan';
import {SlicePasses} from '../../src/products/slice_passes';
import {EmbeddingShape} from './plain_gate';
import {generator, uniform} from './random';

/** Embeddings [19, 5, 3] that the tests of the numeric cores share; the native ops compute 16 rows at a time. */
export const shape: EmbeddingShape = [19, 5, 3];
export const values = uniform(generator(7), 19 * 5 * 3);
export const epsilon = 1e-3;

export interface PassesCase {
  name: string;
  interactions: Interaction[];
  passes: () => Passes;
  /** One value an interaction. */
  alpha: number[];
}

function casesOf(name: string, order: Order, interactions: Interaction[]): PassesCase[] {
  const alpha = uniform(generator(interactions.length), interactions.length);
  const only = <T>([passes, ...others]: readonly T[]): T => {
    if (others.length > 0) throw new Error(`${name} is not one group`);
    return passes;
  };
  return [
    {
      name: `${name} by tensor ops`,
      interactions,
      alpha,
      passes: () => new SlicePasses(only(planProducts(interactions, order).slices)),
    },
    {
      name: `${name} as this backend does it best`,
      interactions,
      alpha,
      passes: () => only(LayerProducts.of(interactions, order).current.groups),
    },
  ];
}

/** Each is one group of interactions. */
export const passesCases: PassesCase[] = [
  ...casesOf('all pairs', 2, allInteractions(5, 2)),
  ...casesOf('some pairs', 2, [
    [0, 3],
    [1, 3],
    [1, 4],
  ]),
  ...casesOf('all triples around a field', 3, [
    [0, 2, 3],
    [0, 2, 4],
    [1, 2, 3],
    [1, 2, 4],
  ]),
  ...casesOf('some triples around a field', 3, [
    [0, 3, 4],
    [2, 3, 4],
  ]),
  ...casesOf('one triple', 3, [[1, 2, 4]]),
];
