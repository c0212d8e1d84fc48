import {parquetMetadataAsync, parquetRead, parquetSchema} from 'hyparquet';
import {compressors} from 'hyparquet-compressors';
import {TextColumnBuilder} from 'tfjs-autofis/schema';
import {words} from '../strings';
import {ReadTable, RefusedFile} from './read_table';

/** Reads a Parquet file, column by column of each row group. */
export async function readParquet(file: Blob, onShare: (share: number) => void): Promise<ReadTable> {
  const source = {byteLength: file.size, slice: (start: number, end?: number) => file.slice(start, end).arrayBuffer()};
  try {
    const metadata = await parquetMetadataAsync(source);
    const columns = parquetSchema(metadata).children.map(({element: {name}}) => name);
    if (columns.length < 3) throw new RefusedFile(words.file.fewColumns(columns.length));
    const builders = new Map(columns.map(name => [name, new TextColumnBuilder(name)]));
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      await parquetRead({
        file: source,
        metadata,
        compressors,
        rowStart,
        rowEnd,
        onChunk: ({columnName, columnData, rowStart: from}) => {
          const builder = builders.get(columnName)!;
          for (let i = Math.max(0, rowStart - from); i < columnData.length && from + i < rowEnd; i++)
            builder.add(textOf(columnData[i]));
        },
      });
      rowStart = rowEnd;
      onShare(Number(metadata.num_rows) === 0 ? 1 : rowStart / Number(metadata.num_rows));
    }
    const numbers = Int32Array.from({length: rowStart}, (_, row) => row + 1);
    return {columns: [...builders.values()].map(builder => builder.column()), numbers, problems: []};
  } catch (error) {
    if (error instanceof RefusedFile || (error instanceof RangeError && /maximum size|allocation/i.test(error.message)))
      throw error;
    throw new RefusedFile(words.file.damagedParquet((error as Error).message));
  }
}

/**
 * A value as the data stage writes it in Node: dates as ISO 8601, the items of a list separated by commas, the members
 * of a struct by their names.
 */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (value instanceof Date)
    return value
      .toISOString()
      .replace('T', ' ')
      .replace(/(\.\d+)?Z$/, '')
      .replace(/ 00:00:00$/, '');
  if (Array.isArray(value))
    return value
      .map(textOf)
      .filter(item => item !== null)
      .join(',');
  if (typeof value !== 'object') return String(value);
  const members = Object.entries(value).map(([name, member]) => `'${name}': ${textOf(member) ?? 'NULL'}`);
  return `{${members.join(', ')}}`;
}
