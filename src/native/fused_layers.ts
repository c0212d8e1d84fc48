import * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend, NativeTensor} from '../tfjs_internals';
import {areMatrices, type DenseKernels, isBiasOf, type Product, productSizes} from './dense_kernels';
import {backendWithKernels, hasOp} from './kernel_ops';
import {NONE, watchTensors} from './watch_tensors';

/** Columns of a result that fill a vector of the processor. */
const LEAST_COLUMNS = 16;

/** Which of two factors are transposed: N for none, T for a transposed one. */
export type ProductOp = `Product${'N' | 'T'}${'N' | 'T'}`;

/** Matrix products of dense layers. */
export interface MatrixProducts {
  /** A product alone, in float32. */
  product(op: ProductOp, a: tf.TensorInfo, b: tf.TensorInfo): NativeTensor;
  /** max(x w + bias, 0). */
  layer(x: tf.TensorInfo, w: tf.TensorInfo, bias: tf.TensorInfo): tf.Tensor;
  /** dy times the transpose of w where y is above 0, else 0, and the sums of its columns in float32. */
  gradient(dy: tf.TensorInfo, w: tf.TensorInfo, y: tf.TensorInfo): {gradient: tf.Tensor; sums: NativeTensor};
  /** x of any shape plus dy times the transpose of w, in float32. */
  sum(dy: tf.TensorInfo, w: tf.TensorInfo, x: tf.TensorInfo): tf.Tensor;
}

/** A product that has not been computed, maybe with a bias for each column. */
interface Pending extends Product {
  bias?: tf.TensorInfo;
}

/**
 * Dense layers by the products of kernels/dense.cc, each computed together with the bias and the relu, or the gradient
 * of relu, that follow it. tfjs asks for these one by one, so a product waits until its result is asked for: by `relu`,
 * which then computes all, or by anybody else, who gets it in float32. It keeps its factors until then.
 */
export class FusedLayers implements DenseKernels {
  private readonly pending = new Map<tf.DataId, Pending>();
  /** The sums of the columns of relu's gradients, until a bias asks for them. */
  private readonly sums = new Map<tf.DataId, NativeTensor>();
  private readonly endWatch: () => void;

  constructor(
    private readonly backend: NativeBackend,
    private readonly products: MatrixProducts = floatProducts(backend),
  ) {
    this.endWatch = watchTensors(backend, {
      asked: dataId => this.compute(dataId),
      freed: dataId => {
        this.settle(dataId);
        this.forgetSums(dataId);
      },
      changing: () => {
        this.computeAll();
        this.forgetAllSums();
      },
    });
  }

  /** Compute what waits, and nothing more. */
  end(): void {
    this.computeAll();
    this.forgetAllSums();
    this.endWatch();
  }

  product(product: Product): tf.Tensor | null {
    if (!isForTiles(product)) return null;
    // The gradient of a weight, from more numbers than it has itself: nothing follows, and waiting would hold them.
    return product.transposeA ? this.productNow(product) : this.defer(product);
  }

  productNow(product: Product): tf.Tensor {
    return this.backend.createOutputTensor(this.computed(product));
  }

  add(a: tf.TensorInfo, b: tf.TensorInfo): tf.Tensor | null {
    return this.addBias(a, b) ?? this.addGradient(a, b) ?? this.addGradient(b, a);
  }

  private addBias(x: tf.TensorInfo, bias: tf.TensorInfo): tf.Tensor | null {
    const product = this.pending.get(x.dataId);
    if (product === undefined || product.bias !== undefined || !isBiasOf(x, bias)) return null;
    // The op of a layer gives its result the form of `a`.
    return tf.util.arraysEqual(x.shape, shapeOf(product)) ? this.defer({...product, bias}) : null;
  }

  /** Add the gradients of a layer's input from this layer and another that reads it; null for other sums. */
  private addGradient(x: tf.TensorInfo, y: tf.TensorInfo): tf.Tensor | null {
    const product = this.pending.get(x.dataId);
    if (product === undefined || product.bias !== undefined || !product.transposeB) return null;
    if (y.dtype !== 'float32' || !tf.util.arraysEqual(x.shape, y.shape)) return null;
    return this.products.sum(product.a, product.b, y);
  }

  relu(x: tf.TensorInfo): tf.Tensor | null {
    const product = this.pending.get(x.dataId);
    if (product?.bias === undefined || product.transposeB) return null;
    return this.products.layer(product.a, product.b, product.bias);
  }

  /** @param products How the product that waits is computed; by default as the others are. */
  reluGradient(dy: tf.TensorInfo, y: tf.TensorInfo, products = this.products): tf.Tensor | null {
    const product = this.pending.get(dy.dataId);
    if (product === undefined || product.bias !== undefined || !product.transposeB) return null;
    if (!tf.util.arraysEqual(dy.shape.slice(-2), sizesOf(product))) return null;
    const {gradient, sums} = products.gradient(product.a, product.b, y);
    this.sums.set(gradient.dataId, sums);
    return gradient;
  }

