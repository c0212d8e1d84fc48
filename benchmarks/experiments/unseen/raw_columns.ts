import {DuckDBInstance} from '@duckdb/node-api';
import {partOfRow, type Split} from 'tfjs-autofis/schema';
import type {PartName} from '../encode';
import type {TreeTable} from '../../internals';

/** What pandas takes for missing, but for rare ones. */
const MISSING = ['', 'NA', 'N/A', 'NaN', 'nan', 'NULL', 'null', 'None'];

const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)$/;
const TIME = /^(DATE|TIME|TIMESTAMP).*$/;

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

const partNames = {train: 'train', valid: 'validation', test: 'test'} as const;

/** How rows were split and labelled. */
interface Roles {
  /** The column of labels. */
  label: string;
  split: Extract<Split, {by: 'column'}>;
  /** Labels of each part, in the order of its rows. */
  labels: Record<PartName, Float32Array>;
}

/**
 * The columns of a CSV file as a user of LightGBM gives them to it: numbers and times as numbers, all else as
 * categories; label and part left out.
 *
 * @throws Error where the rows of the file are not those that the labels belong to.
 */
export async function rawColumns(file: string, {label, split, labels}: Roles): Promise<TreeTable> {
  const {names, texts, numbers} = await readColumns(file, [label, split.column]);
  const [rawLabels, rawParts] = texts;
  const rows: Record<PartName, number[]> = {train: [], validation: [], test: []};
  rawParts.forEach((value, row) => {
    const part = partOfRow(split, row, value);
    if (part !== null) rows[partNames[part]].push(row);
  });
  checkRows(file, rows, rawLabels, labels);
  const partOf = (part: PartName) => {
    const columns = new Float64Array(rows[part].length * names.length);
    rows[part].forEach((row, i) =>
      numbers.forEach(({values}, c) => {
        columns[i * names.length + c] = values[row];
      }),
    );
    return {columns, labels: labels[part]};
  };
  return {
    columns: names.length,
    categories: numbers.flatMap(({isCategory}, c) => (isCategory ? [c] : [])),
    parts: {train: partOf('train'), validation: partOf('validation'), test: partOf('test')},
  };
}

interface NumberColumn {
  isCategory: boolean;
  values: Float64Array;
}

/** Some columns as text, and all others as numbers. */
async function readColumns(
  file: string,
  asText: readonly string[],
): Promise<{names: string[]; texts: Array<Array<string | null>>; numbers: NumberColumn[]}> {
  const instance = await DuckDBInstance.create(':memory:', {threads: '2'});
  const connection = await instance.connect();
  try {
    const types = asText.map(name => `${literal(name)}: 'VARCHAR'`);
    await connection.run(
      `CREATE TABLE source AS SELECT * FROM read_csv(${literal(file)}, header = true, sample_size = -1, ` +
        `nullstr = [${MISSING.map(literal)}], types = {${types}})`,
    );
    const columns = async (sql: string) => (await connection.runAndReadAll(sql)).getColumns();
    const [all, kinds] = (await columns('DESCRIBE source')) as [string[], string[]];
    const names = all.filter(name => !asText.includes(name));
    const texts = (await columns(`SELECT ${asText.map(quoted)} FROM source`)) as Array<Array<string | null>>;
    const numbers: NumberColumn[] = [];
    for (const name of names) {
      const [values] = await columns(`SELECT ${numeric(name, kinds[all.indexOf(name)])} FROM source`);
      numbers.push(typeof values.find(value => value !== null) === 'string' ? coded(values) : plain(values));
    }
    return {names, texts, numbers};
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A column as numbers where it has some, else as text. */
function numeric(name: string, type: string): string {
  if (NUMBER.test(type)) return `${quoted(name)}::DOUBLE`;
  return TIME.test(type) ? `epoch(${quoted(name)})::DOUBLE` : `${quoted(name)}::VARCHAR`;
}

function plain(values: readonly unknown[]): NumberColumn {
  return {isCategory: false, values: Float64Array.from(values, value => (value === null ? NaN : (value as number)))};
}

/** Texts by the order of their first rows. */
function coded(values: readonly unknown[]): NumberColumn {
  const codes = new Map<unknown, number>();
  const codeOf = (value: unknown): number => {
    if (value === null) return NaN;
    const known = codes.get(value) ?? codes.size;
    codes.set(value, known);
    return known;
  };
  return {isCategory: true, values: Float64Array.from(values, codeOf)};
}

/** Throws unless each part has as many rows as labels, and each text of the label column one label. */
function checkRows(
  file: string,
  rows: Record<PartName, number[]>,
  texts: ReadonlyArray<string | null>,
  labels: Record<PartName, Float32Array>,
): void {
  const seen = new Map<string | null, number>();
  for (const part of Object.keys(rows) as PartName[]) {
    if (rows[part].length !== labels[part].length)
      throw new Error(
        `${file}: DuckDB reads ${rows[part].length} rows for ${part} where the library reads ${labels[part].length}. ` +
          'Write the file as plain CSV: one header, commas, double quotes.',
      );
    rows[part].forEach((row, i) => {
      const text = texts[row];
      const label = labels[part][i];
      if ((seen.get(text) ?? label) !== label)
        throw new Error(
          `${file}: DuckDB and the library read its rows in different orders; ${text} would be both labels.`,
        );
      seen.set(text, label);
    });
  }
}
