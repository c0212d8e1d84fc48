import type {DuckDBDataChunk} from '@duckdb/node-api';
import type {Codes} from './field_codes';
import type {FieldSql} from './field_sql';
import {listsOf, vectorWords} from './vectors';

/**
 * Asks DuckDB for the codes of fields: those that it finds itself as one array a row, and texts to be looked up here, a
 * column each.
 */
export class CodeReader {
  /** Expressions to select. */
  readonly sql: string;
  /** Fields in the array. */
  private readonly inArray: number;

  constructor(private readonly fields: readonly FieldSql[]) {
    const inArray = fields.filter(({texts}) => texts === undefined);
    const others = fields.filter(({texts}) => texts !== undefined);
    const array =
      inArray.length === 0 ? [] : [`[${inArray.map(({sql}) => sql).join(', ')}]::INTEGER[${inArray.length}]`];
    this.sql = [...array, ...others.map(({sql}) => sql)].join(', ');
    this.inArray = inArray.length;
  }

  /** The codes of a chunk's rows, until the next call. Its columns from `column` on are what was to be selected. */
  codesOf(chunk: DuckDBDataChunk, column: number): Codes[] {
    const step = this.inArray;
    const items = step === 0 ? new Int32Array() : listsOf(chunk, column++);
    let first = 0;
    return this.fields.map(({texts}): Codes =>
      texts === undefined
        ? {items, first: first++, step}
        : {items: texts.lookUp(vectorWords(chunk, column++)), first: 0, step: 1},
    );
  }
}