  /** Return the column sums that were computed with a gradient of relu; null for other tensors. */
  columnSums(x: tf.TensorInfo): tf.Tensor | null {
    const sums = this.sums.get(x.dataId);
    if (sums === undefined || x.shape.length !== 2 || x.shape[1] !== sums.shape[0]) return null;
    this.sums.delete(x.dataId);
    return this.backend.createOutputTensor(sums);
  }

  private forgetAllSums(): void {
    [...this.sums.keys()].forEach(dataId => this.forgetSums(dataId));
  }

  private forgetSums(dataId: tf.DataId): void {
    const sums = this.sums.get(dataId);
    if (sums === undefined) return;
    this.backend.binding.deleteTensor(sums.id);
    this.sums.delete(dataId);
  }

  /**
   * tfjs multiplies matrices as batches of one where no activation follows, and takes these for matrices again. The
   * gradient of what was flattened gets the shape that it had.
   */
  reshape(x: tf.TensorInfo, shape: number[]): tf.Tensor | null {
    const product = this.pending.get(x.dataId);
    if (product === undefined || product.bias !== undefined || shape.includes(-1)) return null;
    return product.transposeB || tf.util.arraysEqual(shape, sizesOf(product)) ? this.defer(product, shape) : null;
  }

  private computeAll(): void {
    [...this.pending.keys()].forEach(dataId => this.compute(dataId));
  }

  /** A tensor whose numbers are still to be computed. */
  private defer(product: Pending, shape = shapeOf(product)): tf.Tensor {
    const {binding} = this.backend;
    const tensor = this.backend.createOutputTensor({id: NONE, shape, dtype: binding.TF_FLOAT});
    this.pending.set(tensor.dataId, product);
    for (const {dataId} of inputsOf(product)) this.backend.incRef(dataId);
    return tensor;
  }

  private compute(dataId: tf.DataId): void {
    const product = this.pending.get(dataId);
    if (product === undefined) return;
    const info = this.backend.tensorMap.get(dataId);
    info.id = this.computed(product).id;
    if (product.bias !== undefined) info.id = this.changed('AddV2', info.id, product.bias);
    if (!tf.util.arraysEqual(info.shape, shapeOf(product))) {
      const shape = tf.tensor1d(info.shape, 'int32');
      info.id = this.changed('Reshape', info.id, shape);
      shape.dispose();
    }
    this.settle(dataId);
  }

  /** The result of an op on a result and a tensor, in place of it. */
  private changed(op: 'AddV2' | 'Reshape', id: number, by: tf.TensorInfo): number {
    const {binding} = this.backend;
    const types = [{name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT}];
    const [result] = binding.executeOp(op, types, [id, ...this.backend.getInputTensorIds([by])], 1);
    binding.deleteTensor(id);
    return result.id;
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

  private computed({a, b, transposeA, transposeB}: Product): NativeTensor {
    return this.products.product(`Product${transposeA ? 'T' : 'N'}${transposeB ? 'T' : 'N'}`, a, b);
  }
}

/** In float32. */
function floatProducts(backend: NativeBackend): MatrixProducts {
  const fused = (op: string, inputs: tf.TensorInfo[]) => backend.executeSingleOutput(op, [], inputs);
  return {
    product: (op, a, b) => backend.binding.executeOp(`Autofis${op}`, [], backend.getInputTensorIds([a, b]), 1)[0],
    layer: (...inputs) => fused('AutofisReluLayer', inputs),
    gradient: (...inputs) => {
      const ids = backend.getInputTensorIds(inputs);
      const [gradient, sums] = backend.binding.executeOp('AutofisReluLayerGradient', [], ids, 2);
      return {gradient: backend.createOutputTensor(gradient), sums};
    },
    sum: (...inputs) => fused('AutofisAddProduct', inputs),
  };
}

function inputsOf({a, b, bias}: Pending): tf.TensorInfo[] {
  return bias === undefined ? [a, b] : [a, b, bias];
}

function shapeOf(product: Product): number[] {
  return [...product.a.shape.slice(0, -2), ...sizesOf(product)];
}

function sizesOf(product: Product): number[] {
  const {rows, columns} = productSizes(product);
  return [rows, columns];
}

function isForTiles(product: Product): boolean {
  return areMatrices(product) && productSizes(product).columns >= LEAST_COLUMNS;
}

/** The property of a backend that holds its fused layers, seen by every copy of this library. */
const FUSED = Symbol.for('tfjs-autofis.fused-layers');

type Backend = NativeBackend & {[FUSED]?: FusedLayers | null};

/** Dense layers of a backend by own ops; undefined where TensorFlow's are as fast or own ops are not allowed. */
export function fusedLayers(backend: Backend): FusedLayers | undefined {
  if (backendWithKernels() !== backend) return undefined;
  if (backend[FUSED] === undefined) {
    backend[FUSED] = hasOp(backend, 'AutofisFastProducts') ? new FusedLayers(backend) : null;
  }
  return backend[FUSED] ?? undefined;
}
