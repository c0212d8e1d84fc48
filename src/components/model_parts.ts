import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {CrossLinear} from '../../layers/cross_linear';
import {compareInteractions, type Interaction} from '../interactions';
import {isGate, layersOf} from '../stages/model_layers';
import {logitsOf, modelProducts} from './products/model_products';

/** The logit of a model, taken apart by interaction. */
export interface ModelParts {
  /** Pairs, then triples, each in canonical order. */
  interactions: Interaction[];
  /** Logit that each interaction adds to each row, by products and combinations of values: [n, P], row-major. */
  parts: Float32Array;
  /** The logit [n] without them. */
  base: Float32Array;
}

/**
 * Take the logit of a model apart into what each interaction adds and the rest: logit_i = base_i + sum_p parts_ip. The
 * model is that of `autoSelect`, or `lr`, `fm` or `ffm` with or without memorised crosses.
 *
 * @param xs Ids [n, W], int32.
 * @throws AutofisError if the last layer of the model is not a sigmoid.
 * @example
 * const {interactions, parts, base} = modelParts(model, testIds);
 */
export function modelParts(model: tfl.LayersModel, xs: tf.Tensor2D): ModelParts {
  const layers = layersOf(model);
  const gates = layers
    .filter(isGate)
    .filter(({outputMode, interactions}) => outputMode === 'sum' && interactions.length > 0);
  const crosses = layers.filter(layer => layer.getClassName() === 'CrossLinear') as CrossLinear[];
  const columns = [...gates, ...crosses].flatMap(({interactions}) => [...interactions]);
  const interactions = [...new Map(columns.map(each => [`${each}`, each])).values()].sort(
    (a, b) => a.length - b.length || compareInteractions(a, b),
  );
  const position = new Map(interactions.map((each, p) => [`${each}`, p]));
  const count = interactions.length;
  const parts = new Float32Array(xs.shape[0] * count);
  const {products, base} =
    gates.length === 0 ? {products: new Float32Array(0), base: logitsOf(model, xs)} : modelProducts(model, xs);
  const places = gates.flatMap(gate => gate.interactions.map(each => position.get(`${each}`)!));
  for (let i = 0; i < products.length; i++)
    parts[Math.floor(i / places.length) * count + places[i % places.length]] += products[i];
  const ids = crosses.length === 0 ? [] : xs.dataSync();
  for (const layer of crosses) {
    const kernel = layer.getWeights()[0].dataSync();
    const owner = new Uint32Array(kernel.length);
    let start = 0;
    layer.interactions.forEach((each, c) => {
      owner.fill(position.get(`${each}`)!, start, (start += layer.counts![c]));
    });
    const {weights, owners, scales} = layer.entries(ids);
    weights.forEach((weight, k) => {
      const share = scales[k] * kernel[weight];
      parts[owners[k] * count + owner[weight]] += share;
      base[owners[k]] -= share;
    });
  }
  return {interactions, parts, base};
}
