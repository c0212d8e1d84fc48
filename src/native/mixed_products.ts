import * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend, NativeTensor} from '../tfjs_internals';

/** TensorFlow's number of bfloat16, a type that tfjs does not have. */
const BFLOAT16 = 14;
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
 * Matrix products whose factors are rounded to bfloat16, 8 bits of mantissa, and whose sums are float32 within the
 * processor. The result is rounded, too, and is a float32 tensor again. A tensor is cast once for all its products: an
 * activation for one of the forward pass and one of its weight's gradient, a weight for one of each pass. The copies
 * are freed with their tensors.
 */
export class MixedProducts {
  /** The ids of the copies, which tfjs does not know of. */
  private readonly halves = new Map<tf.DataId, number>();
  private readonly disposeData: NativeBackend['disposeData'];

  constructor(private readonly backend: NativeBackend) {
    this.disposeData = backend.disposeData;
    backend.disposeData = (dataId, force) => {
      const isFreed = this.disposeData.call(backend, dataId, force);
      if (isFreed) this.forget(dataId);
      return isFreed;
    };
  }

  /** Compute in float32 again. */
  end(): void {
    this.backend.disposeData = this.disposeData;
    this.forgetAll();
  }

  /** Free all copies. */
  forgetAll(): void {
    [...this.halves.keys()].forEach(dataId => this.forget(dataId));
  }

  /** A B, either transposed where asked for, of float32 matrices or batches of them [..., r, c]. */
  product(a: tf.TensorInfo, b: tf.TensorInfo, transposeA: boolean, transposeB: boolean): tf.Tensor {
    const {binding} = this.backend;
    const attributes = [
      {name: 'T', type: binding.TF_ATTR_TYPE, value: BFLOAT16},
      {name: 'adj_x', type: binding.TF_ATTR_BOOL, value: transposeA},
      {name: 'adj_y', type: binding.TF_ATTR_BOOL, value: transposeB},
    ];
    const [product] = binding.executeOp('BatchMatMulV2', attributes, [this.half(a), this.half(b)], 1);
    const result = this.cast(product.id, BFLOAT16, binding.TF_FLOAT);
    binding.deleteTensor(product.id);
    return this.backend.createOutputTensor(result);
  }

  /** The copy of a tensor in bfloat16, made on its first use. */
  private half(x: tf.TensorInfo): number {
    let half = this.halves.get(x.dataId);
    if (half === undefined) {
      const [id] = this.backend.getInputTensorIds([x]);
      half = this.cast(id, this.backend.binding.TF_FLOAT, BFLOAT16).id;
      this.halves.set(x.dataId, half);
    }
    return half;
  }

  private cast(id: number, from: number, to: number): NativeTensor {
    const {binding} = this.backend;
    const attributes = [
      {name: 'SrcT', type: binding.TF_ATTR_TYPE, value: from},
      {name: 'DstT', type: binding.TF_ATTR_TYPE, value: to},
      {name: 'Truncate', type: binding.TF_ATTR_BOOL, value: false},
    ];
    return binding.executeOp('Cast', attributes, [id], 1)[0];
  }

  private forget(dataId: tf.DataId): void {
    const half = this.halves.get(dataId);
    if (half === undefined) return;
    this.backend.binding.deleteTensor(half);
    this.halves.delete(dataId);
  }
}

/** Whether a product is of float32 matrices that are large enough for casts. */
export function isWorthCasts(a: tf.TensorInfo, b: tf.TensorInfo, transposeA: boolean, transposeB: boolean): boolean {
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return false;
  const [rows, inner] = transposeA ? a.shape.slice(-2).reverse() : a.shape.slice(-2);
  const columns = b.shape[b.shape.length - (transposeB ? 2 : 1)];
  const batch = Math.max(...[a, b].map(({shape}) => tf.util.sizeFromShape(shape.slice(0, -2))));
  const size = rows * inner * columns;
  const numbers = rows * inner + inner * columns + rows * columns;
  return batch * size >= LEAST_SIZE && size >= LEAST_REUSE * numbers;
}

/** Whether bfloat16 is faster on this processor, measured on the three products of a layer in a tenth of a second. */
export function bfloat16Pays(backend: NativeBackend): boolean {
  const [x, w, dy] = [
    [TRIAL_ROWS, TRIAL_UNITS],
    [TRIAL_UNITS, TRIAL_UNITS],
    [TRIAL_ROWS, TRIAL_UNITS],
  ].map((shape, seed) => tf.randomUniform(shape, -1, 1, 'float32', seed));
  const mixed = new MixedProducts(backend);
  const milliseconds = (product: MixedProducts['product']) => {
    const start = performance.now();
    tf.dispose([product(x, w, false, false), product(x, dy, true, false), product(dy, w, false, true)]);
    mixed.forgetAll();
    return performance.now() - start;
  };
  const ways: Array<MixedProducts['product']> = [
    (a, b, transposeA, transposeB) => tf.matMul(a as tf.Tensor, b as tf.Tensor, transposeA, transposeB),
    (a, b, transposeA, transposeB) => mixed.product(a, b, transposeA, transposeB),
  ];
  // The first call sets an op up. They take turns, since other programs may run for a while.
  ways.forEach(milliseconds);
  const trials = Array.from({length: TRIALS}, () => ways.map(milliseconds));
  const [whole, half] = ways.map((_, way) => Math.min(...trials.map(trial => trial[way])));
  mixed.end();
  tf.dispose([x, w, dy]);
  return half <= FASTER * whole;
}
