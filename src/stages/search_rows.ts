import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {AutofisError} from '../errors';
import type {CallbackState} from '../metrics/callbacks';
import {fmix32, mixBlock} from '../murmur3';
import {rowWeightsOf} from './class_weights';
import {type HashedRows, RowSample, rowValues, type SampledRows, type RowValues} from './row_sample';

/** One of this number of rows is held out. */
const HELD = 10;
/** Values of rows that are stored at most, 32 MB each for those of the training and those held out. */
const MOST_VALUES = 2 ** 23;

/** Samples of the training rows that a search stores. */
export interface RowsSeen {
  train: SampledRows;
  /** Rows that took no part in the training; null where none were held out. */
  held: SampledRows | null;
}

/**
 * The rows of a training, which `fit` gives to no callback: inputs are read where the first layers are called, labels
 * where the losses are. A tenth of the rows can be held out: their losses count 0 in every epoch. A hash of its inputs
 * decides on a row, so shuffling changes nothing, and equal inputs are on one side.
 */
export class SearchRows {
  private readonly losses: tfl.LayersModel['lossFunctions'];
  private readonly readers: Reader[];
  private readonly train = new RowSample(MOST_VALUES);
  private readonly held = new RowSample(MOST_VALUES);
  private isOpen = true;
  /** Inputs of the step that is under way, by their position; the step's factors once its losses are computed. */
  private inputs: tf.Tensor[] = [];
  private step: {batch: HashedRows; factors: tf.Tensor1D | null} | null = null;

  /**
   * @param holdOut Whether to hold out a tenth of the rows.
   * @throws AutofisError where an input is read by no layer that reads it alone.
   */
  constructor(
    private readonly model: tfl.LayersModel,
    private readonly holdOut: boolean,
  ) {
    this.readers = model.inputs.map((input, i) => readerOf(input, i, model));
    this.losses = model.lossFunctions;
    model.lossFunctions = this.losses.map(
      (loss, output) => (labels, predictions) => this.masked(labels, loss(labels, predictions), output),
    );
    this.readers.forEach((reader, i) => watch(reader, value => (this.inputs[i] = value)));
  }

  /** End the first pass: rows of later ones are known. */
  endPass(): void {
    this.isOpen = false;
  }

  /** Let the model have its own losses and layers again. */
  end(): void {
    this.model.lossFunctions = this.losses;
    for (const {layer} of this.readers) delete (layer as {call?: unknown}).call;
  }

  /** Return the state that `restore` continues from. */
  state(): CallbackState {
    const samples = [this.train, this.held].map(sample => sample.state());
    return {
      values: {isOpen: this.isOpen, samples: samples.map(({values, tensors}) => ({values, count: tensors.length}))},
      tensors: samples.flatMap(({tensors}) => tensors),
    };
  }

  /** Continue from a state; disposes its tensors. */
  restore({values, tensors}: CallbackState): void {
    const {isOpen, samples} = values as {isOpen: boolean; samples: Array<{values: unknown; count: number}>};
    this.isOpen = isOpen;
    [this.train, this.held].forEach((sample, i) =>
      sample.restore({values: samples[i].values, tensors: tensors.splice(0, samples[i].count)}),
    );
  }

  /**
   * The rows of the first pass, thinned where they are many.
   * @throws AutofisError where losses of the model computed none of them.
   */
  seen(): RowsSeen {
    if (this.train.count === 0) {
      throw new AutofisError(
        "SearchStage: no row of the training was seen, since none went through the model's losses. Train by `fit`, " +
          '`fitDataset` or `trainOnBatch`; in a loop on optimizer.minimize use partitioned() with grda().',
      );
    }
    return {train: this.train.rows(), held: this.holdOut && this.held.count > 0 ? this.held.rows() : null};
  }

