import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {AutofisError} from '../errors';
import {Constant, freeName, inOrder, isComplete, operands, Step, Value} from './program/program';
import {translate} from './program/translate';

type Layer = tfl.layers.Layer;
type Tensor = tfl.SymbolicTensor;

/** Rows that a float32 can count without rounding. */
const MOST_ROWS = 2 ** 24;
/** A batch normalisation with this variance divides by 1, whatever least epsilon the backend has. */
const EPSILON = 1e-3;
const VARIANCE = 1 - EPSILON;

/**
 * A model of tfjs' own layers that predicts what `model` predicts: saved, it loads with nothing but TensorFlow.js. It
 * takes the same ids [B, W], but does not check them, and is not meant for further training. `model` is not changed;
 * the caller disposes the result.
 *
 * @throws AutofisError on a layer or option that cannot be exported, named in the message, or a table of more than
 * 16,777,216 rows.
 * @example
 * await stockModel(slim).save('file://stock');      // elsewhere: tf.loadLayersModel('.../stock/model.json')
 */
export function stockModel(model: tfl.LayersModel): tfl.LayersModel {
  const where = 'stockModel';
  const program = translate(where, model);
  const values = inOrder(program);
  const taken = new Set(values.map(({layer}) => layer));
  const names = layerNames(values, taken);
  const writer = new Writer(where, taken);
  for (const value of values) writer.write(value, names.get(value)!);
  const stock = tfl.model({
    inputs: program.inputs.map(({value}) => writer.tensorOf(value)),
    outputs: program.outputs.map(({value}) => writer.tensorOf(value)),
    name: model.name,
  });
  writer.setWeights();
  return stock;
}

/** The last step of each layer gets the layer's name, so that outputs keep theirs. */
function layerNames(values: readonly Value[], taken: Set<string>): Map<Value, string> {
  const names = new Map<Value, string>();
  const done = new Set<string>();
  for (const value of [...values].reverse()) {
    const isLast = !done.has(value.layer);
    done.add(value.layer);
    names.set(value, isLast ? value.layer : freeName(taken, value.layer));
  }
  return names;
}

/** Makes the layers, one step after the other; their weights are set when the model is whole. */
class Writer {
  private readonly tensors = new Map<Value, Tensor>();
  private readonly weights: Array<{layer: Layer; constants: Constant[]}> = [];

  /** @param taken Names of layers that others cannot have. */
  constructor(
    private readonly where: string,
    private readonly taken: Set<string>,
  ) {}

  tensorOf(value: Value): Tensor {
    return this.tensors.get(value)!;
  }

  write(value: Value, name: string): void {
    const inputs = operands(value.step).map(operand => this.tensorOf(operand));
    this.tensors.set(value, this.apply(value, value.step, name, inputs));
  }

  setWeights(): void {
    for (const {layer, constants} of this.weights) {
      tf.tidy(() => layer.setWeights(constants.map(({data, shape}) => tf.tensor(data, [...shape]))));
    }
  }

  private apply(value: Value, step: Step, name: string, inputs: Tensor[]): Tensor {
    const [x] = inputs;
    switch (step.op) {
      case 'input':
        return tfl.input({shape: [...value.shape], dtype: step.dtype, name});
      case 'rows':
        return this.rows(step, name, x);
      case 'dense':
        return this.add(
          tfl.layers.dense({
            units: step.kernel.shape[1],
            useBias: step.bias !== null,
            activation: step.activation,
            kernelInitializer: 'zeros',
            name,
          }),
          x,
          [step.kernel, ...(step.bias === null ? [] : [step.bias])],
        );
      case 'grouped':
        return this.grouped(step, name, x);
      case 'activation':
        return this.add(tfl.layers.activation({activation: step.activation, name}), x);
      case 'normalize':
        return this.add(tfl.layers.batchNormalization({epsilon: EPSILON, name}), x, [
          step.scale,
          step.shift,
          step.mean,
          {shape: step.mean.shape, data: new Float32Array(step.mean.data.length).fill(VARIANCE)},
        ]);
      case 'transpose':
        return this.add(tfl.layers.permute({dims: [2, 1], name}), x);
      case 'reshape':
        return this.add(tfl.layers.reshape({targetShape: [...value.shape], name}), x);
      case 'add':
        return this.add(tfl.layers.add({name}), inputs);
      case 'multiply':
        return this.add(tfl.layers.multiply({name}), inputs);
      case 'concat':
        return this.add(tfl.layers.concatenate({axis: step.axis + 1, name}), inputs);
      case 'mean':
        return this.add(tfl.layers.globalAveragePooling1d({name}), x);
    }
  }

