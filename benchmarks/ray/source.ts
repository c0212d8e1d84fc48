import {rmSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {DuckDBInstance} from '@duckdb/node-api';
import {criteo} from 'tfjs-autofis/data';
import type {CriteoRows} from '../data/criteo_rows';
import {providePython, rayPackages} from '../environment';
import {type FileSource, literal} from '../internals';

/** Writes the next rows as Parquet, in row groups of a block each; returns their schema and split. */
export async function writeParquet(file: string, from: CriteoRows, rows: number, rowsOfBlock: number) {
  const text = `${file}.tsv`;
  await from.write(text, rows);
  const {source, schema, split} = await criteo({files: text});
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const names = (source as FileSource).columns!.map(literal).join(', ');
  const read = `read_csv(${literal(text)}, delim = '\t', header = false, names = [${names}], sample_size = 20000)`;
  await connection.run(
    `COPY (SELECT * FROM ${read}) TO ${literal(file)} (FORMAT parquet, ROW_GROUP_SIZE ${rowsOfBlock})`,
  );
  connection.closeSync();
  instance.closeSync();
  rmSync(text);
  return {schema, split};
}

/** The Python that has Ray, which is installed on the first call. */
export async function rayPython(): Promise<string> {
  const {python, problem} = await providePython(rayPackages, line => console.log(line));
  if (problem !== null) throw new Error(`Ray cannot be installed: ${problem}`);
  return python;
}

/** The environment of a Python process that prepares by Ray, whose workers else wait for all other work. */
export function rayEnv(): NodeJS.ProcessEnv {
  const own = {RAY_worker_niceness: '0', PYTHONPATH: path.resolve('python'), PYTHONDONTWRITEBYTECODE: '1'};
  return {...process.env, ...own};
}
