import path from 'node:path';
import {type StagingPlan, stagingPlan} from '../sql/staging_plan';
import {checkBeside} from '../sources/compressed';
import {identifier, literal} from '../../sql_literals';
import {readRows} from '../sql/results';
import type {Rejects} from '../sources/rejects';
import {FILE, type Relation} from '../sources/relation';
import {mayLoseRows, soundRelation} from '../sources/sound_relation';
import {type SourceReading} from './staged';
import {isDiskFull, readError} from './read_error';

/** The rows of a source in Parquet files. */
export interface RowsInFiles {
  /** Relation that was read: the source, or the sound rows of its text. */
  relation: Relation;
  plan: StagingPlan;
  /** Rows of text that cannot be read. */
  rejects: Rejects;
  files: string[];
  /** Number of the first row of each file. */
  starts: number[];
}

/**
 * Read the rows of a source. Text that DuckDB cannot read, or might read wrongly, is read from a copy of its sound
 * rows.
 */
export async function rowsInFiles(reading: SourceReading): Promise<RowsInFiles> {
  const {where, relation, folder, maxRejects, progress} = reading;
  await progress.expect(relation.expectedRows);
  if (relation.text?.columns.isRegular !== false) {
    const sound = checkBeside(where, relation.files);
    const isLossy = mayLoseRows(relation);
    try {
      const read = await copyRows(reading, relation);
      await sound;
      if (!(await isLossy)) return {...read, rejects: {count: 0, examples: []}};
    } catch (error) {
      await sound;
      if (relation.text === undefined || isDiskFull(error as Error))
        throw await readError(where, error as Error, relation.files);
    }
  }
  const copy = await soundRelation(where, relation, {folder, maxRejects});
  const read = await copyRows(reading, copy.relation).catch(async (error: Error) => {
    throw await readError(where, error, relation.files);
  });
  return {...read, rejects: copy.rejects};
}

async function copyRows(
  {engine, schema, split, folder, progress}: SourceReading,
  relation: Relation,
): Promise<Omit<RowsInFiles, 'rejects'>> {
  const plan = stagingPlan(schema, split, relation.columns, fileName(relation));
  const columns = stagedColumns(plan);
  const files = relation.pieces.map((_, i) => path.join(folder, `rows-${i}.parquet`));
  const starts: number[] = [];
  let rows = 0;
  await progress.during(
    'reading',
    engine.connection,
    relation.pieces.map(({sql, share}, i) => ({
      share,
      run: async () => {
        starts.push(rows);
        const copy = `COPY (SELECT ${columns} FROM ${plan.from(sql)}) TO ${literal(files[i])} (FORMAT parquet)`;
        const [[copied]] = await readRows<number[]>(engine.connection, copy);
        rows += copied;
      },
    })),
  );
  return {relation, plan, files, starts};
}

/** The columns of the plan as SQL, and `bad`: 0, or the number of the first check that the row does not pass. */
function stagedColumns({select, checks}: StagingPlan): string {
  const bad =
    checks.length === 0
      ? '0'
      : `CASE ${checks.map((check, i) => `WHEN ${check.bad} THEN ${i + 1}`).join(' ')} ELSE 0 END`;
  return [...Object.entries(select).map(([name, sql]) => `${sql} AS ${name}`), `(${bad})::USMALLINT AS bad`].join(', ');
}

/** The name of a row's file, as the user calls it, in SQL. */
function fileName({originals}: Relation): string {
  if (originals.size === 0) return `parse_filename(${identifier(FILE)}, false, 'system')`;
  const names = [...originals].map(([stand, file]) => `WHEN ${literal(stand)} THEN ${literal(path.basename(file))}`);
  return `CASE ${identifier(FILE)} ${names.join(' ')} END`;
}
