import type {FieldSpec} from 'tfjs-autofis';
import {forParts} from '../lab';
import type {PartName} from '../encode';

/** Ids of one or more fields, by part. */
export interface Columns {
  fields: FieldSpec[];
  /** Row-major, [rows, columns of the fields]. */
  ids: Record<PartName, Int32Array>;
}

/** One field a tree, whose values are its leaves. */
export function leafFields(sizes: readonly number[]): FieldSpec[] {
  return sizes.map((size, i) => ({name: `tree ${i + 1}`, size}));
}

/** Columns side by side. */
export function sideBySide(list: readonly Columns[]): Columns {
  const widths = list.map(({fields}) => fields.reduce((sum, {width = 1}) => sum + width, 0));
  const W = widths.reduce((a, b) => a + b, 0);
  const ids = forParts(list[0].ids, (first, part) => {
    const rows = first.length / widths[0];
    const joined = new Int32Array(rows * W);
    for (let row = 0, to = 0; row < rows; row++) {
      list.forEach((columns, k) => {
        joined.set(columns.ids[part].subarray(row * widths[k], (row + 1) * widths[k]), to);
        to += widths[k];
      });
    }
    return joined;
  });
  return {fields: list.flatMap(({fields}) => fields), ids};
}
