import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {dictionaryWidth} from '../../layers/cross_dictionary';
import type {FieldAwareEmbedding} from '../../layers/field_aware_embedding';
import type {Crosses} from '../../layers/fit_crosses';
import {FieldLayout, type FieldSpec} from '../../layers/field_layout';
import {compareInteractions, type Interaction} from '../interactions';
import {digitsOf} from '../mixed_radix';
import {ffm} from '../models/ffm';
import {lr} from '../models/lr';
import {featureCount} from './linear/one_hot_design';
import {setLinear} from './linear_model';

/** Weights of the combinations of values of one interaction. */
export interface CombinationWeights {
  interaction: Interaction;
  /** Ids of each combination, in ascending order. */
  combinations: Iterable<readonly number[]>;
  /** Weight of a combination. */
  weightOf(ids: readonly number[]): number;
  /** Weight of all other combinations. */
  others: number;
}

/** Vectors of an FFM of all its pairs, and the gate of each pair. */
export interface GatedVectors {
  embedding: FieldAwareEmbedding;
  pairs: readonly Interaction[];
  /** >= 0; 0 leaves a pair out. */
  alpha: readonly number[];
}

/**
 * The logit of a model as a sum: a bias, a weight a value, weights of combinations of values, and products of vectors.
 * Parts are added one by one; `model` gives one model of stock layers, which every format can hold.
 */
export class AdditiveLogit {
  bias: number;
  readonly kernel: Float64Array;
  /** For each interaction the weight of each combination, as one number of mixed radix. */
  private readonly combinations = new Map<string, {interaction: Interaction; weights: Map<number, number>}>();
  private readonly vectors: GatedVectors[] = [];

  constructor(
    private readonly fields: readonly FieldSpec[],
    start: {kernel: Float64Array; bias: number},
  ) {
    this.kernel = start.kernel.slice(0, featureCount(fields));
    this.bias = start.bias;
  }

  addBias(bias: number): void {
    this.bias += bias;
  }

  /** Add `share` times the weights of another linear model of the same fields. */
  addLinear({kernel, bias}: {kernel: Float64Array; bias: number}, share: number): void {
    for (let j = 0; j < this.kernel.length; j++) this.kernel[j] += share * kernel[j];
    this.bias += share * bias;
  }

  /** Add `share` times a weight for each value of one field. */
  addValues(field: number, weights: ArrayLike<number>, share: number): void {
    const start = featureCount(this.fields.slice(0, field));
    for (let id = 0; id < weights.length; id++) this.kernel[start + id] += share * weights[id];
  }

  /** Add `share` times weights of combinations. The weight of all others goes into the bias. */
  addCombinations({interaction, combinations, weightOf, others}: CombinationWeights, share: number): void {
    const key = `${interaction}`;
    if (!this.combinations.has(key)) this.combinations.set(key, {interaction, weights: new Map()});
    const {weights} = this.combinations.get(key)!;
    const sizes = this.sizesOf(interaction);
    this.bias += share * others;
    for (const ids of combinations) {
      const code = ids.reduce((sum, id, k) => sum * sizes[k] + id, 0);
      weights.set(code, (weights.get(code) ?? 0) + share * (weightOf(ids) - others));
    }
  }

  /** Add products of vectors, each pair times its gate. */
  addVectors(vectors: GatedVectors): void {
    this.vectors.push(vectors);
  }

  /** `lr` or `ffm`, with the weights of combinations as memorised crosses. The caller disposes it. */
  model(): tfl.LayersModel {
    const pairs = this.pairs();
    const {weights, ...crosses} = this.crosses();
    const options = {fields: this.fields, ...(weights.length === 0 ? {} : {crosses})};
    const model =
      pairs.length === 0
        ? lr(options)
        : ffm({
            ...options,
            interactions: pairs,
            embeddingDim: this.blocks(pairs) * this.vectors[0].embedding.outputDim,
          });
    setLinear(model, this);
    if (pairs.length > 0) this.setVectors(model, pairs);
    if (weights.length > 0) {
      const layer = model.layers.find(candidate => candidate.getClassName() === 'CrossLinear')!;
      tf.tidy(() => {
        const [, ...others] = layer.getWeights();
        layer.setWeights([tf.tensor2d(weights, [weights.length, 1]), ...others]);
      });
    }
    return model;
  }

