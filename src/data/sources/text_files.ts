import path from 'node:path';
import {createInterface} from 'node:readline';
import {Readable} from 'node:stream';
import type * as Arrow from 'apache-arrow';
import {AutofisError, show} from '../../errors';
import {type Engine} from '../sql/duckdb';
import {readCsv} from '../sql/read_csv';
import {readRows} from '../sql/results';
import {loadArrow} from '../sql/packages';
import {type ResolvedFiles} from './resolve_files';
import {textBytes, writeCopy} from './text_bytes';

/** The text between the features of one column of a libsvm or libffm file. */
const ITEM_SEPARATOR = ' ';

/**
 * Formats that DuckDB does not read, written as CSV into a temporary folder, one line a row.
 * - arrow: IPC files whose batches are not compressed, as JSON lines where a column holds lists or objects; dates and
 *   times are what DuckDB writes for them.
 * - libsvm, "1 3:1 17:1": `label` and `features`, the numbers of the features whose value is not 0, joined by spaces.
 *   With
 *   `columns`, feature i is the column of the i-th name and holds its value.
 * - libffm, "1 0:3:1 1:17:1": `label` and a column for each field, named by `columns` or its number, with the numbers
 *   of its features whose value is not 0, joined by spaces.
 */
export async function asText(
  where: string,
  given: ResolvedFiles,
  engine: Engine,
  folder: string,
): Promise<ResolvedFiles> {
  const {format} = given;
  const {names: columns, isNested} = await columnsOf(where, given, engine);
  const svm = given.columns === undefined ? svmList : svmColumns;
  const files: string[] = [];
  for (const [i, file] of given.files.entries()) {
    const target = path.join(folder, `source-${i}.${isNested ? 'jsonl' : 'csv'}`);
    const rows =
      format === 'arrow'
        ? arrowRows(where, file, columns)
        : textRows(where, file, format === 'libsvm' ? svm : ffmColumns, columns);
    const lines = isNested ? jsonLines(rows, columns) : csvLines(rows as AsyncIterable<CsvRow>);
    await writeCopy(where, file, blocks(lines), target);
    files.push(target);
  }
  const text = {separator: ',', anySeparator: false, quote: '"', header: false, columns};
  return {files, format: isNested ? 'jsonl' : 'csv', ...text};
}

type CsvRow = ReadonlyArray<string | null>;
/** Texts, and lists and objects as JSON has them. */
type NestedRow = readonly unknown[];

async function* csvLines(rows: AsyncIterable<CsvRow>): AsyncIterable<string> {
  for await (const row of rows) {
    yield row
      .map(value => {
        if (value === null) return '';
        return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
      })
      .join(',');
  }
}

async function* jsonLines(rows: AsyncIterable<NestedRow>, columns: readonly string[]): AsyncIterable<string> {
  const noBigints = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
  for await (const row of rows)
    yield JSON.stringify(Object.fromEntries(columns.map((name, i) => [name, row[i]])), noBigints);
}

async function* blocks(lines: AsyncIterable<string>): AsyncIterable<string> {
  let block = '';
  for await (const line of lines) {
    block += `${line}\n`;
    if (block.length > 1 << 16) {
      yield block;
      block = '';
    }
  }
  yield block;
}

/** Reads a token of a line into `row`; says what is wrong with it, if anything is. */
type TokenReader = (token: string, row: Array<string | null>) => string | undefined;

async function* textRows(
  where: string,
  file: string,
  read: TokenReader,
  columns: readonly string[],
): AsyncIterable<CsvRow> {
  let number = 0;
  for await (const line of createInterface({input: Readable.from(textBytes(file)), crlfDelay: Infinity})) {
    number++;
    const [label, ...tokens] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (label === '') continue;
    const row = Array<string | null>(columns.length).fill(null);
    // libsvm also writes -1 for the negative class.
    row[0] = label === '-1' ? '0' : label.replace(/^\+/, '');
    for (const token of tokens) {
      const problem = read(token, row);
      if (problem !== undefined)
        throw new AutofisError(`${where}: ${file}, line ${number}: ${problem}. Correct the file.`);
    }
    yield row;
  }
}

const isZero = (value: string | undefined) => value !== undefined && Number(value) === 0;
const append = (old: string | null, item: string) => (old === null ? item : old + ITEM_SEPARATOR + item);

const svmList: TokenReader = (token, row) => {
  const [feature, value, ...more] = token.split(':');
  if (!/^\d+$/.test(feature) || more.length > 0) return `${show(token)} is not of the form feature:value`;
  if (!isZero(value)) row[1] = append(row[1], feature);
  return undefined;
};

const svmColumns: TokenReader = (token, row) => {
  const [, feature, value] = /^(\d+):([^:]*)$/.exec(token) ?? [];
  if (feature === undefined) return `${show(token)} is not of the form feature:value`;
  if (Number(feature) < 1 || Number(feature) >= row.length)
    return `feature ${feature} is not among the ${row.length - 1} in \`columns\``;
  row[Number(feature)] = value;
  return undefined;
};

