import {columnCount, type FieldSpec} from '../../../layers/field_layout';

/** Rows of one part. */
export interface TreePart {
  /** Row-major [rows, columns], NaN for missing. */
  columns: Float64Array;
  labels: Float32Array;
  weights?: Float32Array;
}

/** Columns for trees, in three parts. */
export interface TreeTable {
  /** Number of columns. */
  columns: number;
  /** Positions of the columns whose numbers stand for categories; the others are numbers. */
  categories: number[];
  parts: {train: TreePart; validation: TreePart; test: TreePart};
}

/** Rows as a model takes them. */
interface IdPart {
  /** Row-major [rows, W], -1 for padding. */
  ids: Int32Array;
  labels: Float32Array;
  weights?: Float32Array;
}

/**
 * Rows of ids as trees take them. A field with one value is one column: a number where its ids are ordered, of which 0
 * is missing, else a category. Each value of a field with several is a column of 0 and 1.
 */
export function treeTable(
  fields: readonly FieldSpec[],
  parts: {train: IdPart; validation: IdPart; test: IdPart},
): TreeTable {
  const categories = fields.flatMap(({width, ordered = false}, f) =>
    width === undefined && !ordered ? [treeColumnCount(fields.slice(0, f))] : [],
  );
  const partOf = ({ids, labels, weights}: IdPart): TreePart => ({
    columns: treeColumns(fields, ids),
    labels,
    ...(weights === undefined ? {} : {weights}),
  });
  return {
    columns: treeColumnCount(fields),
    categories,
    parts: {train: partOf(parts.train), validation: partOf(parts.validation), test: partOf(parts.test)},
  };
}

/** Count the columns for trees: one for each field, and one for each id of a multi-valued field. */
export function treeColumnCount(fields: readonly FieldSpec[]): number {
  return fields.reduce((sum, {size, width}) => sum + (width === undefined ? 1 : size), 0);
}

/** Ids as the columns of `treeTable`: row-major [rows, columns]. */
export function treeColumns(fields: readonly FieldSpec[], ids: Int32Array): Float64Array {
  const W = columnCount(fields);
  const columns = treeColumnCount(fields);
  const rows = ids.length / W;
  const table = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    let from = row * W;
    let to = row * columns;
    for (const {size, width, ordered = false} of fields) {
      if (width === undefined) {
        const id = ids[from++];
        table[to++] = ordered && id === 0 ? NaN : id;
      } else {
        for (const end = from + width; from < end; from++) if (ids[from] >= 0) table[to + ids[from]] = 1;
        to += size;
      }
    }
  }
  return table;
}
