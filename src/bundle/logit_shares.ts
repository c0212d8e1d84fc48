import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type {CrossLinear} from '../../layers/cross_linear';
import type {FieldEmbedding} from '../../layers/field_embedding';
import type {FieldLinear} from '../../layers/field_linear';
import type {GatedInteraction} from '../../layers/gated_interaction';
import {AutofisError} from '../errors';
import {compareInteractions, type Interaction} from '../interactions';
import {isGate} from '../stages/model_layers';

/** The logits of rows, taken apart: logit_i = intercept + sum_t shares_it, up to rounding. */
interface SharesOfRows {
  /** Output [n] of the model. */
  probabilities: Float32Array;
  /** Input [n] of its sigmoid. */
  logits: Float32Array;
  intercept: number;
  /** [n, T], row-major, in the order of `LogitShares.terms`. */
  shares: Float64Array;
}

/** A layer whose output is a sum of terms, and the position of each of its terms in a row of shares. */
interface SummedLayer<Layer> {
  layer: Layer;
  positions: number[];
}

const FIELD_TABLES = ['FieldEmbedding', 'FieldAwareEmbedding'];
const PASSED = ['SeededDropout', 'Dropout'];
const BATCH = 10_000;

/**
 * Takes the logits of a model apart into an intercept, a share of each field and one of each interaction. Its output is
 * the sigmoid of a sum of FieldLinear, CrossLinear with a dictionary, and GatedInteraction on tables of fields.
 */
export class LogitShares {
  /** Positions of the fields that each share belongs to, in the schema: fields, then pairs, then triples. */
  readonly terms: readonly Interaction[];
  private readonly linear: Array<SummedLayer<FieldLinear>>;
  private readonly gates: Array<SummedLayer<GatedInteraction> & {input: tfl.SymbolicTensor}>;
  private readonly crosses: Array<SummedLayer<CrossLinear>>;
  private readonly probe: tfl.LayersModel;
  private readonly columns: number;

  /**
   * @param names Fields of the model's input, in order.
   * @throws AutofisError if the logit is anything but such a sum; it names the layer.
   */
  constructor(where: string, model: tfl.LayersModel, names: readonly string[]) {
    const logit = logitOf(where, model);
    const parts = summands(logit).map(tensor => ({layer: tensor.sourceLayer, input: tensor.inputs[0]}));
    const fieldsOf = parts.map(({layer, input}) =>
      termsOf(where, layer, input).map(fields => fields.map(name => names.indexOf(name))),
    );
    const all = new Map(fieldsOf.flat().map(fields => [`${fields}`, fields]));
    this.terms = [...all.values()].sort((a, b) => a.length - b.length || compareInteractions(a, b));
    const position = new Map(this.terms.map((fields, t) => [`${fields}`, t]));
    const summed = parts.map((part, k) => ({
      ...part,
      positions: fieldsOf[k].map(fields => position.get(`${fields}`)!),
    }));
    const ofClass = <Layer>(name: string) =>
      summed.filter(({layer}) => layer.getClassName() === name) as unknown as Array<SummedLayer<Layer>>;
    this.linear = ofClass<FieldLinear>('FieldLinear');
    this.crosses = ofClass<CrossLinear>('CrossLinear');
    this.gates = summed.filter(({layer, positions}) => isGate(layer) && positions.length > 0) as never;
    this.columns = model.inputs[0].shape[1]!;
    this.probe = tfl.model({inputs: model.inputs, outputs: [model.outputs[0], logit, ...this.gates.map(g => g.input)]});
  }

  /** Take the logits of rows of ids [n, W] apart. */
  async of(ids: Int32Array): Promise<SharesOfRows> {
    const rows = ids.length / this.columns;
    const [probabilities, logits] = [new Float32Array(rows), new Float32Array(rows)];
    const shares = new Float64Array(rows * this.terms.length);
    let intercept = 0;
    for (let start = 0; start < rows; start += BATCH) {
      const part = await this.ofBatch(ids.subarray(start * this.columns, (start + BATCH) * this.columns));
      probabilities.set(part.probabilities, start);
      logits.set(part.logits, start);
      shares.set(part.shares, start * this.terms.length);
      ({intercept} = part);
    }
    return {probabilities, logits, intercept, shares};
  }

