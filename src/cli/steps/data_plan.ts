import {type InferOptions, type InferredSchema, inferSchema} from '../../data/infer_schema';
import type {Assumption} from '../../schema/inference/assumption';
import {parseComparison, positiveInWords} from '../../schema/label';
import {checkSplit, type Split, type TimeSplit} from '../../schema/split';
import {checkSchema} from '../../schema/check_schema';
import type {LabelRule, Schema} from '../../schema/schema';
import type {Invocation} from '../command';
import {flagOf, withFlags} from '../setting';
import type {SettingValues} from '../settings';
import {readNamed, UsageError} from '../usage_error';
import {readingProgress} from './progress';
import {type TableSource, tableSource} from './table_source';
import {existsSync} from 'node:fs';
import {writeAtomically} from './sealed_file';

/** Plan that turns rows into ids and parts. The file that `encode --write-schema` writes holds its schema and split. */
interface DataPlan {
  schema: Schema;
  split: Split;
  /** True where rows that equal an earlier one are left out; absent where they stay. */
  unique?: true;
  /** Choices that were inferred. */
  assumptions: Assumption[];
  /** With --split time the splits of all steps, oldest first; the last one is `split`. */
  rolling: TimeSplit[];
}

/** The flags that only inference obeys. */
const INFERRED = ['positiveLabel', 'as'] as const;

/** The flags that only --split time obeys. */
const TIMED = ['timeColumn', 'period', 'rolling'] as const;

/** The options of `inferSchema` that are flags. */
const INFER_OPTIONS = [...INFERRED, ...TIMED, 'label', 'weight', 'splitColumn', 'group', 'columns', 'separator'];

/** The plan of a file of --schema, or what the data suggests. */
export async function dataPlan({values, output}: Invocation): Promise<DataPlan & {table: TableSource}> {
  const {splitColumn, group, split, schema: file} = values;
  const table = tableSource(values);
  if (table === undefined)
    throw new UsageError(
      'the table is missing. Give its path, such as `tfjs-autofis run data.csv --label clicked`, or --sql.',
    );
  checkSplitFlags(values);
  const given = file === undefined ? null : await readPlan(file);
  if (given !== null) checkAgainst(given.schema, values);
  const shared = {table, ...(values.unique === true || given?.unique === true ? {unique: true as const} : {})};
  if (given?.split !== undefined && splitColumn === undefined && group === undefined && split === undefined)
    return {...shared, schema: withRoles(given.schema, values), split: given.split, assumptions: [], rolling: []};
  const {rolling = [], ...inferred} = await inferredPlan({values, output}, table, given?.schema);
  if (given === null) return {...shared, ...inferred, rolling};
  return {
    ...shared,
    schema: withRoles(given.schema, values),
    split: inferred.split,
    rolling,
    assumptions: inferred.assumptions.filter(({alternative}) =>
      OF_SPLIT.some(option => option === alternative?.option),
    ),
  };
}

/** Infer a schema and split from the data. Of a given schema only the label and weight are used. */
async function inferredPlan(
  {values, output}: Invocation,
  {source}: TableSource,
  given?: Schema,
): Promise<InferredSchema> {
  const {label, positiveLabel, weight, as, splitColumn, group, split, timeColumn, period, rolling, seed} = values;
  return inferSchema({
    source,
    label: given?.label ?? label,
    weight: given?.weight?.column ?? weight,
    as: as as InferOptions['as'],
    splitColumn: splitColumn === 'none' ? null : splitColumn,
    ...{positiveLabel, group, split, timeColumn, period, rolling, seed},
    progress: readingProgress(output),
  }).catch((error: Error) => {
    throw withFlags(error, INFER_OPTIONS, UsageError);
  });
}

/** Check that the flags of a split go together. */
function checkSplitFlags(values: SettingValues): void {
  const {split, splitColumn, group} = values;
  const timed = TIMED.find(key => values[key] !== undefined);
  if (split === undefined && timed !== undefined)
    throw new UsageError(`${flagOf(timed)} is for --split time. Give both, or leave it out.`);
  if (split !== undefined && splitColumn !== undefined)
    throw new UsageError('rows are split by --split time or by --split-column. Give one of them.');
  if (group !== undefined && (split !== undefined || splitColumn !== undefined))
    throw new UsageError(
      `rows are split by --group or by ${split === undefined ? '--split-column' : '--split time'}. Give one of them.`,
    );
}

/** Check that no flag contradicts the schema of --schema. */
function checkAgainst(schema: Schema, values: SettingValues): void {
  const {label, weight, schema: file} = values;
  const vain = INFERRED.find(key => values[key] !== undefined);
  if (vain !== undefined) throw new UsageError(`${flagOf(vain)} does not go with --schema. Write it into ${file}.`);
  if (schema.label !== undefined && label !== undefined && !isSameLabel(label, schema.label)) {
    const given = 'comparison' in schema.label ? positiveInWords(schema.label) : schema.label.column;
    throw new UsageError(`--label is ${label}, but the label of ${file} is ${given}. Give one of the two.`);
  }
  const schemaWeight = schema.weight?.column;
  if (schemaWeight !== undefined && weight !== undefined && weight !== schemaWeight) {
    throw new UsageError(`--weight is ${weight}, but the weight of ${file} is ${schemaWeight}. Give one of the two.`);
  }
}

/** Options that change how rows are split. */
const OF_SPLIT = ['splitColumn', 'timeColumn', 'period'] as const;

/** Tell whether the text of --label is the label of a schema: its column, or its comparison. */
function isSameLabel(text: string, rule: LabelRule): boolean {
  const comparison = parseComparison(text);
  return text === rule.column || (comparison !== undefined && positiveInWords(comparison) === positiveInWords(rule));
}

/** The schema of a file with the label and the weight of flags. */
function withRoles(schema: Schema, {label, weight, schema: file}: SettingValues): Schema {
  const roles = {
    ...(label === undefined ? {} : {label: parseComparison(label) ?? {column: label}}),
    ...(weight === undefined ? {} : {weight: {column: weight}}),
    ...schema,
  };
  if (roles.label === undefined)
    throw new UsageError(`${file} has no label. Give --label, or put {"label": {"column": ...}} into the schema.`);
  return roles;
}

async function readPlan(file: string): Promise<{schema: Schema; split?: Split; unique?: boolean}> {
  const text = await readNamed(file, '--schema: ');
  try {
    const json = JSON.parse(text) as {schema?: unknown; split?: Split; unique?: boolean};
    if (json.schema === undefined) return {schema: checkSchema(json)};
    return {
      schema: checkSchema(json.schema),
      ...(json.split === undefined ? {} : {split: checkSplit('--schema', json.split)}),
      ...(json.unique === undefined ? {} : {unique: json.unique}),
    };
  } catch (error) {
    throw new UsageError(`--schema: ${file}: ${(error as Error).message}`);
  }
}

/** Write the inferred schema and split of a table to a file for --schema. */
export async function writeSchema(file: string, run: Invocation) {
  if (existsSync(file)) throw new UsageError(`${file} exists already. Give another --write-schema, or remove it.`);
  const {schema, split, unique, assumptions} = await dataPlan(run);
  await writeAtomically(file, `${listsInLines(JSON.stringify({schema, split, unique}, null, 2))}\n`);
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
