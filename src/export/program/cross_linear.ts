import type {CrossLinear} from '../../../layers/cross_linear';
import type {FieldSpec} from '../../../layers/field_layout';
import {AutofisError} from '../../errors';
import {displaceRows} from './displaced_rows';
import {IdColumn, columnsOf, shares} from './field_layers';
import {ones, picking} from './matrices';
import {constant, Steps, Value} from './program';
import type {LayerView, Translator} from './translator';

/** Whole numbers up to this are exact in float32. */
const MOST_EXACT = 2 ** 24;

/**
 * A table of numbers for the values of fields, and where each begins; with a number for padding before multi-hot
 * ones.
 */
class ValueTable {
  private readonly data: number[] = [];
  /** Add the numbers of a field's values; its first one's place. */
  add({width}: FieldSpec, numbers: ArrayLike<number>, padding: number): number {
    if (width != null) this.data.push(padding);
    const start = this.data.length;
    for (let id = 0; id < numbers.length; id++) this.data.push(numbers[id]);
    return start;
  }

  /** The numbers for a column of each of `columns`: [W] -> [columns]. */
  read({steps}: LayerView, ids: Value, columns: readonly IdColumn[], starts: readonly number[]): Value {
    return steps.flatten(
      steps.rows(
        ids,
        columns.map(({place}) => place),
        starts,
        constant([this.data.length, 1], this.data),
      ),
    );
  }
}

/** The combinations of all pairs in one list; each value of the smaller field of a pair is a row. */
interface Packed {
  /** For each pair the field with fewer values, which names rows, and the other one. */
  sides: Array<[number, number]>;
  /** The first row of each pair. */
  firstRow: number[];
  /** How far each row is displaced. */
  displacements: Float64Array;
  /** For each place of the list the row of its combination, -2 where it is free, and the combination's weight. */
  owners: Float32Array;
  weights: Float32Array;
}

/** Displace the rows of combinations against each other so that no two share a place. */
function pack({title}: LayerView, layer: CrossLinear, counts: readonly number[], kernel: ArrayLike<number>): Packed {
  const {embedded, interactions} = layer;
  const dictionary = layer.dictionary!.read().dataSync();
  const sides = interactions.map(([i, j]): [number, number] =>
    embedded[i].size <= embedded[j].size ? [i, j] : [j, i],
  );
  const firstRow = sides.map((_, p) => sides.slice(0, p).reduce((rows, [a]) => rows + embedded[a].size, 0));
  const cells: Array<{row: number; place: number; weight: number}> = [];
  let k = 0;
  counts.forEach((count, p) => {
    for (const end = k + count; k < end; k++) {
      const turned = sides[p][0] !== interactions[p][0];
      cells.push({
        row: firstRow[p] + dictionary[2 * k + (turned ? 1 : 0)],
        place: dictionary[2 * k + (turned ? 0 : 1)],
        weight: kernel[k],
      });
    }
  });
  const rows = firstRow.at(-1)! + embedded[sides.at(-1)![0]].size;
  const widest = Math.max(...sides.map(([, b]) => embedded[b].size));
  const {displacements, length} = displaceRows(cells, rows, widest);
  if (rows > MOST_EXACT || length > MOST_EXACT) {
    throw new AutofisError(
      `${title}: ${rows} values with ${cells.length} combinations cannot be exported, since float32 counts ` +
        `positions only up to ${MOST_EXACT}. Keep fewer pairs, or raise \`leastCount\`.`,
    );
  }
  const owners = new Float32Array(length).fill(-2);
  const weights = new Float32Array(length);
  for (const {row, place, weight} of cells) {
    owners[displacements[row] + place] = row;
    weights[displacements[row] + place] = weight;
  }
  return {sides, firstRow, displacements, owners, weights};
}

/** A combination that a row may have: two columns of ids, of the sides a and b of pair p. */
interface Entry {
  p: number;
  a: number;
  b: number;
  left: IdColumn;
  right: IdColumn;
}

/** The place of each entry's combination in the list, and its row with a minus: [W] -> [entries]. */
function placesOf(
  view: LayerView,
  ids: Value,
  {sides, firstRow, displacements}: Packed,
  entries: readonly Entry[],
): {place: Value; negative: Value} {
  const {embedded} = view.layer as CrossLinear;
  const displaced = new ValueTable();
  const negative = new ValueTable();
  const values = new ValueTable();
  const starts = sides.map(([a], p) => {
    const own = displacements.subarray(firstRow[p], firstRow[p] + embedded[a].size);
    displaced.add(embedded[a], own, 1);
    // Padding has the number -1, which no place holds.
    return negative.add(
      embedded[a],
      Float32Array.from(own, (_, id) => -(firstRow[p] + id)),
      1,
    );
  });
  const secondStarts = sides.map(([, b]) =>
    values.add(
      embedded[b],
      Float32Array.from({length: embedded[b].size}, (_, id) => id),
      -1,
    ),
  );
  const lefts = entries.map(({left}) => left);
  const rights = entries.map(({right}) => right);
  const ofPair = (list: readonly number[]) => entries.map(({p}) => list[p]);
  const place = view.steps.combine('add', [
    displaced.read(view, ids, lefts, ofPair(starts)),
    values.read(view, ids, rights, ofPair(secondStarts)),
  ]);
  return {place, negative: negative.read(view, ids, lefts, ofPair(starts))};
}

/** 1 where a whole number x is 0, else 0: relu(1 - 2 x^2), also where it is rounded a little. [n] -> [n]. */
function isZero(steps: Steps, x: Value): Value {
  const [length] = x.shape;
  const vector = (value: number) => constant([length], new Float32Array(length).fill(value));
  const turned = steps.normalize(steps.combine('multiply', [x, x]), vector(0), vector(-2), vector(1));
  return steps.activation(turned, 'relu');
}

/**
 * CrossLinear of a dictionary, [W] -> [1], by lookups alone. Of each pair the field with fewer values names rows, whose
 * combinations lie in one list, displaced against each other so that no two share a place: that of (a, b) is
 * displacement(a) + b, and holds the row's number, which tells present combinations from absent ones.
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
  // All of a row's columns for all pairs: one entry for each two columns of ids.
  const columns = columnsOf(layer.fields);
  const of = (f: number) => columns.filter(({field}) => field === embedded[f]);
  const entries = packed.sides.flatMap(([a, b], p) =>
    of(a).flatMap(left => of(b).map((right): Entry => ({p, a, b, left, right}))),
  );
  const {place, negative} = placesOf(view, ids, packed, entries);
  const all = [...entries.keys()];
  const none = all.map(() => 0);
  const at = (data: Float32Array) => steps.flatten(steps.rows(place, all, none, constant([data.length, 1], data)));
  const found = isZero(steps, steps.combine('add', [at(packed.owners), negative]));
  const share = shares(
    view,
    ids,
    columns,
    embedded,
    columns.map(({field}) => embedded.indexOf(field)),
  );
  const scales =
    share === null
      ? []
      : (['a', 'b'] as const).map(side =>
          steps.dense(
            steps.flatten(share),
            picking(
              entries.map(entry => entry[side]),
              embedded.length,
            ),
          ),
        );
  return steps.dense(steps.combine('multiply', [at(packed.weights), found, ...scales]), ones(all.length));
};
