import {existsSync} from 'node:fs';
import type {Invocation} from '../command';
import {UsageError} from '../usage_error';
import {type DataPlan, dataPlan} from './data_plan';
import {writeWhole} from './sealed_file';

/** A schema and a split, and the file that they were written to. */
export interface WrittenSchema extends Pick<DataPlan, 'schema' | 'split' | 'unique' | 'assumptions'> {
  written: string;
}

/** Write the inferred schema and split of a table to a file for --schema. */
export async function writeSchema(file: string, run: Invocation): Promise<WrittenSchema> {
  if (existsSync(file)) throw new UsageError(`${file} exists already. Give another --write-schema, or remove it.`);
  const {schema, split, unique, assumptions} = await dataPlan(run);
  await writeWhole(file, `${listsInLines(JSON.stringify({schema, split, unique}, null, 2))}\n`);
  return {written: file, schema, split, unique, assumptions};
}

/** Indented JSON with each list of texts in one line: people read it, and each number lists its missing values. */
function listsInLines(json: string): string {
  const text = '"(?:[^"\\\\]|\\\\.)*"';
  return json.replace(
    new RegExp(`\\[\\n\\s+(${text}(?:,\\s+${text})*)\\s+\\]`, 'g'),
    (_, items: string) => `[${items.replace(/,\n\s+/g, ', ')}]`,
  );
}
