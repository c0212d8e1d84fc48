import * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend} from '../tfjs_internals';
import {areMatrices, type DenseKernels, isBiasOf, type Product, productSizes} from './dense_kernels';
import {FusedLayers, fusedLayers} from './fused_layers';
import {HalfProducts} from './half_products';
import {BFLOAT16, HalfTensors} from './half_tensors';
import {backendWithKernels, hasOp} from './kernel_ops';

/** Multiplications of a product for each number that is read or written, from which on casts are worth their time. */
const LEAST_REUSE = 32;
/** Multiplications of a product from which on it takes longer than calling the ops. */
const LEAST_SIZE = 1 << 22;
/** Rows of a batch, and units before and behind the layer, whose products say whether bfloat16 pays. */
const [TRIAL_ROWS, TRIAL_UNITS] = [1024, 512];
const TRIALS = 5;
/** Share of the time in float32 that they must take at most, their casts included. */
const FASTER = 0.8;

/**
 * Dense layers in bfloat16: 8 bits of mantissa. Factors of products are rounded to it, and their sums are float32.
 *
 * Where the processor multiplies bfloat16 in tiles (AMX), a layer is one op of {@link HalfProducts}: relu's result and
 * its gradient are rounded, all else stays in float32. Elsewhere TensorFlow multiplies and rounds each product, and
 * what lies between products is computed on bfloat16 by kernels/bfloat16.cc. There a tensor is cast once for all its
 * products: an activation for one of the forward pass and one of its weight's gradient, a weight for one of each pass.
 */
export class MixedPrecision implements DenseKernels {
  private readonly halves: HalfTensors;
  private readonly products: HalfProducts | null;
  private readonly fused: FusedLayers | null;

  constructor(private readonly backend: NativeBackend) {
    this.halves = new HalfTensors(backend);
    const hasTiles = this.hasPasses() && hasOp(backend, 'AutofisHalfProducts');
    this.products = hasTiles ? new HalfProducts(backend, this.halves) : null;
    this.fused = this.products === null ? null : new FusedLayers(backend, this.products);
  }

  /** Compute in float32 again. */
  end(): void {
    this.fused?.end();
    this.halves.end();
  }

  /** A large product of float32 matrices, or one of a factor that is in bfloat16 alone. */
  product(product: Product): tf.Tensor | null {
    if (isWorthCasts(product)) return this.fused?.product(product) ?? this.stockProduct(product);
    if (this.fused === null || !this.hasHalf(product)) return null;
    return this.fused.product(product) ?? this.fused.productNow(product);
  }

  /** A product that is computed at once, however small it is. */
  productNow(product: Product): tf.Tensor {
    return this.fused?.productNow(product) ?? this.stockProduct(product);
  }

  private stockProduct({a, b, transposeA, transposeB}: Product): tf.Tensor {
    const {binding} = this.backend;
    const attributes = [
      {name: 'T', type: binding.TF_ATTR_TYPE, value: BFLOAT16},
      {name: 'adj_x', type: binding.TF_ATTR_BOOL, value: transposeA},
      {name: 'adj_y', type: binding.TF_ATTR_BOOL, value: transposeB},
    ];
    return this.halves.run('BatchMatMulV2', attributes, [this.halves.idOf(a), this.halves.idOf(b)]);
  }

  add(x: tf.TensorInfo, bias: tf.TensorInfo): tf.Tensor | null {
    const waiting = this.fused?.add(x, bias);
    if (waiting) return waiting;
    if (!isBiasOf(x, bias) || !this.isHalfMatrix(x)) return null;
    return this.halves.run('AutofisHalfBias', [], [this.halves.idOf(x), ...this.backend.getInputTensorIds([bias])]);
  }

  relu(x: tf.TensorInfo): tf.Tensor | null {
    const layer = this.fused?.relu(x);
    if (layer) return layer;
    return this.isHalfMatrix(x) ? this.halves.run('AutofisHalfRelu', [], [this.halves.idOf(x)]) : null;
  }

  reluGradient(dy: tf.TensorInfo, y: tf.TensorInfo): tf.Tensor | null {
    const layer = this.fused?.reluGradient(dy, y);
    if (layer) return layer;
    // Where somebody has asked for y in float32 it is in bfloat16 as well, and dy will be for the products.
    if (y.shape.length !== 2 || !this.halves.has(y) || !this.hasPasses()) return null;
    // The product behind the last relu is mostly small, so it waits with those in float32.
    const small = this.products === null ? null : fusedLayers(this.backend)?.reluGradient(dy, y, this.products);
    if (small) return small;
    return this.halves.run('AutofisHalfReluGradient', [], [this.halves.idOf(dy), this.halves.idOf(y)]);
  }

