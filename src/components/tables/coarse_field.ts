import type {FieldSpec} from '../../../layers/field_layout';
import type {IdTable} from '../linear/ridge_regression';

/** Number of groups that the bins of a number are put into, on each level. */
export const LEVELS = [4, 8, 16, 32] as const;

/** A field's values in groups. */
export interface Groups {
  size: number;
  /** The group of each id. */
  of: Int32Array;
}

/** A one-hot field as tables read it. */
export interface CoarseField {
  /** Its column among the ids. */
  column: number;
  isOrdered: boolean;
  /** One for each of `LEVELS`. Values without an order are never grouped. */
  levels: readonly Groups[];
}

/** Group the values of a field: neighbours of an ordered one, so that groups have about as many rows each. */
export function coarseField({ids, labels}: IdTable, {size, ordered}: FieldSpec, column: number): CoarseField {
  if (ordered !== true) {
    const ungrouped = {size, of: Int32Array.from({length: size}, (_, id) => id)};
    return {column, isOrdered: false, levels: LEVELS.map(() => ungrouped)};
  }
  const rows = new Float64Array(size);
  const columns = ids.length / labels.length;
  for (let k = column; k < ids.length; k += columns) rows[ids[k]]++;
  return {column, isOrdered: true, levels: LEVELS.map(most => groupsOf(rows, most))};
}

/** Take some of the fields; null where one of them is multi-hot. */
export function coarseMembers(
  coarse: ReadonlyArray<CoarseField | null>,
  positions: readonly number[],
): CoarseField[] | null {
  const members = positions.map(f => coarse[f]).filter(field => field !== null);
  return members.length < positions.length ? null : members;
}

/** Groups of neighbouring ids from 1 on; 0, a missing value, is a group of its own. */
function groupsOf(rows: Float64Array, most: number): Groups {
  const total = rows.reduce((sum, count) => sum + count, 0) - rows[0];
  const of = new Int32Array(rows.length);
  let [before, last, group] = [0, -1, 0];
  for (let id = 1; id < rows.length; id++) {
    const share = Math.min(most - 1, Math.floor((most * (before + rows[id] / 2)) / Math.max(1, total)));
    if (share !== last) group++;
    of[id] = group;
    last = share;
    before += rows[id];
  }
  return {size: group + 1, of};
}
