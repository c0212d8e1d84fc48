import type {CrossLinear} from '../../../layers/cross_linear';
import type {FieldSpec} from '../../../layers/field_layout';
import {cartesianProduct} from '../../cartesian_product';
import {AutofisError} from '../../errors';
import {pack, type Packed, strides} from './cross_packing';
import {IdColumn, columnsOf, columnPositions, shares} from './field_layers';
import {indicator, ones} from './matrices';
import {constant, Steps, Value} from './program';
import type {LayerView, Translator} from './translator';

/**
 * A table of numbers for the values of fields, and where each begins; with a number for padding before multi-hot
 * ones.
 */
class ValueTable {
  private readonly data: number[] = [];
  /** Add the numbers of a field's values, and return the position of the first one. */
  add({width}: FieldSpec, numbers: ArrayLike<number>, padding: number): number {
    if (width != null) this.data.push(padding);
    const start = this.data.length;
    for (let id = 0; id < numbers.length; id++) this.data.push(numbers[id]);
    return start;
  }

  /** The numbers for a column of each of `columns`: [W] -> [columns]. */
  read({steps}: LayerView, ids: Value, columns: readonly IdColumn[], starts: readonly number[]): Value {
    return steps.flatten(steps.rows(ids, columnPositions(columns), starts, constant([this.data.length, 1], this.data)));
  }
}

/** A combination of interaction p that a row may have: the columns of ids that name its row and its column. */
interface Entry {
  p: number;
  rows: IdColumn[];
  column: IdColumn;
}

/** One entry for each choice of a column of every field of an interaction. */
function entriesOf({embedded}: CrossLinear, columns: readonly IdColumn[], sides: Packed['sides']): Entry[] {
  const of = (f: number) => columns.filter(({field}) => field === embedded[f]);
  return sides.flatMap((side, p) =>
    cartesianProduct([side.column, ...side.rows].map(of)).map(([column, ...rows]): Entry => ({p, rows, column})),
  );
}

/** The row of each entry: [W] -> [entries]. Padding is in the row behind the last one, which has no combinations. */
function rowsOf(view: LayerView, ids: Value, packed: Packed, entries: readonly Entry[]): Value {
  const {steps} = view;
  const layer = view.layer as CrossLinear;
  const {embedded} = layer;
  const none = packed.displacements.length - 1;
  // A number of a row is the sum of what its values count.
  const table = new ValueTable();
  const starts = packed.sides.map(({rows}, p) => {
    const factors = strides(layer, rows);
    return rows.map((f, i) => {
      const first = i === 0 ? packed.firstRow[p] : 0;
      const numbers = Float32Array.from({length: embedded[f].size}, (_, id) => factors[i] * id + first);
      return table.add(embedded[f], numbers, none);
    });
  });
  const counted = (i: number, read: readonly Entry[]) => {
    const [columns, firsts] = [read.map(({rows}) => rows[i]), read.map(({p}) => starts[p][i])];
    return table.read(view, ids, columns, firsts);
  };
  const most = Math.max(...entries.map(({rows}) => rows.length));
  const parts = Array.from({length: most}, (_, i) => {
    if (i === 0) return counted(0, entries);
    const wide = [...entries.keys()].filter(e => entries[e].rows.length > i);
    const chosen = wide.map(e => entries[e]);
    return steps.dense(counted(i, chosen), indicator(wide, entries.length));
  });
  if (most === 1) return parts[0];
  const row = steps.combine('add', parts);
  const hasPadding = entries.some(({rows}) => rows.length > 1 && rows.some(({field}) => field.width != null));
  return hasPadding ? atMost(steps, row, none) : row;
}