  reshape(x: tf.TensorInfo, shape: number[]): tf.Tensor | null {
    const waiting = this.fused?.reshape(x, shape);
    if (waiting) return waiting;
    if (this.fused === null || !this.halves.isHalf(x)) return null;
    const sizes = tf.tensor1d(shape, 'int32');
    const attributes = [{name: 'T', type: this.backend.binding.TF_ATTR_TYPE, value: BFLOAT16}];
    const ids = [this.halves.idOf(x), ...this.backend.getInputTensorIds([sizes])];
    const result = this.halves.run('Reshape', attributes, ids);
    sizes.dispose();
    return result;
  }

  /** The sums of the columns of x [R, C], in float32: [C]. */
  columnSums(x: tf.TensorInfo): tf.Tensor | null {
    // What waited for the last relu waited with those in float32.
    const known = this.fused?.columnSums(x) ?? fusedLayers(this.backend)?.columnSums(x);
    if (known) return known;
    if (!this.isHalfMatrix(x)) return null;
    const [sums] = this.backend.binding.executeOp('AutofisHalfColumnSums', [], [this.halves.idOf(x)], 1);
    return this.backend.createOutputTensor(sums);
  }

  /** Tell whether a matrix exists only in bfloat16 and can stay so, since ops of kernels/ read it. */
  private isHalfMatrix(x: tf.TensorInfo): boolean {
    return x.shape.length === 2 && this.halves.isHalf(x) && this.hasPasses();
  }

  /** Tell whether a product of matrices in float32 would have to widen a factor. */
  private hasHalf(product: Product): boolean {
    return areMatrices(product) && [product.a, product.b].some(operand => this.halves.isHalf(operand));
  }

  private hasPasses(): boolean {
    return backendWithKernels() === this.backend;
  }
}

/** Tell whether a product is of float32 matrices that are large enough to repay casts. */
function isWorthCasts(product: Product): boolean {
  const {a, b} = product;
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return false;
  const {rows, inner, columns} = productSizes(product);
  const batch = Math.max(...[a, b].map(({shape}) => tf.util.sizeFromShape(shape.slice(0, -2))));
  const size = rows * inner * columns;
  const numbers = rows * inner + inner * columns + rows * columns;
  return batch * size >= LEAST_SIZE && size >= LEAST_REUSE * numbers;
}

/** Measure whether bfloat16 is faster on this processor. Three products of a layer take a tenth of a second. */
export function bfloat16Pays(backend: NativeBackend): boolean {
  const operands = [
    [TRIAL_ROWS, TRIAL_UNITS],
    [TRIAL_UNITS, TRIAL_UNITS],
    [TRIAL_ROWS, TRIAL_UNITS],
  ].map((shape, seed) => tf.randomUniform(shape, -1, 1, 'float32', seed));
  const milliseconds = (product: (product: Product) => tf.Tensor) => {
    // Copies, whose halves are new.
    const [x, w, dy] = operands.map(operand => tf.add(operand, 0));
    const start = performance.now();
    const results = [
      product({a: x, b: w, transposeA: false, transposeB: false}),
      product({a: x, b: dy, transposeA: true, transposeB: false}),
      product({a: dy, b: w, transposeA: false, transposeB: true}),
    ];
    const took = performance.now() - start;
    tf.dispose([x, w, dy, results]);
    return took;
  };
  const mixed = new MixedPrecision(backend);
  const ways: Array<(product: Product) => tf.Tensor> = [
    ({a, b, transposeA, transposeB}) => {
      const result = tf.matMul(a as tf.Tensor, b as tf.Tensor, transposeA, transposeB);
      // It may wait until it is asked for.
      backend.getInputTensorIds([result]);
      return result;
    },
    product => mixed.productNow(product),
  ];
  // The first call sets an op up. They take turns, since other programs may run for a while.
  ways.forEach(milliseconds);
  const trials = Array.from({length: TRIALS}, () => ways.map(milliseconds));
  const [full, half] = ways.map((_, way) => Math.min(...trials.map(trial => trial[way])));
  mixed.end();
  tf.dispose(operands);
  return half <= FASTER * full;
}