const ffmColumns: TokenReader = (token, row) => {
  const [field, feature, value, ...more] = token.split(':');
  if (!/^\d+$/.test(field) || !feature || more.length > 0)
    return `${show(token)} is not of the form field:feature:value`;
  const column = Number(field) + 1;
  if (column >= row.length) return `field ${field} is beyond the ${row.length - 1} fields. Give \`columns\``;
  if (!isZero(value)) row[column] = append(row[column], feature);
  return undefined;
};

/** "0", "1", ... up to the greatest field number in the files. */
async function fieldNumbers(files: readonly string[], engine: Engine): Promise<string[]> {
  // Lines that are not UTF-8 are left out.
  const lines = readCsv(files, ['line'], {delim: '\x01\x02\x03\x04', ignore_errors: true});
  const [[most]] = await readRows(
    engine.connection,
    `SELECT max(list_max(regexp_extract_all(line, '\\s(\\d+):', 1)::INTEGER[])) FROM ${lines}`,
  );
  return Array.from({length: Number(most ?? -1) + 1}, (_, field) => String(field));
}

interface TextColumns {
  names: string[];
  /** True if one of them holds lists or objects. */
  isNested: boolean;
}

/** The columns of files as text; those of libsvm and libffm have no names of their own. */
async function columnsOf(where: string, given: ResolvedFiles, engine: Engine): Promise<TextColumns> {
  if (given.format === 'arrow') return arrowColumns(where, given.files);
  const usual = async () => (given.format === 'libsvm' ? ['features'] : fieldNumbers(given.files, engine));
  return {names: ['label', ...(given.columns ?? (await usual()))], isNested: false};
}

async function arrowColumns(where: string, files: readonly string[]): Promise<TextColumns> {
  const arrow = await loadArrow(where);
  try {
    const reader = await arrow.RecordBatchReader.from(textBytes(files[0]));
    await reader.open();
    const {fields} = reader.schema;
    await reader.cancel();
    return {names: fields.map(({name}) => name), isNested: fields.some(({type}) => isNested(arrow, type))};
  } catch (error) {
    throw new AutofisError(`${where}: ${files[0]} is not an Arrow file: ${(error as Error).message}.`);
  }
}

async function* arrowRows(where: string, file: string, columns: readonly string[]): AsyncIterable<NestedRow> {
  const arrow = await loadArrow(where);
  for await (const batch of await arrow.RecordBatchReader.from(textBytes(file))) {
    const vectors = columns.map(name => batch.getChild(name) as Arrow.Vector | null);
    const absent = vectors.indexOf(null);
    if (absent >= 0) {
      throw new AutofisError(
        `${where}: ${file} has no column ${JSON.stringify(columns[absent])}, which the first file has. Files that ` +
          'are read together must have the same columns.',
      );
    }
    const values = vectors.map(vector => valueReader(arrow, vector!.type));
    for (let i = 0; i < batch.numRows; i++) yield vectors.map((vector, c) => values[c](vector!.get(i)));
  }
}

const isList = ({DataType}: typeof Arrow, type: Arrow.DataType): type is Arrow.List | Arrow.FixedSizeList =>
  DataType.isList(type) || DataType.isFixedSizeList(type);

const isNested = (arrow: typeof Arrow, type: Arrow.DataType) =>
  isList(arrow, type) || arrow.DataType.isStruct(type) || arrow.DataType.isMap(type);

/**
 * Reads the values of a column as text, or as lists of texts: dates and times as DuckDB writes those of Parquet,
 * numbers as JavaScript does.
 */
function valueReader(arrow: typeof Arrow, type: Arrow.DataType): (value: unknown) => unknown {
  const {DataType} = arrow;
  const of = (read: (value: never) => unknown) => (value: unknown) => (value === null ? null : read(value as never));
  if (isList(arrow, type)) {
    const item = valueReader(arrow, type.children[0].type);
    return of((values: Iterable<unknown>) => Array.from(values, item));
  }
  if (isNested(arrow, type)) return of((value: {toJSON(): object}) => value.toJSON());
  if (DataType.isDate(type)) return of((time: number) => momentText(time).slice(0, 10));
  if (DataType.isTimestamp(type)) return of((time: number) => momentText(time) + (type.timezone ? '+00' : ''));
  if (DataType.isDecimal(type)) return of((words: Uint32Array) => decimalText(words, type.scale));
  return value => (value === null || Number.isNaN(value) ? null : String(value));
}

/** The text of a decimal: an integer with all digits, else that of the nearest double. */
function decimalText(words: Uint32Array, scale: number): string {
  const bits = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  const units = BigInt.asIntN(32 * words.length, bits);
  const one = 10n ** BigInt(scale);
  return units % one === 0n ? String(units / one) : String(Number(`${units}e-${scale}`));
}

/** Milliseconds since 1970 as "2014-10-30 14:05:00.5", without the zeros behind the seconds. */
function momentText(time: number): string {
  return new Date(time)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.?0*Z$/, '');
}
