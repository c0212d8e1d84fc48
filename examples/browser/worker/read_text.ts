import Papa from 'papaparse';
import {TextColumnBuilder} from '../../../src/schema/columns/text_column';
import {words} from '../strings';
import {ReadTable, RefusedFile} from './read_table';

/** Bytes that are looked at before anything is parsed. */
const HEAD = 1 << 16;
/** Lines with too few or too many values are left out, up to this share of all. */
const MOST_BAD = 0.1;

/** Reads a table of text: a line of column names, then a line for each row. The delimiter is found by papaparse. */
export async function readText(file: Blob, onShare: (share: number) => void): Promise<ReadTable> {
  await checkHead(file);
  const problems: string[] = [];
  let builders: TextColumnBuilder[] | null = null, rows = 0, openQuote: number | null = null;
  const bad: number[] = [];
  await new Promise<void>((resolve, reject) => Papa.parse<string[]>(file as File, {
    skipEmptyLines: 'greedy',
    chunk: ({data, errors, meta}, parser) => {
      try {
        const quote = errors.find(({type}) => type === 'Quotes');
        if (quote !== undefined) openQuote ??= rows + (quote.row ?? 0) + 1;
        for (const line of data) {
          if (builders === null) {
            builders = headerOf(line, problems).map(name => new TextColumnBuilder(name));
            continue;
          }
          rows++;
          if (line.length !== builders.length) bad.push(rows);
          else line.forEach((value, i) => builders![i].add(value));
        }
        onShare(Math.min(1, meta.cursor / file.size));
      } catch (error) {
        parser.abort();
        reject(error);
      }
    },
    complete: () => resolve(),
    error: reject,
  }));
  if (builders === null) throw new RefusedFile(words.file.empty);
  if (openQuote !== null) throw new RefusedFile(words.file.openQuote(openQuote));
  if (bad.length > MOST_BAD * rows) throw new RefusedFile(words.file.ragged(bad.length, rows, (builders as TextColumnBuilder[]).length, bad[0]));
  if (bad.length > 0) problems.push(words.file.leftOut(bad.length, bad.slice(0, 3)));
  return {columns: (builders as TextColumnBuilder[]).map(builder => builder.column()), problems};
}

async function checkHead(file: Blob): Promise<void> {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  if (head.includes(0)) throw new RefusedFile(words.file.binary);
  try {
    new TextDecoder('utf-8', {fatal: true}).decode(head, {stream: true});
  } catch {
    throw new RefusedFile(words.file.encoding);
  }
}

/** The names of the columns. */
function headerOf(line: readonly string[], problems: string[]): string[] {
  const names = line.map((name, i) => name.trim() === '' ? words.file.unnamed(i + 1) : name.trim());
  if (names.length < 3) throw new RefusedFile(words.file.fewColumns(names.length));
  if (line.every(name => name.trim() !== '' && Number.isFinite(Number(name)))) throw new RefusedFile(words.file.noHeader(line.slice(0, 4)));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new RefusedFile(words.file.twice(twice));
  const unnamed = line.filter(name => name.trim() === '').length;
  if (unnamed > 0) problems.push(words.file.hadNoName(unnamed));
  return names;
}
