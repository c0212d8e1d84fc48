import type * as tfl from '@tensorflow/tfjs-layers';
import type {CrossLinear} from '../../../layers/cross_linear';
import type {FieldEmbedding} from '../../../layers/field_embedding';
import type {FieldLinear} from '../../../layers/field_linear';
import type {GatedInteraction} from '../../../layers/gated_interaction';
import {hasShallowModule} from '../../wasm/shallow';
import {CrossTerm} from './cross_term';
import {LinearTerm} from './linear_term';
import {ProductTerm} from './product_term';
import type {Term} from './term';

/**
 * Numbers in a row's products up to which loops are faster than ops, which have threads but cost some time each. With a
 * penalty on the whole table they are at any size: there ops make several tensors of the table's size a step.
 */
const MOST_NUMBERS = 32_768;

/** The layers of a shallow model. */
interface Parts {
  linear: FieldLinear;
  products: {embedding: FieldEmbedding; pairs: GatedInteraction} | null;
  crosses: CrossLinear | null;
}

/**
 * The terms whose sum is the logit of a shallow model, `lr`, `fm` or `ffm`: a linear part, plain products of pairs,
 * memorised crosses. Null for any other model, for one too wide for loops, and where the runtime has no vector
 * instructions.
 */
export function shallowTerms(model: tfl.LayersModel): Term[] | null {
  const parts = shallowParts(model);
  if (parts === null) return null;
  const {linear, products, crosses} = parts;
  return [
    new LinearTerm(linear),
    ...(products === null ? [] : [new ProductTerm(products.embedding, products.pairs)]),
    ...(crosses === null ? [] : [new CrossTerm(crosses)]),
  ];
}

/** The layers that the terms are made of, under the same conditions. */
export function shallowParts(model: tfl.LayersModel): Parts | null {
  const layers = model.layers.filter(layer => !['InputLayer', 'Add'].includes(layer.getClassName()));
  const classes = layers.map(layer => layer.getClassName());
  const one = <T>(...names: string[]) => layers.find((_, i) => names.includes(classes[i])) as T | undefined;
  const linear = one<FieldLinear>('FieldLinear');
  const embedding = one<FieldEmbedding>('FieldEmbedding', 'FieldAwareEmbedding');
  const pairs = one<GatedInteraction>('GatedInteraction');
  const crosses = one<CrossLinear>('CrossLinear');
  const sigmoid = one<tfl.layers.Layer>('Activation');
  const known = [linear, embedding, pairs, crosses, sigmoid].filter(layer => layer !== undefined);
  if (linear === undefined || sigmoid?.getConfig()['activation'] !== 'sigmoid') return null;
  const frozen = layers.filter(layer => !layer.trainable && (layer as unknown) !== linear);
  if (known.length !== layers.length || frozen.length > 0) return null;
  if ((embedding === undefined) !== (pairs === undefined)) return null;
  if (embedding !== undefined && !isPlain(embedding, pairs!)) return null;
  if (!hasShallowModule()) return null;
  return {linear, products: embedding === undefined ? null : {embedding, pairs: pairs!}, crosses: crosses ?? null};
}

/** Tell whether the layers compute only sums of products of pairs, where loops are faster. */
function isPlain(embedding: FieldEmbedding, pairs: GatedInteraction): boolean {
  const {batchNorm, useAlpha} = pairs.getConfig();
  return (
    embedding.hasOnlyRidge &&
    pairs.order === 2 &&
    pairs.outputMode === 'sum' &&
    batchNorm === false &&
    useAlpha === false &&
    (embedding.tableL2 > 0 || pairs.interactions.length * embedding.outputDim <= MOST_NUMBERS)
  );
}
