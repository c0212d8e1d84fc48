import Papa from 'papaparse';
import {TextColumnBuilder} from 'tfjs-autofis/schema';
import {words} from '../strings';
import {ReadTable, RefusedFile} from './read_table';

/** Bytes that are looked at before anything is parsed. */
const HEAD = 1 << 16;
/** Lines with too few or too many values are left out, up to this share of all. */
const MOST_BAD = 0.1;

/** Characters that are parsed at once. */
const BLOCK = 1 << 22;

/** Reads a table of text: a line of column names, then a line for each row. The delimiter is found by papaparse. */
export async function readText(file: Blob, onShare: (share: number) => void): Promise<ReadTable> {
  await checkHead(file);
  const problems: string[] = [];
  const bad: number[] = [];
  const numbers: number[] = [];
  let builders: TextColumnBuilder[] | null = null;
  let rows = 0;
  for await (const {lines, share} of blocksOf(file, () => rows)) {
    for (const line of lines) {
      if (line.every(value => value.trim() === '')) continue;
      if (builders === null) {
        builders = headerOf(line, problems).map(name => new TextColumnBuilder(name));
        continue;
      }
      rows++;
      if (line.length !== builders.length) bad.push(rows);
      else {
        numbers.push(rows);
        for (let i = 0; i < line.length; i++) builders[i].add(line[i]);
      }
    }
    onShare(share);
  }
  if (builders === null) throw new RefusedFile(words.file.empty);
  if (bad.length > MOST_BAD * rows) throw new RefusedFile(words.file.ragged(bad.length, rows, builders.length, bad[0]));
  if (bad.length > 0) problems.push(words.file.leftOut(bad.length, bad.slice(0, 3)));
  return {columns: builders.map(builder => builder.column()), numbers, problems};
}

interface Lines {
  lines: string[][];
  /** How much of the file was read. */
  share: number;
}

/**
 * Whole lines, block by block. (papaparse reads a file in slices of bytes, and a character that two of them share is
 * lost: it gets text here, and says where its last whole line ends.)
 */
async function* blocksOf(file: Blob, rowsBefore: () => number): AsyncGenerator<Lines> {
  let text = '';
  let bytes = 0;
  let parser: Parse | null = null;
  const counted = file.stream().pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, out) => {
        bytes += chunk.length;
        out.enqueue(chunk);
      },
    }),
  );
  const reader = counted
    .pipeThrough(new TextDecoderStream('utf-8', {fatal: true}) as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  const parse = (last: boolean): Lines => {
    parser ??= parserFor(text);
    const {data, errors, meta} = parser(text, !last);
    const quote = errors.find(({type}) => type === 'Quotes');
    if (quote !== undefined)
      throw new RefusedFile(words.file.openQuote(rowsBefore() + (quote.row ?? 0) + (rowsBefore() === 0 ? 0 : 1)));
    text = text.slice(meta.cursor);
    return {lines: data, share: Math.min(1, bytes / file.size)};
  };
  for (;;) {
    const {done, value} = await reader.read().catch((error: unknown) => {
      // What the decoder throws; a file that can no longer be read has another.
      throw error instanceof TypeError ? new RefusedFile(words.file.encoding) : error;
    });
    if (!done) text += value;
    if (done || text.length >= BLOCK) yield parse(done);
    if (done) return;
  }
}

type Parse = (text: string, ignoreLastLine: boolean) => Papa.ParseResult<string[]>;

/** A parser of the delimiter and the line ends that a text seems to have. */
function parserFor(text: string): Parse {
  const {delimiter, linebreak} = Papa.parse(text.slice(0, HEAD), {preview: 20}).meta;
  return (part, ignoreLastLine) =>
    new Papa.Parser({delimiter, newline: linebreak as '\n'}).parse(part, 0, ignoreLastLine) as Papa.ParseResult<
      string[]
    >;
}

async function checkHead(file: Blob): Promise<void> {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  // The marks of UTF-16, in which half of the bytes of a table are zero.
  if (head[0] + head[1] === 0x1fd && head[0] >= 0xfe) throw new RefusedFile(words.file.encoding);
  if (head.includes(0)) throw new RefusedFile(words.file.binary);
  let text: string;
  try {
    text = new TextDecoder('utf-8', {fatal: true}).decode(head, {stream: true});
  } catch {
    throw new RefusedFile(words.file.encoding);
  }
  if (/^\s*(\[\s*)?\{\s*"/.test(text)) throw new RefusedFile(words.file.json);
}

/** The names of the columns. */
function headerOf(line: readonly string[], problems: string[]): string[] {
  const names = line.map((name, i) => (name.trim() === '' ? words.file.unnamed(i + 1) : name.trim()));
  if (names.length < 3) throw new RefusedFile(words.file.fewColumns(names.length));
  if (line.every(name => name.trim() !== '' && Number.isFinite(Number(name))))
    throw new RefusedFile(words.file.noHeader(line.slice(0, 4)));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  // Values, not names, where a number stands there twice.
  if (twice !== undefined && Number.isFinite(Number(twice)))
    throw new RefusedFile(words.file.noHeader(line.slice(0, 4)));
  if (twice !== undefined) throw new RefusedFile(words.file.twice(twice));
  const unnamed = line.filter(name => name.trim() === '').length;
  if (unnamed > 0) problems.push(words.file.hadNoName(unnamed));
  return names;
}
