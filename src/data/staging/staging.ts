import path from 'node:path';
import {checkInteger, checkThat} from '../../checks';
import {AutofisError} from '../../errors';
import type {Schema} from '../../schema/schema';
import {checkSplit, PARTS, type Split} from '../../schema/split';
import {neededColumns} from '../sql/columns';
import type {Engine, EngineOptions} from '../sql/duckdb';
import type {ProgressOption} from './progress';
import {firstRejects} from '../sources/rejects';
import {openRelation} from '../sources/open_relation';
import type {Source} from '../sources/source';
import {readError} from './read_error';
import type {SourceReading} from './staged';
import {type Staged, stageInFiles} from './staged_files';

/** Options of functions that stage a source. */
export interface ReadingOptions extends EngineOptions {
  source: Source;
  /** Part of each row; a schema is fitted on the rows for training. Default: all are for training. */
  split?: Split;
  /**
   * Leave out rows that equal an earlier one in the columns of all fields, label and weight; of those the split gives
   * to no part none counts as earlier. Default false.
   */
  unique?: boolean;
  /** Most rows that may be left out since they cannot be used. Default 0. */
  maxRejects?: number;
  progress?: ProgressOption;
}

export const READING_KEYS = ['source', 'split', 'unique', 'maxRejects', 'progress', 'memoryLimit', 'threads'];

export interface StageOptions extends Omit<SourceReading, 'engine' | 'relation' | 'maxRejects'> {
  source: Source;
  maxRejects?: number;
  /** Cure for a source that lacks a column of the schema. */
  cure?: string;
}

/**
 * Read a source, once, into files, so that text is parsed once instead of once for each field. Every row that cannot be
 * used is found here.
 */
export async function stage(engine: Engine, {source, maxRejects = 0, ...options}: StageOptions): Promise<Staged> {
  const {where, schema, split, folder, progress, cure = 'Correct the schema.'} = options;
  checkInteger(where, 'maxRejects', maxRejects, 0);
  if (split !== undefined) checkSplit(where, split);
  const needed = {columns: neededColumns(schema, split), cure};
  const relation = await openRelation(where, source, engine, folder, needed).catch(async (error: Error) => {
    throw await readError(where, error, source);
  });
  if (split?.by === 'file') checkFileNames(where, split, relation.files);
  const staged = await stageInFiles({...options, maxRejects, engine, relation});
  progress.rows(staged.count);
  if (staged.count === 0) {
    throw new AutofisError(
      `${where}: the source has no usable rows${split === undefined ? '' : ' in any part of the split'}. ` +
        [`${whatToCheck(schema)}.`, ...firstRejects(staged.rejects)].join('\n  '),
    );
  }
  return staged;
}

function whatToCheck({weight}: Schema): string {
  return weight === undefined
    ? 'Check its path, its format and the split'
    : `Check its path, its format, the split, and the weights in ${weight.column}: rows of weight 0 are left out`;
}

/** Check that each file of the split is one of the source. */
function checkFileNames(where: string, split: Split & {by: 'file'}, files: readonly string[]): void {
  if (files.length === 0) throw new AutofisError(`${where}: a split by file needs a source of files.`);
  const names = new Set(files.map(file => path.basename(file)));
  for (const part of PARTS) {
    const absent = split[part]?.find(name => !names.has(name));
    const rule = `list names of the source's files, which are ${[...names].slice(0, 20).join(', ')}`;
    checkThat(absent === undefined, where, `split.${part}`, rule, absent);
  }
}
