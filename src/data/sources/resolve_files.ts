import {realpathSync, statSync} from 'node:fs';
import path from 'node:path';
import {checkChoice, checkKeys, checkThat} from '../../checks';
import {AutofisError} from '../../errors';
import type {Engine} from '../sql/duckdb';
import {literals} from '../../sql_literals';
import {readRows} from '../sql/results';
import {quotesTabs} from './quoted_tabs';
import type {FileSource, SourceFormat} from './source';

/** Files with all options set. */
export interface ResolvedFiles {
  files: string[];
  format: SourceFormat;
  separator: string;
  /** True if the header may show another separator. */
  anySeparator: boolean;
  quote: string | null;
  header: boolean;
  columns?: readonly string[];
}

/** Endings of files of each format. */
const ENDINGS: Record<SourceFormat, string> = {
  csv: '.csv .tsv .txt',
  parquet: '.parquet',
  jsonl: '.jsonl .ndjson .json',
  arrow: '.arrow .feather',
  libsvm: '.libsvm .svm',
  libffm: '.libffm .ffm',
};
const FORMATS = Object.keys(ENDINGS) as SourceFormat[];

/** Most bytes of a separator. */
const MOST_SEPARATOR = 4;

/**
 * The options of a source of files, with globs expanded.
 * @throws AutofisError if there is no such file, or an empty one.
 */
export async function resolveFiles(
  where: string,
  source: string | readonly string[] | FileSource,
  engine: Engine,
): Promise<ResolvedFiles> {
  const given: FileSource =
    typeof source === 'string' || Array.isArray(source) ? {files: source as string | string[]} : (source as FileSource);
  checkKeys(`${where}: \`source\``, given, ['files', 'format', 'separator', 'quote', 'header', 'columns']);
  const files = await filesOf(where, given.files, engine);
  const ending = path.extname(files[0].replace(/\.(gz|zst)$/i, '')).toLowerCase();
  const separator = given.separator ?? (['.tsv', '.txt'].includes(ending) ? '\t' : ',');
  checkSeparator(where, separator);
  const format = given.format ?? FORMATS.find(candidate => ENDINGS[candidate].split(' ').includes(ending));
  if (format === undefined)
    throw new AutofisError(
      `${where}: the ending of ${files[0]} does not say its format. Give \`format\`: one of ${FORMATS.join(', ')}.`,
    );
  checkChoice(where, 'source.format', format, FORMATS);
  let {quote} = given;
  if (quote === undefined) quote = separator !== '\t' || (format === 'csv' && (await quotesTabs(files))) ? '"' : null;
  checkQuote(where, quote, separator);
  return {
    files,
    format,
    separator,
    anySeparator: given.separator === undefined,
    columns: given.columns,
    quote,
    header: given.header ?? given.columns === undefined,
  };
}

/** The files of paths and globs, in order. */
async function filesOf(where: string, given: FileSource['files'], engine: Engine): Promise<string[]> {
  const patterns = typeof given === 'string' ? [given] : given;
  const areNames = Array.isArray(patterns) && patterns.every(pattern => typeof pattern === 'string' && pattern !== '');
  checkThat(areNames && patterns.length > 0, where, 'source.files', 'be a path, a glob or a list of these', given);
  const files: string[] = [];
  for (const pattern of patterns) {
    const found = await readRows(engine.connection, `SELECT file FROM glob(${literals([pattern])}) ORDER BY file`);
    if (found.length === 0) throw noFile(where, pattern);
    files.push(...found.map(([file]) => file as string));
  }
  checkOnce(where, files);
  const stats = files.map(file => statSync(file));
  const stream = files.find((_, i) => !stats[i].isFile());
  if (stream !== undefined)
    throw new AutofisError(
      `${where}: ${stream} is a pipe or a device, and rows are read more than once. Write them to a file, and give ` +
        'that.',
    );
  const empty = files.find((_, i) => stats[i].size === 0);
  if (empty !== undefined)
    throw new AutofisError(
      `${where}: ${empty} is empty. ${files.length > 1 ? 'Leave it out, or write it again' : 'Write it again'}.`,
    );
  return files;
}

/** Rows of a file that is read twice would count twice, and could be in training and in test. */
function checkOnce(where: string, files: readonly string[]): void {
  const known = new Map<string, string>();
  for (const file of files) {
    const target = realpathSync(file);
    const other = known.get(target);
    if (other !== undefined) {
      const both = other === file ? `${file} is` : `${other} and ${file} are one file,`;
      throw new AutofisError(`${where}: ${both} named twice, and all its rows would be read twice. Name it once.`);
    }
    known.set(target, file);
  }
}

function noFile(where: string, pattern: string): AutofisError {
  return new AutofisError(
    statSync(pattern, {throwIfNoEntry: false})?.isDirectory() === true
      ? `${where}: ${pattern} is a folder. Name its files, such as ${JSON.stringify(path.join(pattern, '*.csv'))}.`
      : `${where}: there is no file ${JSON.stringify(pattern)}. Check the path; ` +
          `relative paths start at ${process.cwd()}.`,
  );
}

function checkSeparator(where: string, separator: string): void {
  const holds = separator !== '' && Buffer.byteLength(separator) <= MOST_SEPARATOR && !/[\r\n\0]/.test(separator);
  const rule = `be one or more characters, at most ${MOST_SEPARATOR} bytes, without a line break`;
  checkThat(holds, where, 'source.separator', rule, separator);
}

/** Check the character around quoted values. */
function checkQuote(where: string, quote: string | null, separator: string): void {
  const isOne = (text: string) => Buffer.byteLength(text) === 1 && !/[\r\n\0]/.test(text) && !separator.includes(text);
  const rule = 'be null or one ASCII character that is not part of the separator';
  checkThat(quote === null || isOne(quote), where, 'source.quote', rule, quote);
}
