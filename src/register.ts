import {serialization} from '@tensorflow/tfjs-core';
import {AttentionEmbedding} from '../layers/attention_embedding';
import {AttentionalPooling} from '../layers/attentional_pooling';
import {BiInteraction} from '../layers/bi_interaction';
import {BilinearFusion} from '../layers/bilinear_fusion';
import {CompressedInteraction} from '../layers/compressed_interaction';
import {CrossLinear} from '../layers/cross_linear';
import {FeatureGate} from '../layers/feature_gate';
import {FieldAttention} from '../layers/field_attention';
import {FieldAwareEmbedding} from '../layers/field_aware_embedding';
import {FieldEmbedding} from '../layers/field_embedding';
import {FieldLinear} from '../layers/field_linear';
import {FixedBNInteraction} from '../layers/fixed_bn_interaction';
import {GatedInteraction} from '../layers/gated_interaction';
import {NumericEmbedding} from '../layers/numeric_embedding';
import {OuterProduct} from '../layers/outer_product';
import {PairNetworks} from '../layers/pair_networks';
import {SeededDropout} from '../layers/seeded_dropout';
import {GRDA} from '../optimizers/grda';
import {LazyAdam} from '../optimizers/lazy_adam';
import {Partitioned} from '../optimizers/partitioned';
import {registerKernels} from './runtime/kernels';
import {mixCallbacks, restoreNodeUtil} from './tfjs_internals';

/**
 * Register the layers and optimizers with tfjs, so that `tf.loadLayersModel` finds them, and the kernels that a
 * backend lacks. Restores what tfjs-node needs of Node. Importing 'tfjs-autofis' does it already; call it where a
 * bundler drops imports without names.
 */
export function registerAutofis(): void {
  for (const cls of [
    AttentionEmbedding,
    AttentionalPooling,
    BiInteraction,
    BilinearFusion,
    CompressedInteraction,
    CrossLinear,
    FeatureGate,
    FieldAttention,
    FieldAwareEmbedding,
    FieldEmbedding,
    FieldLinear,
    FixedBNInteraction,
    GatedInteraction,
    NumericEmbedding,
    OuterProduct,
    PairNetworks,
    SeededDropout,
    GRDA,
    LazyAdam,
    Partitioned,
  ]) {
    serialization.registerClass(cls as serialization.SerializableConstructor<serialization.Serializable>);
  }
  registerKernels();
  restoreNodeUtil();
  mixCallbacks();
}
