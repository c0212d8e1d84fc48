import path from 'node:path';
import {AutofisError} from '../../errors';
import {type Fault, LONGEST_ROW, type TextRecord} from './record_scanner';
import {checkRejects, MOST_EXAMPLES, type Rejects, TooManyRejects} from './rejects';
import {type Relation} from './relation';
import {writeCopy} from './text_bytes';
import {BUFFER, textRelation} from './text_relation';
import {hasLoneReturn, recordBlocks} from './text_rows';

const REASONS: Record<Exclude<Fault, 'open quote'>, string> = {
  'too few columns': 'has too few columns',
  'too many columns': 'has too many columns',
  'broken quote': 'has a broken quote',
  'not UTF-8': 'is not UTF-8: save the file as UTF-8',
  'too long': `is longer than ${LONGEST_ROW / 2 ** 20} MB`,
};

/** Most bytes of a row that an example shows. */
const SHOWN_BYTES = 2 ** 10;
const LINE_END = Buffer.from('\n');

/** Bytes of the buffer where rows are long, in place of BUFFER. */
const LARGE_BUFFER = 4 * LONGEST_ROW;

interface SoundOptions {
  /** A temporary folder for the copies. */
  folder: string;
  /** Most rows that may be left out. */
  maxRejects: number;
  /** Most rows that are copied. Default: all. */
  mostRows?: number;
  /** True if a row that is not UTF-8 is an error, however many rows may be left out. */
  mustBeUtf8?: boolean;
}

/** The rows of text that can be read, and the others. */
export interface SoundRelation {
  relation: Relation;
  /** Number of rows that can be read. */
  rows: number;
  rejects: Rejects;
}

/**
 * Copy the sound rows of text, which DuckDB may not be able to read otherwise, to files whose lines all end alike.
 * Stops soon after `maxRejects` is exceeded: time and memory do not grow with the number of rows that cannot be read.
 * @throws AutofisError with the first rows that cannot be read if there are more than `maxRejects`, if a quote has no
 *     end, or at a row that is not UTF-8 where `mustBeUtf8`.
 */
export async function soundRelation(where: string, relation: Relation, options: SoundOptions): Promise<SoundRelation> {
  const {files, columns} = relation.text!;
  const copier = new Copier(where, relation, options);
  const copies = new Map<string, string>();
  for (const [i, file] of files.files.entries()) {
    const copy = path.join(options.folder, `sound-${i}.csv`);
    const name = copier.nameOf(file);
    await writeCopy(where, name, copier.blocks(file), copy);
    copies.set(copy, name);
  }
  const {rejects, rows, longest} = copier;
  checkRejects(where, rejects, options.maxRejects);
  const found = textRelation(
    {...files, files: [...copies.keys()], header: false},
    {...columns, lineEnds: [], isRegular: true},
    longest > BUFFER / 4 ? LARGE_BUFFER : BUFFER,
  );
  return {relation: {...relation, ...found, originals: copies}, rows, rejects};
}

class Copier {
  readonly rejects: Rejects = {count: 0, examples: []};
  /** Bytes of the longest row. */
  longest = 0;
  rows = 0;
  /** Blocks that were read since there were too many rejects. */
  private blocksTooMany = 0;

  constructor(
    private readonly where: string,
    private readonly relation: Relation,
    private readonly options: SoundOptions,
  ) {}

  /** Return the user's name for a file. */
  nameOf(file: string): string {
    return this.relation.originals.get(file) ?? file;
  }

  /** The sound rows of a file, as bytes. */
  async *blocks(file: string): AsyncGenerator<Buffer> {
    const {maxRejects, mostRows = Infinity} = this.options;
    const {files, columns} = this.relation.text!;
    let isHeader = files.header;
    for await (const block of recordBlocks(file, files, columns.names.length)) {
      // One more block than needed is read: a small file has no other, and all its rejects are counted.
      if (this.rejects.count > maxRejects && this.blocksTooMany++ > 0) {
        throw new TooManyRejects(this.where, this.rejects, maxRejects, {isPart: true});
      }
      const sound: Buffer[] = [];
      for (const row of block) {
        if (isHeader) {
          isHeader = false;
        } else if (row.fault !== undefined) {
          this.reject(file, row, row.fault);
        } else if (this.rows++ < mostRows) {
          sound.push(row.bytes, LINE_END);
          this.longest = Math.max(this.longest, row.bytes.length);
        }
      }
      yield Buffer.concat(sound);
      if (this.rows >= mostRows) return;
    }
  }

  private reject(file: string, {line, bytes, columns}: TextRecord, fault: Fault): void {
    const {where, rejects} = this;
    const name = this.nameOf(file);
    if (fault === 'open quote') {
      throw new AutofisError(
        `${where}: ${name}, line ${line}: a quote opens there and is never closed, ` +
          'so the rows after it are lost. ' +
          'Correct the line, or give `quote: null` in the source if quotes have no meaning in this file.',
      );
    }
    if (fault === 'not UTF-8' && this.options.mustBeUtf8 === true)
      throw new AutofisError(`${where}: ${name}, line ${line}, is not UTF-8. Save the file as UTF-8.`);
    rejects.count++;
    if (rejects.examples.length === MOST_EXAMPLES) return;
    rejects.examples.push({
      file: name,
      line,
      ...(fault === 'too few columns' ? {column: this.relation.text!.columns.names[columns]} : {}),
      value: bytes.subarray(0, SHOWN_BYTES).toString(),
      reason: REASONS[fault],
    });
  }
}

/** Tell whether DuckDB may silently lose rows: lines end in \r\n, and somewhere there is a lone \r. */
export async function mayLoseRows({text}: Relation): Promise<boolean> {
  if (text === undefined) return false;
  const files = text.files.files.filter((_, i) => text.columns.lineEnds[i] === '\r\n');
  // The reader of the rows reports a file that cannot be read.
  const found = await Promise.all(files.map(file => hasLoneReturn(file).catch(() => false)));
  return found.includes(true);
}