  /** The losses of rows, times 0 for those held out and, so that their mean is that of the others, more for these. */
  private masked(labels: tf.Tensor, rows: tf.Tensor, output: number): tf.Tensor {
    // Losses of an evaluation: no layer was called in training.
    if (this.inputs.length === 0 && this.step === null) return rows;
    if (!this.isOpen && !this.holdOut) return rows;
    this.step ??= this.begin(labels);
    const {step} = this;
    const count = step.batch.hashes.length;
    if (this.isOpen) step.batch.labels.push(rowValues(labels, count));
    if (step.factors !== null && rows.shape[0] !== count) {
      this.end();
      throw new AutofisError(
        `SearchStage: the loss of output ${this.model.outputNames[output]} must have a value for each row, ` +
          `[${count}], so that rows can be held out. Received: [${rows.shape}]. ` +
          "Return no mean, or give {method: {type: 'heldOut', rows}}.",
      );
    }
    const shape = [count, ...rows.shape.slice(1).map(() => 1)];
    const masked = step.factors === null ? rows : tf.mul(rows, tf.reshape(step.factors, shape));
    if (output === this.losses.length - 1) this.finish(step.batch);
    return masked;
  }

  private begin(labels: tf.Tensor): NonNullable<SearchRows['step']> {
    const {inputs} = this;
    this.inputs = [];
    const count = labels.shape[0]!;
    const values = inputs.map(input => rowValues(input, count));
    const hashes = hashRows(values, count);
    const weights = Float32Array.from(rowWeightsOf(labels) ?? new Float32Array(count).fill(1));
    const stays = Float32Array.from(hashes, hash => (this.holdOut && isHeld(hash) ? 0 : 1));
    const trained = stays.reduce((sum, one) => sum + one, 0);
    const factors = trained === count ? null : tf.tensor1d(stays.map(one => (one * count) / Math.max(1, trained)));
    return {batch: {inputs: values, labels: [], weights, hashes}, factors};
  }

  private finish(batch: HashedRows): void {
    this.step = null;
    if (!this.isOpen) return;
    const rows = [...batch.hashes.keys()].filter(row => batch.weights[row] > 0);
    this.train.add(
      batch,
      rows.filter(row => !this.holdOut || !isHeld(batch.hashes[row])),
    );
    if (this.holdOut)
      this.held.add(
        batch,
        rows.filter(row => isHeld(batch.hashes[row])),
      );
  }
}

/** A layer that reads one input of the model, and where among its own. */
interface Reader {
  layer: tfl.layers.Layer;
  position: number;
}

function readerOf(input: tfl.SymbolicTensor, index: number, model: tfl.LayersModel): Reader {
  for (const node of input.sourceLayer.outboundNodes) {
    const layer = node.outboundLayer;
    const position = node.inputTensors.indexOf(input);
    // A layer that is applied to several inputs does not say which one it reads; a nested model's first node is itself.
    const uses = layer.inboundNodes.filter(({inboundLayers}) => inboundLayers.length > 0);
    if (uses.every(other => other.inputTensors[position] === input)) return {layer, position};
  }
  throw new AutofisError(
    `SearchStage: input ${index} of ${model.name}, ${model.inputNames[index]}, is read only by layers that read ` +
      'other inputs as well, so its rows cannot be identified. ' +
      'Give it a layer of its own, or put all ids into one input.',
  );
}

/** Give a layer's input to `see` whenever it is called in training. */
function watch({layer, position}: Reader, see: (value: tf.Tensor) => void): void {
  const call = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => {
    if (kwargs?.['training'] === true) see([inputs].flat()[position]);
    return call(inputs, kwargs);
  };
}

function isHeld(hash: number): boolean {
  // The first digits of the hash say which rows a sample holds.
  return (hash >>> 0) % HELD === 0;
}

/** A hash of the inputs of each row. */
function hashRows(inputs: readonly RowValues[], rows: number): Int32Array {
  const bits = inputs.map(({values, width}) => ({
    words: values instanceof Float32Array ? new Int32Array(values.buffer, values.byteOffset, values.length) : values,
    width,
  }));
  return new Int32Array(rows).map((_, row) => {
    let hash = 0;
    for (const {words, width} of bits)
      for (let k = row * width; k < (row + 1) * width; k++) hash = mixBlock(hash, words[k]);
    return fmix32(hash);
  });
}
