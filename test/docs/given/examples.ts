import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type {
  AutoSelectArgs,
  BatchSource,
  EpochMetrics,
  FieldSpec,
  Interaction,
  RecordRunArgs,
  Row,
  RunRecord,
  SearchStage,
  SeededBatches,
  Selection,
} from 'tfjs-autofis';
import type {Bundle} from 'tfjs-autofis/bundle';
import type {Shards} from 'tfjs-autofis/data';
import type {GarroteRows} from '../../../src/decision/gated_loss';
import type {BundleParts} from '../../../src/bundle/save_load';
import type {PrepareOptions} from '../../../src/data/prepare';

/** What the examples of public docstrings take as given. They are compiled and do not run. */
export * from 'tfjs-autofis';
export * from 'tfjs-autofis/bundle';
export * from 'tfjs-autofis/checkpoints';
export * from 'tfjs-autofis/data';
export * from 'tfjs-autofis/export';
export * from 'tfjs-autofis/models';
export * from 'tfjs-autofis/report';
export * from 'tfjs-autofis/runtime';
export {InferenceSession} from 'onnxruntime-node';

const union = {...tf, input: tfl.input, sequential: tfl.sequential};
export {union as tf};
export declare const fields: FieldSpec[];
export declare const interactions: Interaction[];
/** Tensors where an example trains a model, arrays where it computes with them. */
export declare const ids: tf.Tensor2D & ArrayLike<number>;
export declare const labels: tf.Tensor2D & Float32Array;
export declare const ours: Float32Array;
export declare const theirs: Float32Array;
export declare const validationIds: tf.Tensor2D;
export declare const validationLabels: tf.Tensor2D;
export declare const testIds: tf.Tensor2D;
export declare const testLabels: tf.Tensor2D;
export declare const validation: {xs: tf.Tensor2D; ys: tf.Tensor2D};
export declare const test: {xs: tf.Tensor2D; ys: tf.Tensor2D};
export declare const model: tfl.Sequential;
export declare const slim: tfl.LayersModel;
export declare const search: SearchStage;
export declare const selection: Selection;
export declare const metrics: EpochMetrics;
export declare const rows: Row[];
export declare const run: RunRecord;
export declare const train: Shards & AutoSelectArgs['train'];
export declare const fitted: BundleParts['fitted'];
export declare const schema: PrepareOptions['schema'];
export declare const fromStep: number;
export declare const backend: RecordRunArgs['backend'];
export declare const versions: RecordRunArgs['versions'];
export declare const trainRows: RecordRunArgs['train'];
export declare const testRows: RecordRunArgs['test'];
export declare const bundle: Bundle;
export declare const source: BatchSource;
export declare const batches: SeededBatches & Array<{labels: Float32Array}>;
export declare function loss(): tf.Scalar;
export declare function predict(batch: object): Float32Array;
export declare function readBatches(file: string): Iterable<Int32Array>;
export declare function write(values: Float32Array): void;
export declare const products: GarroteRows['products'];
export declare const base: GarroteRows['base'];