  private async ofBatch(ids: Int32Array): Promise<SharesOfRows> {
    const rows = ids.length / this.columns;
    const shares = new Float64Array(rows * this.terms.length);
    const [probabilities, logits, ...values] = await valuesOf(() => {
      const xs = tf.tensor2d(ids, [rows, this.columns], 'int32');
      const [probability, logit, ...inputs] = this.probe.predictOnBatch(xs) as tf.Tensor[];
      const linear = this.linear.map(({layer}) => layer.terms(xs));
      const gates = this.gates.map(({layer}, g) => layer.terms(inputs[g]));
      const biases = this.linear.flatMap(({layer}) => layer.getWeights().slice(1));
      return [probability, logit, ...linear, ...gates, ...biases.map(bias => tf.clone(bias))];
    });
    const summed = [...this.linear, ...this.gates];
    summed.forEach(({positions}, k) => this.addTerms(shares, values[k], positions));
    for (const cross of this.crosses) await this.addCrosses(shares, cross, ids);
    const intercept = values.slice(summed.length).reduce((sum, [bias]) => sum + bias, 0);
    return {probabilities, logits, intercept, shares};
  }

  private addTerms(shares: Float64Array, values: Float32Array, positions: readonly number[]): void {
    const count = positions.length;
    for (let at = 0, start = 0; at < values.length; at += count, start += this.terms.length)
      for (let p = 0; p < count; p++) shares[start + positions[p]] += values[at + p];
  }

  private async addCrosses(shares: Float64Array, {layer, positions}: SummedLayer<CrossLinear>, ids: Int32Array) {
    const {weights, owners, scales} = layer.entries(ids);
    if (weights.length === 0) return;
    const [values] = await valuesOf(() => [tf.gather(layer.getWeights()[0], tf.tensor1d(weights, 'int32'))]);
    const ends: number[] = [];
    for (const count of layer.counts!) ends.push((ends.at(-1) ?? 0) + count);
    let p = 0;
    for (let k = 0; k < weights.length; k++) {
      // The weights of a row are in the order of the interactions.
      if (k === 0 || owners[k] !== owners[k - 1]) p = 0;
      while (weights[k] >= ends[p]) p++;
      shares[owners[k] * this.terms.length + positions[p]] += scales[k] * values[k];
    }
  }
}

/** The tensors whose sum a tensor is. */
function summands(tensor: tfl.SymbolicTensor): tfl.SymbolicTensor[] {
  return tensor.sourceLayer.getClassName() === 'Add' ? tensor.inputs.flatMap(summands) : [tensor];
}

/** Names of the fields of each term that a layer sums. */
function termsOf(where: string, layer: tfl.layers.Layer, input: tfl.SymbolicTensor): string[][] {
  const named = (interactions: readonly Interaction[], fields: ReadonlyArray<{name: string}>) =>
    interactions.map(interaction => interaction.map(f => fields[f].name));
  if (layer.getClassName() === 'FieldLinear') return (layer as FieldLinear).embedded.map(({name}) => [name]);
  if (layer.getClassName() === 'CrossLinear') {
    const crosses = layer as CrossLinear;
    if (crosses.counts === null) throw cannot(where, `${nameOf(layer)} hashes combinations, which then share weights`);
    return named(crosses.interactions, crosses.embedded);
  }
  if (!isGate(layer) || layer.outputMode !== 'sum') throw cannot(where, `${nameOf(layer)} mixes fields`);
  let table = input;
  while (PASSED.includes(table.sourceLayer.getClassName())) [table] = table.inputs;
  const source = table.sourceLayer;
  if (!FIELD_TABLES.includes(source.getClassName()))
    throw cannot(where, `${nameOf(layer)} multiplies what ${nameOf(source)} computes`);
  return named(layer.interactions, (source as FieldEmbedding).embedded);
}

/** The input of the sigmoid that the model ends with. */
function logitOf(where: string, model: tfl.LayersModel): tfl.SymbolicTensor {
  const [{sourceLayer, inputs}] = model.outputs;
  if (sourceLayer.getClassName() !== 'Activation' || sourceLayer.getConfig()['activation'] !== 'sigmoid')
    throw cannot(where, `it ends with ${nameOf(sourceLayer)} instead of a sigmoid of the logit`);
  return inputs[0];
}

const nameOf = (layer: tfl.layers.Layer) => `its layer ${layer.name} (${layer.getClassName()})`;

function cannot(where: string, why: string): AutofisError {
  return new AutofisError(
    `${where}: the model has no shares of fields and interactions: ${why}. Explain a model without hidden layers: ` +
      'one of `autoSelect` or `npx tfjs-autofis run`, or `lr`, `fm`, `ffm`, `autoFm` or `autoFfm`. Other ' +
      'models can only predict.',
  );
}

/** Values of the tensors that a function returns, and no tensor. */
async function valuesOf(compute: () => tf.Tensor[]): Promise<Float32Array[]> {
  const tensors = tf.tidy(compute);
  try {
    return (await Promise.all(tensors.map(tensor => tensor.data()))) as Float32Array[];
  } finally {
    tf.dispose(tensors);
  }
}
