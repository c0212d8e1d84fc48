import {readFile} from 'node:fs/promises';
import {inferSchema} from '../../data/infer_schema';
import {checkSplit, type Split} from '../../schema/split';
import {checkSchema} from '../../schema/check_schema';
import type {Schema} from '../../schema/schema';
import {AutofisError} from '../../errors';
import type {Values} from '../settings';
import {UsageError} from '../usage_error';

/** How rows become ids and parts. The file that `init` writes holds schema and split. */
export interface DataPlan {
  schema: Schema;
  split: Split;
  /** What was assumed, a sentence each. */
  notes: string[];
}

/** The plan of a file of --schema, or what the data suggests. */
export async function dataPlan(values: Values): Promise<DataPlan & {data: string}> {
  const {data, label, splitColumn, seed, schema: file} = values;
  if (data === undefined) throw new UsageError('Which table? Give its path, such as `tfjs-autofis run data.csv --label clicked`.');
  const given = file === undefined ? null : await readPlan(file);
  if (given?.schema.label !== undefined && label !== undefined && given.schema.label.column !== label) {
    throw new UsageError(`--label is ${label}, but the label of ${file} is ${given.schema.label.column}. Give one of the two.`);
  }
  if (given?.split !== undefined && splitColumn === undefined) return {data, schema: withLabel(given.schema, label, file!), split: given.split, notes: []};
  const inferred = await inferSchema({source: data, label: given?.schema.label?.column ?? label, splitColumn: splitColumn === 'none' ? null : splitColumn, seed, progress: values.quiet !== true}).catch((error: Error) => {
    // What the table has not is a mistake in the command line.
    throw error instanceof AutofisError ? new UsageError(error.message.replace('inferSchema: ', '').replace('`label`', '--label').replace('`splitColumn`', '--split-column')) : error;
  });
  if (given === null) return {data, ...inferred};
  return {data, schema: withLabel(given.schema, label, file!), split: inferred.split, notes: inferred.notes.filter(note => /parts the rows/.test(note))};
}

function withLabel(schema: Schema, label: string | undefined, file: string): Schema {
  if (schema.label !== undefined) return schema;
  if (label === undefined) throw new UsageError(`${file} has no label. Give --label, or put {"label": {"column": ...}} into the schema.`);
  return {...schema, label: {column: label}};
}

async function readPlan(file: string): Promise<{schema: Schema, split?: Split}> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--schema: ${file} ${error.code === 'ENOENT' ? 'does not exist' : `cannot be read: ${error.message}`}.`);
  });
  try {
    const json = JSON.parse(text) as {schema?: unknown, split?: Split};
    if (json.schema === undefined) return {schema: checkSchema(json)};
    return {schema: checkSchema(json.schema), ...(json.split === undefined ? {} : {split: checkSplit('--schema', json.split)})};
  } catch (error) {
    throw new UsageError(`--schema: ${file}: ${(error as Error).message}`);
  }
}
