import {createWriteStream} from 'node:fs';
import path from 'node:path';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {AutofisError} from '../../errors';
import {type Fault, LONGEST_ROW, type TextRecord} from './record_scanner';
import {checkRejects, MOST_EXAMPLES, type Rejects, TooManyRejects} from './rejects';
import type {ResolvedFiles} from './resolve_files';
import {recordBlocks} from './text_rows';

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

/** Text files whose rows are copied. */
export interface SoundCopyOptions {
  where: string;
  files: ResolvedFiles;
  /** The columns, in their order. */
  names: readonly string[];
  /** Where the copies go. */
  folder: string;
  /** Most rows that may be left out. */
  maxRejects: number;
  /** Most rows that are copied. Default: all. */
  mostRows?: number;
  /** True if a row that is not UTF-8 is an error, however many rows may be left out. */
  mustBeUtf8?: boolean;
  /** Return the user's name for a file. */
  nameOf(file: string): string;
}

/** Copies of files without a header, each row a line end apart. */
export interface SoundCopy {
  files: string[];
  rows: number;
  /** Bytes of the longest row. */
  longest: number;
  rejects: Rejects;
}

/**
 * Copy the rows that can be read to files whose lines all end alike, and list the others. Stops soon after
 * `maxRejects` is exceeded: time and memory do not grow with the number of rows that cannot be read.
 * @throws AutofisError with the first rows that cannot be read if there are more than `maxRejects`, if a quote has no
 *     end, or at a row that is not UTF-8 where `mustBeUtf8`.
 */
export async function copySoundRows(options: SoundCopyOptions): Promise<SoundCopy> {
  const {where, files, folder, maxRejects, nameOf} = options;
  const copier = new Copier(options);
  const copies: string[] = [];
  for (const [i, file] of files.files.entries()) {
    const copy = path.join(folder, `sound-${i}.csv`);
    await pipeline(Readable.from(copier.blocks(file)), createWriteStream(copy)).catch(
      (error: NodeJS.ErrnoException) => {
        throw error instanceof AutofisError || error.code === 'ENOSPC'
          ? error
          : new AutofisError(`${where}: ${nameOf(file)} cannot be read: ${error.message}.`);
      },
    );
    copies.push(copy);
  }
  checkRejects(where, copier.rejects, maxRejects);
  return {files: copies, rows: copier.rows, longest: copier.longest, rejects: copier.rejects};
}

class Copier {
  readonly rejects: Rejects = {count: 0, examples: []};
  longest = 0;
  rows = 0;
  /** Blocks that were read since there were too many rejects. */
  private blocksTooMany = 0;

  constructor(private readonly options: SoundCopyOptions) {}

  /** The sound rows of a file, as bytes. */
  async *blocks(file: string): AsyncGenerator<Buffer> {
    const {where, files, names, maxRejects, mostRows = Infinity} = this.options;
    let isHeader = files.header;
    for await (const block of recordBlocks(file, files, names.length)) {
      // One more block than needed is read: a small file has no other, and all its rejects are counted.
      if (this.rejects.count > maxRejects && this.blocksTooMany++ > 0) {
        throw new TooManyRejects(where, this.rejects, maxRejects, {isPart: true});
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
    const {where, names, nameOf, mustBeUtf8 = false} = this.options;
    const {rejects} = this;
    if (fault === 'open quote') {
      throw new AutofisError(
        `${where}: ${nameOf(file)}, line ${line}: a quote opens there and is never closed, ` +
          'so the rows after it are lost. ' +
          'Correct the line, or give `quote: null` in the source if quotes have no meaning in this file.',
      );
    }
    if (fault === 'not UTF-8' && mustBeUtf8)
      throw new AutofisError(`${where}: ${nameOf(file)}, line ${line}, is not UTF-8. Save the file as UTF-8.`);
    rejects.count++;
    if (rejects.examples.length === MOST_EXAMPLES) return;
    rejects.examples.push({
      file: nameOf(file),
      line,
      ...(fault === 'too few columns' ? {column: names[columns]} : {}),
      value: bytes.subarray(0, SHOWN_BYTES).toString(),
      reason: REASONS[fault],
    });
  }
}
