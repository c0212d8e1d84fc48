import type {DuckDBDataChunk} from '@duckdb/node-api';
import type {Codes} from './field_codes';
import type {FieldSql} from './field_sql';

/** Columns that hold the codes of fields, and their reader. */
export interface CodeReader {
  /** Expressions to select. */
  sql: string;
  /** The codes of a chunk's rows, until the next call. Its columns from `column` on are what was to be selected. */
  codesOf(chunk: DuckDBDataChunk, column: number): Codes[];
}

/**
 * Read the codes of fields: those that DuckDB finds itself as one array a row, and texts to be looked up here, a column
 * each.
 */
export function codeReader(fields: readonly FieldSql[]): CodeReader {
  const inArray = fields.filter(({texts}) => texts === undefined).map(({sql}) => sql);
  const others = fields.filter(({texts}) => texts !== undefined).map(({sql}) => sql);
  const step = inArray.length;
  return {
    sql: [...(step === 0 ? [] : [`[${inArray.join(', ')}]::INTEGER[${step}]`]), ...others].join(', '),
    codesOf(chunk, column) {
      const items = step === 0 ? new Int32Array() : listsOf(chunk, column++);
      let first = 0;
      return fields.map(({texts}): Codes =>
        texts === undefined
          ? {items, first: first++, step}
          : {items: texts.lookUp(vectorWords(chunk, column++)), first: 0, step: 1},
      );
    },
  };
}

/** The values of a column of numbers. */
export const itemsOf = <T>(chunk: DuckDBDataChunk, column: number) =>
  (chunk.getColumnVector(column) as unknown as {items: T}).items;

/** The values of a column of arrays of one length, one after another. */
const listsOf = (chunk: DuckDBDataChunk, column: number) =>
  (chunk.getColumnVector(column) as unknown as {childData: {items: Int32Array}}).childData.items;

/** The bytes of a column of texts, as words. */
function vectorWords(chunk: DuckDBDataChunk, column: number): Int32Array {
  const {buffer, byteOffset, byteLength} = (chunk.getColumnVector(column) as unknown as {dataView: DataView}).dataView;
  return new Int32Array(buffer, byteOffset, byteLength / Int32Array.BYTES_PER_ELEMENT);
}
