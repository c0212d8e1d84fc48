import {AutofisError} from '../../errors';
import {identifier} from '../../sql_literals';
import {counted} from '../../counted';
import type {Fault, TextRecord} from './record_scanner';
import {type TextForm, splitRow} from './row_values';
import {type ResolvedFiles} from './resolve_files';
import {firstRow} from './text_rows';

/** The columns of text files, and how the files begin. */
export interface TextColumns {
  /** Names of the columns in their order. */
  names: string[];
  separator: string;
  /** End of the first row of each file, where it has one. */
  lineEnds: Array<TextRecord['lineEnd']>;
  /** True if each header is exactly the first line of its file. */
  isRegular: boolean;
}

/** Faults of headers, as messages describe them. */
const FAULTS: Partial<Record<Fault, string>> = {
  'broken quote': 'has text behind a quoted name',
  'open quote': 'has a quote that does not end',
  'not UTF-8': 'is not UTF-8',
  'too long': 'has no end',
};

/** Marks at the beginning of text in UTF-16 and UTF-32. */
const OTHER_MARKS = ['fffe', 'feff', '0000feff'];

/** Other possible separators of columns. */
const SEPARATORS = [';', '\t', '|'];

/**
 * Read the names in the header, which all files must share since their columns are read by position, and what
 * separates them. A column without a name, such as the index that pandas writes, gets its number, as all do without a
 * header.
 * @throws AutofisError if a file is not text, has no header, or has another one than the first file, or if `columns`
 *     does not name as many as the first row has.
 */
export async function textColumns(where: string, files: ResolvedFiles): Promise<TextColumns> {
  const rows: Array<TextRecord | undefined> = [];
  for (const file of files.files) rows.push(await readFirst(where, file, files));
  const isFirstLine = (row: TextRecord | undefined) =>
    row === undefined || (row.line === 1 && !/[\r\n]/.test(row.bytes.toString()));
  const form = {
    separator: files.separator,
    lineEnds: rows.map(row => row?.lineEnd ?? ''),
    isRegular: !files.header || rows.every(isFirstLine),
  };
  if (files.columns !== undefined) {
    checkNames(where, 'the list of columns', files.columns);
    checkCount(where, files, files.columns.length, rows[0]);
    return {...form, names: [...files.columns]};
  }
  const headers = rows.map((row, i) => namesIn(where, files.files[i], files, row));
  const [first] = headers;
  const other = otherSeparator(first, files);
  if (other !== undefined) return textColumns(where, {...files, separator: other, anySeparator: false});
  if (files.header) headers.forEach((header, i) => checkSame(where, files.files, i, first, header));
  const names = first.map((name, i) => (files.header && name !== '' ? name : `column ${i + 1}`));
  checkNames(where, `the header of ${files.files[0]}`, names);
  return {...form, names};
}

/**
 * Read the values of a file's first row.
 * @throws AutofisError where `textColumns` does.
 */
export async function headerOf(where: string, file: string, form: TextForm): Promise<string[]> {
  return namesIn(where, file, form, await readFirst(where, file, form));
}

async function readFirst(where: string, file: string, form: TextForm): Promise<TextRecord | undefined> {
  const row = await firstRow(file, form).catch((error: Error) => {
    throw notText(where, file, `${error.message}.`);
  });
  const start = row?.bytes.toString('hex', 0, 4) ?? '';
  if (OTHER_MARKS.some(mark => start.startsWith(mark)))
    throw new AutofisError(`${where}: ${file} is in UTF-16 or UTF-32. Save it as UTF-8.`);
  return row;
}

function namesIn(where: string, file: string, form: TextForm, row: TextRecord | undefined): string[] {
  if (row === undefined)
    throw new AutofisError(`${where}: ${file} has no header. Give \`columns\` if it has rows without one.`);
  if (row.fault !== undefined) throw notText(where, file, `its header, line ${row.line}, ${FAULTS[row.fault]}.`);
  return splitRow(row.bytes.toString(), form);
}

function notText(where: string, file: string, problem: string): AutofisError {
  return new AutofisError(
    `${where}: ${file} cannot be read as text: ${problem} ` +
      'If it has another format, its name must end accordingly: .parquet, .arrow, .jsonl, .gz, .zst.',
  );
}

/** The separator of a header that has only one column by the one that was assumed. */
function otherSeparator([line, ...more]: readonly string[], {anySeparator}: ResolvedFiles): string | undefined {
  return anySeparator && more.length === 0 ? SEPARATORS.find(separator => line.includes(separator)) : undefined;
}

function checkSame(
  where: string,
  files: readonly string[],
  i: number,
  names: readonly string[],
  header: readonly string[],
): void {
  const at = names.findIndex((name, column) => header[column] !== name);
  if (at < 0 && header.length === names.length) return;
  throw new AutofisError(
    `${where}: the headers of ${files[0]} and ${files[i]} differ, at column ${(at < 0 ? names.length : at) + 1}. ` +
      'Files that are read together must have the same columns in the same order.',
  );
}

/** Check that a row has as many columns as there are names; empty ones may follow. */
function checkCount(where: string, files: ResolvedFiles, names: number, row: TextRecord | undefined): void {
  if (row === undefined || row.fault !== undefined) return;
  const values = splitRow(row.bytes.toString(), files);
  if (values.length >= names && values.slice(names).every(value => value === '')) return;
  const other = otherSeparator(values, files);
  throw new AutofisError(
    `${where}: \`columns\` has ${counted(names, 'name')}, but line ${row.line} of ${files.files[0]} ` +
      `has ${counted(values.length, 'column')}. ` +
      (other === undefined
        ? 'Name each column once, in their order.'
        : `It holds ${JSON.stringify(other)}: give it as the \`separator\`.`),
  );
}

/** Check that no two columns have the same name. DuckDB takes no account of case. */
function checkNames(where: string, file: string, names: readonly string[]): void {
  const folded = names.map(name => name.toLowerCase());
  const second = folded.findIndex((name, i) => folded.indexOf(name) !== i);
  if (second < 0) return;
  const first = names[folded.indexOf(folded[second])];
  const twice = names[second];
  throw new AutofisError(
    `${where}: ${file} has ${
      first === twice
        ? `${identifier(twice)} twice`
        : `${identifier(first)} and ${identifier(twice)}, which differ only in case`
    }. Rename one.`,
  );
}
