import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {textSql} from '../../data/columns';
import {checkBeside} from '../../data/compressed';
import {chunksOf, openEngine, textsOf, whole} from '../../data/duckdb';
import {firstRejects, type Rejects, textRejects} from '../../data/rejects';
import {openRelation} from '../../data/relation';
import {AutofisError} from '../../errors';
import type {Row} from '../../schema/row_encoder';
import type {FittedSchema} from '../../schema/vocabulary';
import {UsageError} from '../usage_error';

/** The rows of a table as text, those columns that the schema reads and its label, a few thousand at a time. */
export async function* rawRows(source: string, {schema}: FittedSchema, withLabel: boolean): AsyncGenerator<Row[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'autofis-'));
  const engine = await openEngine(folder), left = new AbortController();
  try {
    const relation = await openRelation('read', source, engine, folder);
    const separators = new Map(schema.fields.map(rule => [rule.column, rule.type === 'multiValued' ? rule.separator : undefined]));
    const needed = new Set([...separators.keys(), ...withLabel ? [schema.label!.column] : []]);
    const columns = relation.columns.filter(({name}) => needed.has(name));
    const absent = [...needed].filter(name => !columns.some(column => column.name === name));
    if (absent.length > 0) throw new UsageError(`${source} has no column ${absent.join(', ')}. It has ${relation.columns.map(({name}) => name).join(', ')}.`);
    const select = columns.map(({name, type}) => whole(textSql(name, type, separators.get(name))));
    const sound = checkBeside('read', relation.files, left.signal);
    try {
      for await (const chunk of chunksOf(engine.connection, `SELECT ${select.join(', ')} FROM ${relation.sql}`)) {
        const values = columns.map((_, c) => textsOf(chunk, c));
        yield Array.from({length: chunk.rowCount}, (_, r) => Object.fromEntries(columns.map(({name}, c) => [name, values[c][r]])));
      }
    } catch (error) {
      await sound;
      throw error;
    }
    await sound;
    if (relation.rejects) checkWhole(source, await textRejects('read', engine.connection, undefined));
  } finally {
    left.abort();
    engine.close();
    await rm(folder, {recursive: true, force: true});
  }
}

/** Throws if lines were left out: what is computed for each row would belong to other rows from there on. */
function checkWhole(source: string, rejects: Rejects): void {
  const {count} = rejects;
  if (count === 0) return;
  throw new AutofisError(`${source}: ${count} ${count === 1 ? 'row' : 'rows'} cannot be read.${
    firstRejects(rejects).map(reject => `\n  ${reject}`).join('')}\nCorrect the file: each row needs its place.`);
}
