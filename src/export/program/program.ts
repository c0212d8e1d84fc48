/** Numbers of the program: weights, or what was folded from them. */
export interface Constant {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Activations of a dense step, by their names in tfjs. */
export const ACTIVATIONS = [
  'linear',
  'relu',
  'relu6',
  'sigmoid',
  'tanh',
  'softmax',
  'elu',
  'selu',
  'softplus',
] as const;
export type ActivationName = (typeof ACTIVATIONS)[number];

/** Operation that computes a value. Axes are counted without the batch, which is always the first. */
export type Step =
  | {readonly op: 'input'; readonly dtype: 'float32' | 'int32'}
  /** Rows of a table, table[x[columns] + offsets], of whole numbers x: [W] -> [columns, d]. A column may come twice. */
  | {
      readonly op: 'rows';
      readonly x: Value;
      readonly columns: readonly number[];
      readonly offsets: readonly number[];
      readonly table: Constant;
    }
  /** activation(x K + b) over the last axis: [..., k] -> [..., n]. */
  | {
      readonly op: 'dense';
      readonly x: Value;
      readonly kernel: Constant;
      readonly bias: Constant | null;
      readonly activation: ActivationName;
    }
  /** x[p] K[p] + b[p], each row with a kernel of its own: [P, k] -> [P, n]. */
  | {readonly op: 'grouped'; readonly x: Value; readonly kernel: Constant; readonly bias: Constant}
  | {readonly op: 'activation'; readonly x: Value; readonly activation: ActivationName}
  /** (x - mean) * scale + shift, one number each for every place of the last axis. */
  | {
      readonly op: 'normalize';
      readonly x: Value;
      readonly mean: Constant;
      readonly scale: Constant;
      readonly shift: Constant;
    }
  /** [a, b] -> [b, a]. */
  | {readonly op: 'transpose'; readonly x: Value}
  | {readonly op: 'reshape'; readonly x: Value}
  /** Elementwise; shapes broadcast. */
  | {readonly op: 'add' | 'multiply'; readonly xs: readonly Value[]}
  | {readonly op: 'concat'; readonly xs: readonly Value[]; readonly axis: number}
  /** The mean over the first axis: [a, b] -> [b]. */
  | {readonly op: 'mean'; readonly x: Value};

export interface Value {
  /** The layer that it stands for, for names in the other system. */
  readonly layer: string;
  /** Without the batch. */
  readonly shape: readonly number[];
  readonly step: Step;
}

/** Prediction of a model in a few steps that every target system has. */
export interface Program {
  readonly inputs: ReadonlyArray<{readonly name: string; readonly value: Value}>;
  readonly outputs: ReadonlyArray<{readonly name: string; readonly value: Value}>;
}

/** Tell whether `columns` are all W columns in their order, so that none need be taken. */
export function isComplete(columns: readonly number[], W: number): boolean {
  return columns.length === W && columns.every((column, k) => column === k);
}

/** The values that a step reads. */
export function operands(step: Step): readonly Value[] {
  if ('xs' in step) return step.xs;
  return 'x' in step ? [step.x] : [];
}

/** All values of a program, each after those that it reads. */
export function inOrder({inputs, outputs}: Program): Value[] {
  const done = new Set<Value>();
  const visit = (value: Value): void => {
    if (done.has(value)) return;
    operands(value.step).forEach(visit);
    done.add(value);
  };
  [...inputs, ...outputs].forEach(({value}) => visit(value));
  return [...done];
}

export function constant(shape: readonly number[], data: ArrayLike<number>): Constant {
  return {shape, data: data instanceof Float32Array ? data : Float32Array.from(data)};
}

/** `base`, or with the first number that makes a name not yet taken; takes it. */
export function freeName(taken: Set<string>, base: string): string {
  let name = base;
  for (let n = 1; taken.has(name); n++) name = `${base}_${n}`;
  taken.add(name);
  return name;
}

/** Makes values, each with the shape that its step gives. `layer` is the name that they get. */
export class Steps {
  constructor(private readonly layer: string) {}

  rows(x: Value, columns: readonly number[], offsets: readonly number[], table: Constant): Value {
    return this.value([columns.length, table.shape[1]], {op: 'rows', x, columns, offsets, table});
  }

  /** The row of each of some numbers, [W] -> [W, d]. */
  rowsAt(x: Value, table: Constant): Value {
    const columns = [...Array(x.shape[0]).keys()];
    return this.rows(x, columns, Array<number>(columns.length).fill(0), table);
  }

  dense(x: Value, kernel: Constant, bias: Constant | null = null, activation: ActivationName = 'linear'): Value {
    return this.value([...x.shape.slice(0, -1), kernel.shape[1]], {op: 'dense', x, kernel, bias, activation});
  }

  grouped(x: Value, kernel: Constant, bias: Constant): Value {
    return this.value([x.shape[0], kernel.shape[2]], {op: 'grouped', x, kernel, bias});
  }

  activation(x: Value, activation: ActivationName): Value {
    return activation === 'linear' ? x : this.value(x.shape, {op: 'activation', x, activation});
  }

  normalize(x: Value, mean: Constant, scale: Constant, shift: Constant): Value {
    return this.value(x.shape, {op: 'normalize', x, mean, scale, shift});
  }

  transpose(x: Value): Value {
    return this.value([x.shape[1], x.shape[0]], {op: 'transpose', x});
  }

  reshape(x: Value, shape: readonly number[]): Value {
    return shape.length === x.shape.length && shape.every((n, i) => n === x.shape[i])
      ? x
      : this.value(shape, {op: 'reshape', x});
  }

  flatten(x: Value): Value {
    return this.reshape(x, [x.shape.reduce((product, n) => product * n, 1)]);
  }

  /** Shapes of one rank, in which a 1 stands beside any number. */
  combine(op: 'add' | 'multiply', xs: readonly Value[]): Value {
    const shape = xs[0].shape.map((_, axis) => Math.max(...xs.map(x => x.shape[axis])));
    return this.value(shape, {op, xs});
  }

  concat(xs: readonly Value[], axis: number): Value {
    const shape = xs[0].shape.map((n, i) => (i === axis ? xs.reduce((sum, x) => sum + x.shape[axis], 0) : n));
    return this.value(shape, {op: 'concat', xs, axis});
  }

  mean(x: Value): Value {
    return this.value(x.shape.slice(1), {op: 'mean', x});
  }

  private value(shape: readonly number[], step: Step): Value {
    return {layer: this.layer, shape, step};
  }
}
