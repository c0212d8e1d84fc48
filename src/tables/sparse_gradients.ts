import * as tf from '@tensorflow/tfjs-core';
import type {BlockShape} from './blocks';
import {hasRowStores, Table} from './table';

/**
 * The gradient of a table, given only where it is not zero: rows [N] int32, with repetitions, and values [N, d]. With
 * `blocks` the rows are starts [B, C] and the values [B, S, d], all of them flattened.
 */
export interface SparseGradient {
  rows: tf.Tensor1D;
  values: tf.Tensor2D;
  blocks?: BlockShape;
}

/** An optimizer that can take the gradient of some variables as a {@link SparseGradient}. */
export interface SparseOptimizer extends tf.Optimizer {
  takesSparse(variable: tf.Variable): boolean;
}

/** While gradients are taken: what the lookups of one table have seen. */
interface Recording {
  readonly anchor: tf.Variable;
  readonly seen: SparseGradient[];
}

/** Properties of a tf.Variable; see {@link Table} for why there. */
const LOOKED_UP = Symbol.for('tfjs-autofis.looked-up');
const RECORDING = Symbol.for('tfjs-autofis.recording');

type Marked = tf.Variable & {[LOOKED_UP]?: boolean; [RECORDING]?: Recording};

/** Say that a layer reads this variable [V, d] by {@link lookUp} only, so that its gradient may be sparse. */
export function markLookedUp(variable: tf.Variable): void {
  Object.defineProperty(variable, LOOKED_UP, {value: true});
}

export function isSparse(gradient: tf.Tensor | SparseGradient | undefined): gradient is SparseGradient {
  return gradient != null && 'rows' in gradient;
}

/** Add a sparse gradient up to the whole [V, d]. */
export function toDense(gradient: SparseGradient, size: number): tf.Tensor {
  return tf.tidy(() => {
    const {rows, values} = withoutBlocks(gradient);
    return tf.unsortedSegmentSum(values, rows, size);
  });
}

/** The same gradient, row by row. */
function withoutBlocks({rows, values, blocks}: SparseGradient): SparseGradient {
  if (blocks === undefined) return {rows, values};
  const starts = tf.reshape(rows, [-1, blocks.lengths.length]);
  return {rows: tf.reshape(blocks.rowsOf(starts), [-1]), values};
}

/**
 * Rows of a variable: table [V, d], rows int32 of any shape -> [...rows.shape, d]; or with `blocks`, starts [B, C] ->
 * [B, S, d].
 *
 * While an optimizer takes sparse gradients for the table, the gradient function notes rows and upstream gradient and
 * lets nothing through but a zero for the anchor, a scalar that stands for the table; so no tensor of the table's size
 * is made. Otherwise the gradient is the stock one of `tf.gather`.
 */
export function lookUp(variable: tf.Variable, rows: tf.Tensor, blocks?: BlockShape): tf.Tensor {
  const recording = (variable as Marked)[RECORDING];
  const table = Table.of(variable);
  if (table === null) return tf.gather(variable as tf.Tensor, blocks?.rowsOf(rows) ?? rows);
  const [size, width] = variable.shape;
  return tf.customGrad((_, save) => {
    (save as tf.GradSaveFunc)([rows]);
    return {
      value: table.gather(rows, blocks),
      gradFunc: (dy: tf.Tensor, [rows]: tf.Tensor[]) => {
        const gradient = {rows: tf.reshape(rows, [-1]), values: tf.reshape(dy, [-1, width]), blocks} as SparseGradient;
        if (recording === undefined) return toDense(gradient, size);
        // Tensors of their own on the memory of those that the gradient pass disposes.
        recording.seen.push({rows: tf.keep(gradient.rows), values: tf.keep(gradient.values), blocks});
        return tf.scalar(0);
      },
    };
  })(recording?.anchor ?? variable);
}

/**
 * `Optimizer.minimize`, with sparse gradients for those looked-up variables for which the optimizer takes them. Such
 * a variable still gets a dense gradient if the loss also uses it in another way than by {@link lookUp}.
 */
export function minimizeSparse(
  optimizer: SparseOptimizer,
  f: () => tf.Scalar,
  returnCost = false,
  varList?: tf.Variable[],
): tf.Scalar | null {
  const all = tf.engine().registeredVariables;
  const variables = (varList ?? Object.keys(all).map(name => all[name])).filter(variable => variable.trainable);
  const tables = !hasRowStores()
    ? []
    : variables.filter(variable => (variable as Marked)[LOOKED_UP] === true && optimizer.takesSparse(variable));
  const {value, grads} = tables.length === 0 ? optimizer.computeGradients(f, varList) : record(f, variables, tables);
  optimizer.applyGradients(
    varList === undefined || varList === null ? grads : varList.map(({name}) => ({name, tensor: grads[name]})),
  );
  // Not all that they hold, for which tf.dispose would look through the shape of blocks number by number.
  for (const gradient of Object.values(grads))
    tf.dispose(isSparse(gradient) ? [gradient.rows, gradient.values] : gradient);
  if (returnCost) return value;
  value.dispose();
  return null;
}

/** `tf.concat`, which would copy a single tensor. */
function joined<T extends tf.Tensor>(parts: T[]): T {
  return (parts.length === 1 ? tf.reshape(parts[0], parts[0].shape) : tf.concat(parts)) as T;
}

/** What all lookups of one table have seen. A table that was looked up several times is so row by row. */
function joinedGradients(seen: readonly SparseGradient[]): SparseGradient {
  const blocks = seen.length === 1 ? seen[0].blocks : undefined;
  const {rows, values} = tf.tidy(() => {
    const parts = blocks === undefined ? seen.map(withoutBlocks) : seen;
    return {rows: joined(parts.map(part => part.rows)), values: joined(parts.map(part => part.values))};
  });
  return {rows, values, blocks};
}

function record(
  f: () => tf.Scalar,
  variables: tf.Variable[],
  tables: tf.Variable[],
): {value: tf.Scalar; grads: tf.NamedTensorMap} {
  const anchor = tf.tidy(() => tf.variable(tf.scalar(0)));
  const recordings = tables.map(table => ({table: table as Marked, anchor, seen: [] as SparseGradient[]}));
  try {
    for (const recording of recordings) {
      Table.ensure(recording.table, 'rows').open();
      recording.table[RECORDING] = recording;
    }
    const {value, grads} = tf.variableGrads(f, [...variables, anchor]);
    const {[anchor.name]: ofAnchor, ...result} = grads;
    tf.dispose(ofAnchor);
    for (const {table, seen} of recordings) {
      if (seen.length === 0) continue;
      const sparse = joinedGradients(seen);
      const dense = result[table.name];
      result[table.name] =
        dense == null ? (sparse as never) : tf.tidy(() => tf.add(dense, toDense(sparse, table.shape[0])));
      if (dense != null) tf.dispose([dense, sparse.rows, sparse.values]);
    }
    return {value, grads: result};
  } finally {
    for (const {table, seen} of recordings) {
      delete table[RECORDING];
      seen.forEach(({rows, values}) => tf.dispose([rows, values]));
    }
    anchor.dispose();
  }
}
