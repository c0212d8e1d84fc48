import {existsSync, readdirSync} from 'node:fs';

const TABLE = /\.csv(\.gz)?$/i;

/**
 * The CSV files of a folder, by name.
 *
 * @param only Names of those that are wanted; without it all.
 */
export function tablesOf(folder: string | undefined, only?: readonly string[]): string[] {
  if (folder === undefined)
    throw new Error('--folder is missing: the folder of the tables, CSV files with a column of parts each.');
  if (!existsSync(folder)) throw new Error(`--folder: ${folder} does not exist. Give the folder of the tables.`);
  const names = readdirSync(folder)
    .filter(name => TABLE.test(name))
    .sort();
  if (names.length === 0)
    throw new Error(
      `--folder: ${folder} holds no table. Put CSV files into it (.csv or .csv.gz), each with a label and a column of parts.`,
    );
  const unknown = only?.find(name => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`--data: ${folder} holds no ${unknown}. Its tables are ${names.join(', ')}.`);
  return names.filter(name => only?.includes(name) ?? true);
}
