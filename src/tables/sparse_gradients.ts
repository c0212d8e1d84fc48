import * as tf from '@tensorflow/tfjs-core';
import type {BlockShape} from './blocks';
import {isSparse, rowByRow, type SparseGradient} from './sparse_gradient';
import {hasRowStores, Table} from './table';

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

/** Add a sparse gradient up to the whole [V, d]. */
export function toDense(gradient: SparseGradient, size: number): tf.Tensor {
  return tf.tidy(() => {
    const {rows, values} = rowByRow(gradient);
    return tf.unsortedSegmentSum(values, rows, size);
  });
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
  const [size] = variable.shape;
  return tf.customGrad((_, save) => {
    (save as tf.GradSaveFunc)([rows]);
    return {
      value: table.gather(rows, blocks),
      gradFunc: (dy: tf.Tensor, [rows]: tf.Tensor[]) => {
        if (recording === undefined) return toDense({rows, values: dy, blocks}, size);
        // Tensors of their own on the memory of those that the gradient pass disposes.
        recording.seen.push({rows: tf.keep(tf.clone(rows)), values: tf.keep(tf.clone(dy)), blocks});
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

/** Join the gradients of all lookups of one table; several become a list of rows. */
function joinedGradients(seen: readonly SparseGradient[]): SparseGradient {
  const [{rows, values, blocks}] = seen;
  if (seen.length === 1) return {rows: tf.clone(rows), values: tf.clone(values), blocks};
  return tf.tidy(() => {
    const parts = seen.map(rowByRow);
    return {rows: tf.concat(parts.map(part => part.rows)), values: tf.concat(parts.map(part => part.values))};
  });
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
