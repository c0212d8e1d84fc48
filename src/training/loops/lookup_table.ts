import type {TableSpan} from '../../../layers/ridge';
import type {AdamStep} from '../../native/ops';
import {ShallowModule, shallowModule} from '../../wasm/shallow';

/** Bytes of a vector of the module. */
const VECTOR = 16;
/**
 * Every SWEEP steps moments below these become 0. Without a gradient they would shrink to denormal numbers, which take
 * many times as long; with beta1 of .86 or more not before the next sweep. Such moments move a weight by less than
 * 1e-12 of the rate.
 */
const SWEEP = 256;
const [LEAST_MEAN, LEAST_SQUARE] = [1e-20, 1e-30];

/**
 * A weight [V, width] of which a batch reads some rows, with its gradient and Adam's moments, in a memory of its own
 * that shallow.wat computes on. The memory begins with the values.
 */
export class LookupTable {
  /** [V, width], and room for `spare` vectors more, which belong to no row and which no step changes. */
  readonly values: Float32Array;
  /** Gradient of the values, of the same size; a step consumes it. */
  readonly gradient: Float32Array;
  readonly module: ShallowModule;
  /** Bytes from a value to its gradient. */
  readonly delta: number;
  /** Integers for the owner's use, and where they begin. */
  readonly extra: Int32Array;
  readonly extraStart: number;
  private readonly size: number;
  /** Adam's moments, of the gradient and of its square. */
  private readonly means: Float32Array;
  private readonly squares: Float32Array;
  private steps = 0;
  private readonly isTouched: Uint8Array;
  private readonly touched: Int32Array;
  private count = 0;

  /**
   * @param start The values at the start.
   * @param extra How many integers the owner needs in the memory.
   */
  constructor(
    start: ArrayLike<number>,
    readonly width: number,
    {spare = 0, extra = 0} = {},
  ) {
    this.size = start.length;
    const length = this.size + spare * width;
    this.delta = Math.ceil((4 * length) / VECTOR) * VECTOR;
    this.extraStart = 4 * this.delta;
    const {module, buffer} = shallowModule(this.extraStart + 4 * extra);
    this.module = module;
    this.values = new Float32Array(buffer, 0, length);
    this.values.set(start);
    this.gradient = new Float32Array(buffer, this.delta, length);
    this.means = new Float32Array(buffer, 2 * this.delta, this.size);
    this.squares = new Float32Array(buffer, 3 * this.delta, this.size);
    this.extra = new Int32Array(buffer, this.extraStart, extra);
    this.isTouched = new Uint8Array(this.size / width);
    this.touched = new Int32Array(this.size / width);
  }

  /** The values without the spare room. */
  get weight(): Float32Array {
    return this.values.subarray(0, this.size);
  }

  /** Note that the batch reads a row. */
  touch(row: number): void {
    if (this.isTouched[row] === 1) return;
    this.isTouched[row] = 1;
    this.touched[this.count++] = row;
  }

  /** One step of Adam on all rows with `exact`, else on those that the batch read, as `LazyAdam` has it. */
  step(adam: AdamStep, exact: boolean): void {
    const row = 4 * this.width;
    if (exact) {
      this.stepOn(0, 4 * this.size, adam);
      this.sweep();
    } else for (let i = 0; i < this.count; i++) this.stepOn(this.touched[i] * row, (this.touched[i] + 1) * row, adam);
    this.forget();
  }

  /**
   * One step of Adam on all rows, with the penalty decay / 2 times {@link ridgeOf}.
   *
   * @returns That sum before the step.
   */
  ridgeStep(adam: AdamStep, decay: number, spans: readonly TableSpan[]): number {
    const {module, delta} = this;
    const row = 4 * this.width;
    let sum = 0;
    for (const {from, to, stride, scale} of spans)
      if (stride > 0) sum += scale * module.steps(row * from, row * to, row * stride, delta, decay * scale);
    for (const {from, to, stride} of spans) {
      const squares = this.stepOn(row * from, row * to, adam, stride > 0 ? 0 : decay);
      if (stride === 0) sum += squares;
    }
    this.sweep();
    this.forget();
    return sum;
  }

  private sweep(): void {
    if (++this.steps % SWEEP !== 0) return;
    const {means, squares} = this;
    for (let i = 0; i < means.length; i++) {
      if (Math.abs(means[i]) < LEAST_MEAN) means[i] = 0;
      if (squares[i] < LEAST_SQUARE) squares[i] = 0;
    }
  }

  private forget(): void {
    for (let i = 0; i < this.count; i++) this.isTouched[this.touched[i]] = 0;
    this.count = 0;
  }

  private stepOn(from: number, to: number, {beta1, beta2, rate, epsilon}: AdamStep, decay = 0): number {
    return this.module.adam(from, to, this.delta, beta1, 1 - beta1, beta2, 1 - beta2, rate, epsilon, decay);
  }
}
