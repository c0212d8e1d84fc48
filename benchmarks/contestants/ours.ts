/**
 * Ours, as a user writes it: FieldEmbedding, FieldLinear, GatedInteraction, `compile({optimizer: 'adam'})` and
 * SearchStage. Argument: JSON of `OursOptions`.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {FieldEmbedding, FieldLinear, GatedInteraction, SearchStage} from 'tfjs-autofis';
import {useBackend} from 'tfjs-autofis/runtime';
import {fieldsOf, readRows, readWeights, Rows, scattered} from '../data';
import {processMemory} from '../memory';
import {nativePackage, refuseMixed} from '../native';
import {Pacer} from '../pacer';
import {FieldAwareEmbedding} from '../internals';

export interface OursOptions {
  backend: 'native' | 'wasm';
  rows: string;
  /** Folder of the start weights; without it layers start as they do by default. */
  weights?: string;
  /** Starts the table at a constant: 10 M random rows take longer to make than to train on. */
  constant?: boolean;
  d: number;
  hidden: number[];
  /** Whether dense layers multiply in bfloat16; where that does not pay, the contestant says so and ends. */
  mixed?: boolean;
  /** Whether all triples are added to the pairs. */
  triples?: boolean;
  /** Whether a value has a vector for each other field; then embeddings and alpha start at `scattered` numbers. */
  fieldAware?: boolean;
}

const options = JSON.parse(process.argv[2]) as OursOptions;

function build(
  {d, hidden, triples, fieldAware, constant, weights: folder}: OursOptions,
  {sizes}: Rows,
): tfl.LayersModel {
  const fields = fieldsOf(sizes);
  const weights = folder === undefined ? null : readWeights(folder);
  const ids = tfl.input({shape: [fields.length], dtype: 'int32'});
  const start = constant || fieldAware ? {embeddingsInitializer: tfl.initializers.constant({value: 0.01})} : {seed: 3};
  const embedding = new (fieldAware ? FieldAwareEmbedding : FieldEmbedding)({fields, outputDim: d, ...start});
  const gate = new GatedInteraction({seed: 1});
  const e = embedding.apply(ids) as tfl.SymbolicTensor;
  const parts = [new FieldLinear({fields}).apply(ids), gate.apply(e)] as tfl.SymbolicTensor[];
  if (triples) parts.push(new GatedInteraction({order: 3, seed: 2}).apply(e) as tfl.SymbolicTensor);
  const dense = [...hidden.map(units => tfl.layers.dense({units, activation: 'relu'})), tfl.layers.dense({units: 1})];
  if (hidden.length > 0) {
    const flat = tfl.layers.flatten().apply(e) as tfl.SymbolicTensor;
    parts.push(dense.reduce((x, layer) => layer.apply(x) as tfl.SymbolicTensor, flat));
  }
  const sum = tfl.layers.add().apply(parts) as tfl.SymbolicTensor;
  const model = tfl.model({
    inputs: ids,
    outputs: tfl.layers.activation({activation: 'sigmoid'}).apply(sum) as tfl.SymbolicTensor,
  });
  if (fieldAware) {
    tf.tidy(() => {
      const [table] = embedding.getWeights();
      embedding.setWeights([tf.tensor2d(scattered(table.size, 0, 0.02), table.shape as [number, number])]);
      gate.alpha!.write(tf.tensor1d(scattered(gate.interactions.length, 0.6, 0.001)));
    });
  }
  if (weights !== null) {
    tf.tidy(() => {
      embedding.setWeights([tf.tensor2d(weights.table, [weights.table.length / d, d])]);
      gate.alpha!.write(tf.tensor1d(weights.alpha));
      if (hidden.length > 0) {
        weights.kernels.forEach(({shape, values}, i) =>
          dense[i].setWeights([tf.tensor2d(values, shape), tf.zeros([shape[1]])]),
        );
      }
    });
  }
  model.compile({optimizer: 'adam', loss: 'binaryCrossentropy'});
  return model;
}

/** Batches of `fitDataset`, each given when the pacer frees a step. */
function dataset(pacer: Pacer, {ids, labels, batchSize, batches, sizes}: Rows): object {
  const m = sizes.length;
  let next = 0;
  return {
    iterator: async () => ({
      next: async () => {
        if (!(await pacer.step())) process.exit(0);
        const b = next++ % batches;
        return {
          done: false,
          value: {
            xs: tf.tensor2d(ids.subarray(b * batchSize * m, (b + 1) * batchSize * m), [batchSize, m], 'int32'),
            ys: tf.tensor2d(labels.subarray(b * batchSize, (b + 1) * batchSize), [batchSize, 1]),
          },
        };
      },
    }),
  };
}

/** Hands the loss of each batch on. */
class Losses extends tfl.Callback {
  constructor(private readonly pacer: Pacer) {
    super();
  }

  override async onBatchEnd(_batch: number, logs?: tfl.Logs): Promise<void> {
    const loss = logs!['loss'] as number | tf.Scalar;
    this.pacer.loss(typeof loss === 'number' ? loss : loss.dataSync()[0]);
  }
}

async function main(): Promise<void> {
  const {tensorflow, gpu, precision} = await useBackend(
    options.backend === 'native' ? nativePackage() : options.backend,
    {precision: options.mixed ? 'mixed' : 'float32'},
  );
  if (options.mixed && precision !== 'mixed') refuseMixed();
  // The fewest pages of files that there are from here on, so that own memory is not counted too low.
  const {filesMB = NaN} = processMemory();
  const rows = readRows(options.rows);
  const model = build(options, rows);
  const pacer: Pacer = new Pacer(() => {
    // Memory that waits for the garbage collector has not leaked.
    if (pacer.what === 'collect') globalThis.gc!();
    const {peakMB} = processMemory();
    return {
      peakMB,
      ownPeakMB: peakMB - filesMB,
      residentMB: process.memoryUsage.rss() / 1e6,
      heapMB: process.memoryUsage().heapUsed / 1e6,
      tensors: tf.memory().numTensors,
    };
  });
  pacer.ready(
    tensorflow === undefined ? {} : {tensorflow, 'ours, native, computed on': gpu ? 'the GPU' : 'the processor'},
  );
  await model.fitDataset(dataset(pacer, rows) as never, {
    batchesPerEpoch: 1e6,
    epochs: 1,
    verbose: 0,
    callbacks: [new SearchStage({method: {type: 'grda'}}), new Losses(pacer)],
  });
}

void main();
