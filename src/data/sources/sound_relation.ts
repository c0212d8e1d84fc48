import {LONGEST_ROW} from './record_scanner';
import type {Rejects} from './rejects';
import {type Relation} from './relation';
import {BUFFER, textRelation} from './text_relation';
import {copySoundRows, type SoundCopyOptions} from './sound_copy';
import {hasLoneReturn} from './text_rows';

/** Bytes of the buffer where rows are long, in place of BUFFER. */
const LARGE_BUFFER = 4 * LONGEST_ROW;

/** The rows of text that can be read, and the others. */
export interface SoundRelation {
  relation: Relation;
  /** Number of rows that can be read. */
  rows: number;
  rejects: Rejects;
}

/**
 * Copy the sound rows of text, which DuckDB may not be able to read otherwise, to a temporary folder.
 * @throws AutofisError if there are more than `maxRejects` other rows, a quote has no end, or a row is not UTF-8 where
 *     `mustBeUtf8`.
 */
export async function soundRelation(
  where: string,
  relation: Relation,
  options: Pick<SoundCopyOptions, 'folder' | 'maxRejects' | 'mostRows' | 'mustBeUtf8'>,
): Promise<SoundRelation> {
  const {files, columns} = relation.text!;
  const nameOf = (file: string) => relation.originals.get(file) ?? file;
  const copy = await copySoundRows({...options, where, files, names: columns.names, nameOf});
  const buffer = copy.longest > BUFFER / 4 ? LARGE_BUFFER : BUFFER;
  const found = textRelation(
    {...files, files: copy.files, header: false},
    {...columns, lineEnds: [], isRegular: true},
    buffer,
  );
  return {
    relation: {...relation, ...found, originals: new Map(copy.files.map((file, i) => [file, nameOf(files.files[i])]))},
    rows: copy.rows,
    rejects: copy.rejects,
  };
}

/** Tell whether DuckDB may silently lose rows: lines end in \r\n, and somewhere there is a lone \r. */
export async function mayLoseRows({text}: Relation): Promise<boolean> {
  if (text === undefined) return false;
  const files = text.files.files.filter((_, i) => text.columns.lineEnds[i] === '\r\n');
  // The reader of the rows reports a file that cannot be read.
  const found = await Promise.all(files.map(file => hasLoneReturn(file).catch(() => false)));
  return found.includes(true);
}