  /** Pairs with vectors, in canonical order. */
  private pairs(): Interaction[] {
    const open = new Map<string, Interaction>();
    for (const {pairs, alpha} of this.vectors)
      pairs.forEach((pair, p) => {
        if (alpha[p] > 0) open.set(`${pair}`, pair);
      });
    return [...open.values()].sort(compareInteractions);
  }

  /** Most vectors that one pair has, one after another. */
  private blocks(pairs: readonly Interaction[]): number {
    return Math.max(...pairs.map(pair => this.vectors.filter(vectors => gateOf(vectors, pair) > 0).length));
  }

  /** Write the vectors, each times the root of its gate, since a product has two. */
  private setVectors(model: tfl.LayersModel, pairs: readonly Interaction[]): void {
    const target = model.layers.find(layer => layer.getClassName() === 'FieldAwareEmbedding') as FieldAwareEmbedding;
    const length = target.outputDim;
    const [variable] = target.getWeights();
    const rows = variable.shape[0];
    const table = new Float32Array(rows * length);
    const next = new Map(pairs.map(pair => [`${pair}`, 0]));
    for (const vectors of this.vectors) {
      const {embedding} = vectors;
      const d = embedding.outputDim;
      const source = embedding.getWeights()[0].dataSync();
      const from = embedding.rowsOf(pairs);
      const gates = pairs.map(pair => gateOf(vectors, pair));
      const offsets = pairs.map(pair => next.get(`${pair}`)!);
      let row = 0;
      target.strides.forEach((stride, f) => {
        const ofField = [...pairs.keys()].filter(p => pairs[p].includes(f));
        const end = f + 1 < target.starts.length ? target.starts[f + 1] : rows;
        for (; row < end; row++) {
          const p = ofField[(row - target.starts[f]) % stride];
          if (gates[p] === 0) continue;
          const [to, at, root] = [row * length + offsets[p], from[row] * d, Math.sqrt(gates[p])];
          for (let k = 0; k < d; k++) table[to + k] = root * source[at + k];
        }
      });
      pairs.forEach((pair, p) => {
        if (gates[p] > 0) next.set(`${pair}`, offsets[p] + d);
      });
    }
    tf.tidy(() => target.setWeights([tf.tensor2d(table, [rows, length])]));
  }

  private crosses(): Crosses & {weights: Float32Array} {
    const all = [...this.combinations.values()]
      .filter(({weights}) => weights.size > 0)
      .sort((a, b) => a.interaction.length - b.interaction.length || compareInteractions(a.interaction, b.interaction));
    const width = dictionaryWidth(all.map(({interaction}) => interaction));
    const total = all.reduce((sum, {weights}) => sum + weights.size, 0);
    const [dictionary, values] = [new Int32Array(width * total), new Float32Array(total)];
    let at = 0;
    for (const {interaction, weights} of all) {
      const sizes = this.sizesOf(interaction);
      for (const code of Float64Array.from(weights.keys()).sort()) {
        values[at] = weights.get(code)!;
        dictionary.set(digitsOf(code, sizes), at++ * width);
      }
    }
    return {
      interactions: all.map(({interaction}) => interaction),
      counts: all.map(({weights}) => weights.size),
      dictionary,
      weights: values,
    };
  }

  private sizesOf(interaction: Interaction): number[] {
    const {embedded} = new FieldLayout('autoSelect', this.fields);
    return interaction.map(f => embedded[f].size);
  }
}

/** The gate of a pair; 0 where the vectors have none for it. */
function gateOf({pairs, alpha}: GatedVectors, pair: Interaction): number {
  const at = pairs.findIndex(listed => `${listed}` === `${pair}`);
  return at < 0 ? 0 : alpha[at];
}
