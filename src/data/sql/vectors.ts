import type {DuckDBDataChunk} from '@duckdb/node-api';

/** The values of a column of numbers. */
export const itemsOf = <T>(chunk: DuckDBDataChunk, column: number) =>
  (chunk.getColumnVector(column) as unknown as {items: T}).items;

/** The values of a column of arrays of one length, one after another. */
export const listsOf = (chunk: DuckDBDataChunk, column: number) =>
  (chunk.getColumnVector(column) as unknown as {childData: {items: Int32Array}}).childData.items;

/** The bytes of a column of texts, as words. */
export function vectorWords(chunk: DuckDBDataChunk, column: number): Int32Array {
  const {buffer, byteOffset, byteLength} = (chunk.getColumnVector(column) as unknown as {dataView: DataView}).dataView;
  return new Int32Array(buffer, byteOffset, byteLength / Int32Array.BYTES_PER_ELEMENT);
}
