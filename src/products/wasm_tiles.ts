import * as tf from '@tensorflow/tfjs-core';
import {ProductsModule, Scratch, wasmProducts} from '../wasm/module';

/** Rows of a batch that are computed at once, and bytes of a vector that holds one number of each. */
export const LANES = 4;
export const VECTOR = 16;

/** Addresses on the heap and operations that a pass works with. */
export interface Frame {
  readonly module: ProductsModule;
  readonly scratch: Scratch;
  readonly B: number;
  /** Numbers of a row of E: m d. */
  readonly width: number;
  /** Four rows of E, and the products of those. */
  readonly tile: number;
  readonly x: number;
  /** Fill `tile` from the rows beginning at b. Missing rows repeat the batch's first one. */
  load(b: number): void;
  /** Make the products of `tile`, in `x` or at another address. */
  multiply(to?: number): void;
  /** Where the products of the rows beginning at b are: where they are kept, or in `x`, where they are made. */
  products(b: number): number;
  /** Add to a tile at `grad` what dx pulls back. */
  pull(grad: number, dx: number): void;
}

/** Interactions that share all fields but the last. */
export interface Run {
  readonly first: number;
  readonly second: number;
  readonly last: number[];
}

/** Tiles of four rows of E, and the products of some interactions of theirs, by the module on wasm's heap. */
export class Tiles {
  /** Number of products of a row. */
  readonly count: number;
  private encodedRuns: {bytes: number; of: Int32Array} | null = null;

  constructor(private readonly runs: readonly Run[]) {
    this.count = runs.reduce((sum, {last}) => sum + last.length, 0);
  }

  /**
   * Compute with E [B, m, d], or [B, P, 2, d] as m = 2 P, and with products that were kept, if any; frees what was
   * taken from `scratch`.
   */
  within<T>([e, products]: tf.Tensor[], compute: (frame: Frame) => T): T {
    const {backend, module} = wasmProducts()!;
    const {count} = this;
    const [B, ...shape] = e.shape;
    const d = shape[shape.length - 1];
    const width = tf.util.sizeFromShape(shape);
    const bytes = d * VECTOR;
    const scratch = new Scratch(backend);
    try {
      const from = address(e);
      const productsAt = products === undefined ? null : address(products);
      const [tile, x, left, h] = [width, count, d, d].map(vectors => scratch.take(vectors * VECTOR));
      const encoded = this.runsFor(bytes);
      const runs = scratch.take(encoded.byteLength, encoded);
      const end = runs + encoded.byteLength;
      const load = (b: number) => {
        const row = 4 * width;
        const at = from + b * row;
        // Spelled out, as nearly every tile is whole and there are many.
        if (b + LANES <= B) module.load(at, at + row, at + 2 * row, at + 3 * row, tile, width);
        else module.load(...rowAddresses(b, B, from, width, from), tile, width);
      };
      const multiply = (to = x) => module.products(tile, runs, end, bytes, left, to);
      return compute({
        module,
        scratch,
        B,
        width,
        tile,
        x,
        load,
        multiply,
        products(b) {
          if (productsAt !== null) return productsAt + 4 * b * count;
          load(b);
          multiply();
          return x;
        },
        pull: (grad, dx) => module.pull(tile, runs, end, bytes, left, dx, grad, h),
      });
    } finally {
      scratch.free();
    }
  }

  /** The runs for vectors of `bytes` bytes per field. */
  private runsFor(bytes: number): Int32Array {
    if (this.encodedRuns?.bytes !== bytes) {
      const runs = this.runs.flatMap(({first, second, last}) => {
        const at = [first * bytes, second < 0 ? -1 : second * bytes];
        return [...at, last.length, ...last.map(field => field * bytes)];
      });
      this.encodedRuns = {bytes, of: Int32Array.from(runs)};
    }
    return this.encodedRuns.of;
  }
}

/** Addresses of the four rows of `width` numbers beginning at row b; rows after the last one are at `missing`. */
export function rowAddresses(
  b: number,
  B: number,
  from: number,
  width: number,
  missing: number,
): [number, number, number, number] {
  const at = (row: number) => (row < B ? from + 4 * row * width : missing);
  return [at(b), at(b + 1), at(b + 2), at(b + 3)];
}

/** Rows of whole tiles. */
export const rounded = (B: number) => Math.ceil(B / LANES) * LANES;

/** A column [B, 1] with zeros for the missing rows of the last tile. */
export function padded(column: tf.Tensor2D, scratch: Scratch): number {
  const values = new Float32Array(rounded(column.shape[0]));
  values.set(column.dataSync());
  return scratch.take(values.byteLength, values);
}

/** Where a tensor's values are. */
export function address({dataId}: tf.TensorInfo): number {
  return wasmProducts()!.backend.dataIdMap.get(dataId).memoryOffset;
}

/** A tensor whose values are still to be written, and its address. */
export function newTensor(shape: number[]): [tf.Tensor, number] {
  const info = wasmProducts()!.backend.makeOutput(shape, 'float32');
  return [tf.engine().makeTensorFromTensorInfo(info), address(info)];
}

/** The sum of each vector's four lanes. */
export function addLanes(vectors: Float32Array): Float32Array {
  const sums = new Float32Array(vectors.length / LANES);
  for (let p = 0; p < sums.length; p++) {
    sums[p] = vectors[p * LANES] + vectors[p * LANES + 1] + vectors[p * LANES + 2] + vectors[p * LANES + 3];
  }
  return sums;
}
