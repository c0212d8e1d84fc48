import {mkdir, open, rename, rm} from 'node:fs/promises';
import path from 'node:path';
import type {Bundle} from '../../bundle/bundle';
import {AutofisError} from '../../errors';
import {issueText, Row} from '../../schema/row_encoder';
import {rawRows} from './raw_rows';
import type {TableSource} from './table_source';

/**
 * Probabilities for the rows of a table, as they come. A value that does not fit is an error with the row's number,
 * from 1.
 */
export async function* predictions(
  bundle: Bundle,
  table: TableSource,
  withLabel = false,
): AsyncGenerator<{rows: Row[]; probabilities: Float32Array}> {
  let before = 0;
  for await (const rows of rawRows(table, bundle.fitted, withLabel)) {
    const {ids, issues} = bundle.encoder.encode(rows);
    if (issues.length > 0)
      throw new AutofisError(`${table.name}: ${issueText({...issues[0], row: before + issues[0].row + 1})}.`);
    yield {rows, probabilities: await bundle.predictIds(ids)};
    before += rows.length;
  }
}

/**
 * Write a table's predictions as CSV, a line for each row; returns how many. Nothing is written where the first rows
 * do not fit.
 */
export async function predictFile(
  bundle: Bundle,
  table: TableSource,
  write: (text: string) => Promise<unknown> | unknown,
): Promise<number> {
  let head = 'probability\n';
  let count = 0;
  for await (const {probabilities} of predictions(bundle, table)) {
    await write(head + Array.from(probabilities, p => `${p}\n`).join(''));
    head = '';
    count += probabilities.length;
  }
  if (head !== '') await write(head);
  return count;
}

/** The same into a file, which is there as a whole or not at all. */
export async function predictInto(bundle: Bundle, table: TableSource, file: string): Promise<number> {
  const partial = `${file}.partial`;
  await mkdir(path.dirname(file), {recursive: true});
  const handle = await open(partial, 'w');
  try {
    const count = await predictFile(bundle, table, text => handle.appendFile(text)).finally(() => handle.close());
    await rename(partial, file);
    return count;
  } catch (error) {
    await rm(partial);
    throw error;
  }
}
