import type {DuckDBDataChunk} from '@duckdb/node-api';
import type {FieldSql} from './field_sql';
import type {Codes} from './shard_writer';

/** Asks DuckDB for the codes of fields: those that it finds itself as one array a row, and texts to be looked up here, a column each. */
export class CodeReader {
  /** What is to be selected. */
  readonly sql: string;
  /** Fields in the array. */
  private readonly inArray: number;

  constructor(private readonly fields: readonly FieldSql[]) {
    const inArray = fields.filter(({texts}) => texts === undefined), others = fields.filter(({texts}) => texts !== undefined);
    const array = inArray.length === 0 ? [] : [`[${inArray.map(({sql}) => sql).join(', ')}]::INTEGER[${inArray.length}]`];
    this.sql = [...array, ...others.map(({sql}) => sql)].join(', ');
    this.inArray = inArray.length;
  }

  /** The codes of a chunk's rows, until the next call. Its columns from `column` on are what was to be selected. */
  codesOf(chunk: DuckDBDataChunk, column: number): Codes[] {
    const step = this.inArray, items = step === 0 ? new Int32Array() : listsOf(chunk, column++);
    let first = 0;
    return this.fields.map(({texts}): Codes => texts === undefined ? {items, first: first++, step} :
      {items: texts.lookUp(wordsOf(chunk, column++)), first: 0, step: 1});
  }
}

/** The values of a column of numbers. */
export const itemsOf = <T>(chunk: DuckDBDataChunk, column: number) => (chunk.getColumnVector(column) as unknown as {items: T}).items;

/** The values of a column of arrays of one length, one after the other. */
const listsOf = (chunk: DuckDBDataChunk, column: number) => (chunk.getColumnVector(column) as unknown as {childData: {items: Int32Array}}).childData.items;

/** The bytes of a column of texts, as words. */
function wordsOf(chunk: DuckDBDataChunk, column: number): Int32Array {
  const {buffer, byteOffset, byteLength} = (chunk.getColumnVector(column) as unknown as {dataView: DataView}).dataView;
  return new Int32Array(buffer, byteOffset, byteLength / Int32Array.BYTES_PER_ELEMENT);
}