/** The position of each entry's combination in the list: [W] -> [entries]. */
function positionsOf(view: LayerView, ids: Value, row: Value, packed: Packed, entries: readonly Entry[]): Value {
  const {steps} = view;
  const {embedded} = view.layer as CrossLinear;
  const table = new ValueTable();
  const starts = packed.sides.map(({column: f}) => table.add(embedded[f], [...Array(embedded[f].size).keys()], -1));
  const [columns, firsts] = [entries.map(({column}) => column), entries.map(({p}) => starts[p])];
  const inRow = table.read(view, ids, columns, firsts);
  return steps.combine('add', [numbersAt(steps, row, packed.displacements), inRow]);
}

/** The number at each position of a list: [n] -> [n]. */
function numbersAt(steps: Steps, positions: Value, numbers: ArrayLike<number>): Value {
  return steps.flatten(steps.rowsAt(positions, constant([numbers.length, 1], numbers)));
}

/** a x + b of each number. */
function linear(steps: Steps, x: Value, a: number, b: number): Value {
  const [vector, zeros] = [a, 0].map(value => constant(x.shape, new Float32Array(x.shape[0]).fill(value)));
  return steps.normalize(x, zeros, vector, constant(x.shape, new Float32Array(x.shape[0]).fill(b)));
}

/** min(x, most) = most - relu(most - x). */
function atMost(steps: Steps, x: Value, most: number): Value {
  return linear(steps, steps.activation(linear(steps, x, -1, most), 'relu'), -1, most);
}

/** 1 where a whole number x is 0, else 0: relu(1 - 2 x^2), also where it is rounded a little. [n] -> [n]. */
function isZero(steps: Steps, x: Value): Value {
  return steps.activation(linear(steps, steps.combine('multiply', [x, x]), -2, 1), 'relu');
}

/**
 * CrossLinear of a dictionary, [W] -> [1], by lookups alone. The values of all fields of an interaction but the largest
 * name rows, whose combinations lie in one list, displaced against each other so that no two share a position: that
 * of value b in a row is displacement(row) + b, and holds the row's number, which tells present combinations from
 * absent ones.
 */
export const crossLinearLayer: Translator = (view, [ids]) => {
  const layer = view.layer as CrossLinear;
  const {embedded, counts} = layer;
  const {steps} = view;
  if (counts === null) {
    throw new AutofisError(
      `${view.title}: hashed crosses cannot be exported, since no other format has the hash. ` +
        'Train the model with the dictionary that `fitCrosses` collects.',
    );
  }
  const packed = pack(view, layer, counts, view.weight('kernel').data);
  const columns = columnsOf(layer.fields);
  const entries = entriesOf(layer, columns, packed.sides);
  const row = rowsOf(view, ids, packed, entries);
  const position = positionsOf(view, ids, row, packed, entries);
  const isKnown = isZero(steps, steps.combine('add', [numbersAt(steps, position, packed.owners), row]));
  const fieldOf = columns.map(({field}) => embedded.indexOf(field));
  const share = shares(view, ids, columns, embedded, fieldOf);
  const scales = share === null ? [] : scalesOf(steps, steps.flatten(share), entries, embedded);
  const weights = numbersAt(steps, position, packed.weights);
  return steps.dense(steps.combine('multiply', [weights, isKnown, ...scales]), ones(entries.length));
};

/** Return the factors of each entry, one for each of its fields. */
function scalesOf(steps: Steps, share: Value, entries: readonly Entry[], embedded: readonly FieldSpec[]): Value[] {
  const fieldsOf = ({rows, column}: Entry) => [...rows, column].map(({field}) => embedded.indexOf(field));
  const most = Math.max(...entries.map(entry => fieldsOf(entry).length));
  return Array.from({length: most}, (_, at) => {
    const kernel = new Float32Array(embedded.length * entries.length);
    entries.forEach((entry, e) => {
      const f = fieldsOf(entry)[at];
      if (f !== undefined) kernel[f * entries.length + e] = 1;
    });
    const bias = Float32Array.from(entries, entry => (fieldsOf(entry).length > at ? 0 : 1));
    const shape = [embedded.length, entries.length];
    return steps.dense(share, constant(shape, kernel), constant([entries.length], bias));
  });
}