  private rows({columns, offsets, table}: Extract<Step, {op: 'rows'}>, name: string, ids: Tensor): Tensor {
    const count = columns.length;
    let x = this.take(ids, columns, name);
    if (offsets.some(offset => offset !== 0)) {
      if (table.shape[0] > MOST_ROWS) {
        throw new AutofisError(
          `${this.where}: the table of ${name} has ${table.shape[0]} rows, but stock layers count rows in float32, ` +
            `up to ${MOST_ROWS}. Export a graph model or ONNX.`,
        );
      }
      // A dense layer of zeros gives its bias alone, exactly, also where products are rounded to fewer digits.
      const zeros = {shape: [count, count], data: new Float32Array(count * count)};
      const constant = this.add(
        tfl.layers.dense({units: count, kernelInitializer: 'zeros', name: this.nameOf(name, 'offsets')}),
        x,
        [zeros, {shape: [count], data: Float32Array.from(offsets)}],
      );
      x = this.add(tfl.layers.add({name: this.nameOf(name, 'rows')}), [x, constant]);
    }
    return this.add(
      tfl.layers.embedding({
        inputDim: table.shape[0],
        outputDim: table.shape[1],
        inputLength: count,
        embeddingsInitializer: 'zeros',
        name,
      }),
      x,
      [table],
    );
  }

  /** A depthwise convolution whose filter is as high as the image multiplies each channel's column with a matrix. */
  private grouped({kernel, bias}: Extract<Step, {op: 'grouped'}>, name: string, x: Tensor): Tensor {
    const [groups, inputs, units] = kernel.shape;
    const turned = this.add(tfl.layers.permute({dims: [2, 1], name: this.nameOf(name, 'turned')}), x);
    const image = this.add(
      tfl.layers.reshape({targetShape: [inputs, 1, groups], name: this.nameOf(name, 'image')}),
      turned,
    );
    const filter = new Float32Array(kernel.data.length);
    for (let p = 0; p < groups; p++) {
      for (let k = 0; k < inputs; k++) {
        filter.set(
          kernel.data.subarray((p * inputs + k) * units, (p * inputs + k + 1) * units),
          (k * groups + p) * units,
        );
      }
    }
    const products = this.add(
      tfl.layers.depthwiseConv2d({
        kernelSize: [inputs, 1],
        depthMultiplier: units,
        depthwiseInitializer: 'zeros',
        name: this.nameOf(name, 'products'),
      }),
      image,
      [
        {shape: [inputs, 1, groups, units], data: filter},
        {shape: [groups * units], data: bias.data},
      ],
    );
    return this.add(tfl.layers.reshape({targetShape: [groups, units], name}), products);
  }

  /** Some columns of [W], run by run: cropping copies numbers as they are. */
  private take(ids: Tensor, columns: readonly number[], name: string): Tensor {
    const W = ids.shape[1]!;
    if (isComplete(columns, W)) return ids;
    const wide = this.add(tfl.layers.reshape({targetShape: [W, 1, 1], name: this.nameOf(name, 'columns')}), ids);
    const runs = columns.flatMap((column, k) =>
      k > 0 && columns[k - 1] === column - 1
        ? []
        : [{start: column, end: column + columns.slice(k).findIndex((_, n, rest) => rest[n + 1] !== column + n + 1)}],
    );
    const parts = runs.map(({start, end}, run) =>
      this.add(
        tfl.layers.cropping2D({
          cropping: [
            [start, W - 1 - end],
            [0, 0],
          ],
          name: this.nameOf(name, `columns_${run + 1}`),
        }),
        wide,
      ),
    );
    const joined =
      parts.length === 1
        ? parts[0]
        : this.add(tfl.layers.concatenate({axis: 1, name: this.nameOf(name, 'taken')}), parts);
    return this.add(tfl.layers.reshape({targetShape: [columns.length], name: this.nameOf(name, 'ids')}), joined);
  }

  /** The name of a layer beside that of a step. */
  private nameOf(step: string, part: string): string {
    return freeName(this.taken, `${step}_${part}`);
  }

  private add(layer: Layer, inputs: Tensor | Tensor[], constants: Constant[] = []): Tensor {
    const output = layer.apply(inputs) as Tensor;
    if (constants.length > 0) this.weights.push({layer, constants});
    return output;
  }
}
