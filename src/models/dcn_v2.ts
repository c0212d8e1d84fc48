import * as tfl from '@tensorflow/tfjs-layers';
import {apply, ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * DCN-V2 in parallel (Wang et al., WWW 2021): a network of explicit crosses beside an MLP on the same embeddings,
 *   sigmoid(u^T x_L + MLP(x_0)),  x_{l+1} = x_0 * (W_l x_l + b_l) + x_l,  x_0 = [e_1, ..., e_m].
 * `crossLayers` is L. With `crossRank` r each W_l is U_l V_l^T, two matrices [m d, r].
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function dcnV2(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('dcnV2', options);
  const {crossLayers, crossRank} = builder.options;
  const first = builder.flat(builder.embeddings());
  const dense = (name: string, units: number, useBias: boolean, index: number) =>
    tfl.layers.dense({
      name,
      units,
      useBias,
      kernelInitializer: tfl.initializers.glorotUniform({seed: builder.seed('crossing', index)}),
    });
  let x = first;
  for (let l = 1; l <= crossLayers; l++) {
    const read = crossRank === undefined ? x : apply(dense(`cross_${l}_low`, crossRank, false, 2 * l), x);
    const turned = apply(dense(`cross_${l}`, first.shape[1]!, true, 2 * l + 1), read);
    const product = apply(tfl.layers.multiply({name: `cross_${l}_product`}), [first, turned]);
    x = apply(tfl.layers.add({name: `cross_${l}_sum`}), [product, x]);
  }
  return builder.model([builder.toLogit('cross_output', x, false), builder.mlp([first])]);
}
