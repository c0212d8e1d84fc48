import * as tf from '@tensorflow/tfjs-core';
import type {Attribute, NativeBackend} from '../tfjs_internals';
import {type DenseKernels, isBiasOf, type Product, productSizes} from './dense_kernels';
import {backendWithOwnOps} from './own_ops';
import {NONE, watchTensors} from './watch_tensors';

/** Columns of a result that fill a vector of the processor. */
const LEAST_COLUMNS = 16;

/** A product that has not been computed, maybe with a bias for each column. */
interface Pending extends Product {
  bias?: tf.TensorInfo;
}

/**
 * Dense layers in float32 by the products of kernels/dense.cc, each computed together with the bias and the relu, or
 * the gradient of relu, that follow it. tfjs asks for these one by one, so a product waits until its result is asked
 * for: by `relu`, which then computes all, or by anybody else. It keeps its factors until then.
 */
export class FusedLayers implements DenseKernels {
  private readonly pending = new Map<tf.DataId, Pending>();

  constructor(private readonly backend: NativeBackend) {
    watchTensors(backend, {asked: dataId => this.compute(dataId), freed: dataId => this.settle(dataId)});
  }

  product(product: Product): tf.Tensor | null {
    if (!isForTiles(product)) return null;
    // The gradient of a weight, from more numbers than it has itself: nothing follows, and waiting would hold them.
    return product.transposeA ? this.run(opOf(product), [product.a, product.b]) : this.defer(product);
  }

  addBias(x: tf.TensorInfo, bias: tf.TensorInfo): tf.Tensor | null {
    const product = this.pending.get(x.dataId);
    if (product === undefined || product.bias !== undefined || !isBiasOf(x, bias)) return null;
    return this.defer({...product, bias});
  }

  relu(x: tf.TensorInfo): tf.Tensor | null {
    const product = this.pending.get(x.dataId);
    if (product?.bias === undefined || product.transposeB) return null;
    return this.run('AutofisReluLayer', [product.a, product.b, product.bias]);
  }

  reluGradient(dy: tf.TensorInfo, y: tf.TensorInfo): tf.Tensor | null {
    const product = this.pending.get(dy.dataId);
    if (product === undefined || product.bias !== undefined || !product.transposeB) return null;
    return this.run('AutofisReluLayerGradient', [product.a, product.b, y]);
  }

  /** Compute whatever waits. */
  computeAll(): void {
    [...this.pending.keys()].forEach(dataId => this.compute(dataId));
  }

  /** A tensor whose numbers are still to be computed. */
  private defer(product: Pending): tf.Tensor {
    const {rows, columns} = productSizes(product);
    const {binding} = this.backend;
    const tensor = this.backend.createOutputTensor({id: NONE, shape: [rows, columns], dtype: binding.TF_FLOAT});
    this.pending.set(tensor.dataId, product);
    for (const {dataId} of inputsOf(product)) this.backend.incRef(dataId);
    return tensor;
  }

  private compute(dataId: tf.DataId): void {
    const product = this.pending.get(dataId);
    if (product === undefined) return;
    let id = this.idOf(opOf(product), [], this.backend.getInputTensorIds([product.a, product.b]));
    if (product.bias !== undefined) {
      const {TF_ATTR_TYPE, TF_FLOAT} = this.backend.binding;
      const alone = id;
      const [bias] = this.backend.getInputTensorIds([product.bias]);
      id = this.idOf('AddV2', [{name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT}], [alone, bias]);
      this.backend.binding.deleteTensor(alone);
    }
    this.backend.tensorMap.get(dataId).id = id;
    this.settle(dataId);
  }

  /** A product that is computed, or that nobody wants any more, needs its factors no longer. */
  private settle(dataId: tf.DataId): void {
    const product = this.pending.get(dataId);
    if (product === undefined) return;
    this.pending.delete(dataId);
    for (const input of inputsOf(product)) {
      if (this.backend.disposeData(input.dataId)) tf.engine().removeDataId(input.dataId, this.backend);
    }
  }

  private run(op: string, inputs: tf.TensorInfo[]): tf.Tensor {
    return this.backend.executeSingleOutput(op, [], inputs);
  }

  private idOf(op: string, attributes: Attribute[], inputs: number[]): number {
    return this.backend.binding.executeOp(op, attributes, inputs, 1)[0].id;
  }
}

function opOf({transposeA, transposeB}: Product): string {
  return `AutofisProduct${transposeA ? 'T' : 'N'}${transposeB ? 'T' : 'N'}`;
}

function inputsOf({a, b, bias}: Pending): tf.TensorInfo[] {
  return bias === undefined ? [a, b] : [a, b, bias];
}

function isMatrix(x: tf.TensorInfo): boolean {
  return x.dtype === 'float32' && x.shape.length === 2 && x.shape.every(size => size > 0);
}

function isForTiles(product: Product): boolean {
  return isMatrix(product.a) && isMatrix(product.b) && productSizes(product).columns >= LEAST_COLUMNS;
}

/** The property of a backend that holds its fused layers, seen by every copy of this library. */
const FUSED = Symbol.for('tfjs-autofis.fused-layers');

type Backend = NativeBackend & {[FUSED]?: FusedLayers | null};

/** Dense layers of a backend by own ops; undefined where TensorFlow's are as fast or own ops are not allowed. */
export function fusedLayers(backend: Backend): FusedLayers | undefined {
  if (backendWithOwnOps() !== backend) return undefined;
  if (backend[FUSED] === undefined) backend[FUSED] = isFast(backend) ? new FusedLayers(backend) : null;
  return backend[FUSED] ?? undefined;
}

/** Compute the products that wait, before an op changes numbers where they lie: these may be factors. */
export function computeWaiting(backend: Backend): void {
  backend[FUSED]?.computeAll();
}

function isFast(backend: NativeBackend): boolean {
  try {
    backend.executeMultipleOutputs('AutofisFastProducts', [], [], 0);
    return true;
  } catch {
    return false;
  }
}
