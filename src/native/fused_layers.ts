import * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend, NativeTensor} from '../tfjs_internals';
import {type DenseKernels, isBiasOf, type Product, productSizes} from './dense_kernels';
import {backendWithOwnOps, hasOp} from './own_ops';
import {NONE, watchTensors} from './watch_tensors';

/** Columns of a result that fill a vector of the processor. */
const LEAST_COLUMNS = 16;

/** Which of two factors are transposed: N for none, T for a transposed one. */
export type ProductOp = `Product${'N' | 'T'}${'N' | 'T'}`;

/** How dense layers multiply. */
export interface MatrixProducts {
  /** A product alone, in float32. */
  product(op: ProductOp, a: tf.TensorInfo, b: tf.TensorInfo): NativeTensor;
  /** max(x w + bias, 0). */
  layer(x: tf.TensorInfo, w: tf.TensorInfo, bias: tf.TensorInfo): tf.Tensor;
  /** dy times the transpose of w where y is above 0, else 0. */
  gradient(dy: tf.TensorInfo, w: tf.TensorInfo, y: tf.TensorInfo): tf.Tensor;
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
  private readonly endWatch: () => void;

  constructor(
    private readonly backend: NativeBackend,
    private readonly products: MatrixProducts = floatProducts(backend),
  ) {
    this.endWatch = watchTensors(backend, {
      asked: dataId => this.compute(dataId),
      freed: dataId => this.settle(dataId),
      changing: () => this.computeAll(),
    });
  }

  /** Compute what waits, and nothing more. */
  end(): void {
    this.computeAll();
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

  addBias(x: tf.TensorInfo, bias: tf.TensorInfo): tf.Tensor | null {
    const product = this.pending.get(x.dataId);
    if (product === undefined || product.bias !== undefined || !isBiasOf(x, bias)) return null;
    return this.defer({...product, bias});
  }

  relu(x: tf.TensorInfo): tf.Tensor | null {
    const product = this.pending.get(x.dataId);
    if (product?.bias === undefined || product.transposeB) return null;
    return this.products.layer(product.a, product.b, product.bias);
  }

  reluGradient(dy: tf.TensorInfo, y: tf.TensorInfo): tf.Tensor | null {
    const product = this.pending.get(dy.dataId);
    if (product === undefined || product.bias !== undefined || !product.transposeB) return null;
    return this.products.gradient(product.a, product.b, y);
  }

  private computeAll(): void {
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
    let {id} = this.computed(product);
    if (product.bias !== undefined) {
      const {TF_ATTR_TYPE, TF_FLOAT} = this.backend.binding;
      const alone = id;
      const [bias] = this.backend.getInputTensorIds([product.bias]);
      const attributes = [{name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT}];
      [{id}] = this.backend.binding.executeOp('AddV2', attributes, [alone, bias], 1);
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
    gradient: (...inputs) => fused('AutofisReluLayerGradient', inputs),
  };
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
  if (backend[FUSED] === undefined) {
    backend[FUSED] = hasOp(backend, 'AutofisFastProducts') ? new FusedLayers(backend) : null;
  }
  return backend[FUSED] ?? undefined;
}
