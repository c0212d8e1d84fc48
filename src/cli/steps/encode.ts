import path from 'node:path';
import {createHash} from 'node:crypto';
import {existsSync, statSync} from 'node:fs';
import {readFile, rm} from 'node:fs/promises';
import {counted} from '../../counted';
import type {Prepared} from '../../data/make_shards';
import {prepare, type PrepareOptions} from '../../data/prepare';
import {firstRejects, TooManyRejects} from '../../data/sources/rejects';
import type {Assumption} from '../../schema/inference/assumption';
import {fieldSpecs} from '../../schema/vocabulary';
import type {Invocation} from '../command';
import {flagOf, withFlags} from '../setting';
import {UsageError} from '../usage_error';
import type {dataPlan} from './data_plan';
import {readingProgress} from './progress';
import {checkSame, DONE, RunFolder, type StageSettings} from './run_folder';
import {writeAtomically} from './sealed_file';
import {sourceKey, type TableSource} from './table_source';
import {PARTS, type Split} from '../../schema/split';

export interface EncodeResult {
  /** Type of rule and number of ids of each field. */
  fields: Array<{name: string; type: string; size: number}>;
  parts: {[part: string]: {rows: number; positives: number}};
  /** Rows that were left out since they cannot be used. */
  rejects: number;
  /** These and all others that are in no part. */
  leftOut: LeftOutRows[];
  /** Choices that were inferred from the table; empty where a schema and a split were given. */
  assumptions: Assumption[];
}

/** A table, and how its rows become ids and parts. */
export type EncodePlan = Awaited<ReturnType<typeof dataPlan>>;

/** File in the folder of the stage with the plan that encoded the table. */
const PLAN = 'schema.json';
/** Cures for a part that cannot be used, by how rows are split. */
const CURES: {readonly [by: string]: string} = {
  fraction:
    'Rows are drawn for the parts, and there are too few of them, or of the rarer label. Give more rows, another ' +
    '--seed, or a --split-column that names the parts.',
  group:
    'Groups are drawn for the parts, and there are too few of them. Give more rows, another --seed or another --group.',
  time: 'Give a longer --period, another --time-column, or a --schema with another split.',
  rolling: 'Give fewer steps of --rolling, a longer --period, or another --time-column.',
};
const CURE =
  'Give a --split-column that names the parts, --split-column none to draw them, or a --schema with another split.';

/**
 * Encode the table of a plan into FOLDER/data.
 *
 * @param onCount Gets the number of its rows, which may be an estimate, before they are encoded.
 */
export async function encodeStep(
  {values, output}: Invocation,
  folder: RunFolder,
  {table, assumptions, schema, split, unique}: EncodePlan,
  onCount?: (rows: number) => void,
): Promise<EncodeResult> {
  const plan = {schema, split, ...(unique === undefined ? {} : {unique})};
  const content = JSON.stringify(plan, null, 1);
  const settings = {
    data: sourceKey(table),
    plan: createHash('sha256').update(content).digest('hex').slice(0, 12),
    maxRejects: values.maxRejects ?? 0,
  };
  if (values.resume === true && !existsSync(folder.path))
    output.note(`there is nothing to resume in ${folder.path}: this is a new run`);
  if (values.resume === true) {
    await checkSamePlan(folder, settings, plan);
    if (isNewer(table, folder.file('encode', DONE)))
      output.note(
        `warning: ${table.name} has changed since it was encoded, and its old rows are used. ` +
          `For the new ones give another --folder, or remove ${folder.path}.`,
      );
  }
  return folder.stage('encode', settings, async stageFolder => {
    const {maxRejects} = settings;
    const by = split.by === 'time' && values.rolling !== undefined ? 'rolling' : split.by;
    const shared = {...plan, maxRejects, progress: readingProgress(output, onCount), cure: CURES[by] ?? CURE};
    const prepared = await encoded(folder.file('data'), table, shared);
    const {manifest, fitted, rejects} = prepared;
    const {parts} = manifest;
    const leftOut = leftOutRows(prepared, split);
    for (const reject of firstRejects(rejects)) output.note(`left out: ${reject}`);
    await writeAtomically(path.join(stageFolder, PLAN), content);
    return {
      fields: fieldSpecs(fitted).map(({name, size}, i) => ({name, type: fitted.schema.fields[i].type, size})),
      assumptions,
      rejects: rejects.count,
      leftOut,
      parts: Object.fromEntries(PARTS.map(part => [part, {rows: parts[part].rows, positives: parts[part].positives}])),
    };
  });
}

/** Tell whether a table in one file was written after another file. False unless both exist. */
function isNewer({name}: TableSource, than: string): boolean {
  const [table, other] = [name, than].map(file => statSync(file, {throwIfNoEntry: false})?.mtimeMs);
  return table !== undefined && other !== undefined && table > other;
}

/** The rows of a table in a folder of shards, in parts that can be used. */
async function encoded(
  shards: string,
  {source, name}: TableSource,
  {cure, ...options}: Pick<PrepareOptions, 'schema' | 'split' | 'unique' | 'maxRejects' | 'progress'> & {cure: string},
): Promise<Prepared> {
  // Of a run that was stopped between its shards and its result.
  await rm(shards, {recursive: true, force: true});
  const prepared = await prepare({...options, source, folder: shards}).catch((error: Error) => {
    if (error instanceof TooManyRejects) throw error.as(name, flagOf('maxRejects'));
    throw withFlags(error);
  });
  const {parts} = prepared.manifest;
  const unfit = PARTS.map(part => whyUnfit(nameOf(part, options.split), parts[part])).find(why => why !== null);
  if (unfit === undefined) return prepared;
  await rm(shards, {recursive: true, force: true});
  throw new UsageError(`${name}: ${unfit}. ${cure}`);
}

/** Check that the same table is encoded by the plan that it was encoded by; an error names what differs. */
async function checkSamePlan(folder: RunFolder, current: StageSettings, plan: object): Promise<void> {
  const saved = (await folder.done('encode'))?.settings;
  if (saved === undefined || saved['data'] !== current['data'] || saved['plan'] === current['plan']) return;
  const before = JSON.parse(await readFile(folder.file('encode', PLAN), 'utf8')) as object;
  checkSame(folder.file('encode'), leavesOf(before), leavesOf(plan));
}

/** The values of a JSON object by their paths, such as `split.seed`. */
function leavesOf(value: object, path = ''): StageSettings {
  const entries = Object.entries(value).flatMap(([key, child]: [string, unknown]): Array<[string, unknown]> =>
    child !== null && typeof child === 'object'
      ? Object.entries(leavesOf(child, `${path}${key}.`))
      : [[`${path}${key}`, child]],
  );
  return Object.fromEntries(entries) as StageSettings;
}

/** A part, with the time from which on rows are for it. */
function nameOf(part: string, split: PrepareOptions['split']): string {
  const from = split?.by === 'time' ? {valid: split.validFrom, test: split.testFrom}[part] : undefined;
  return from === undefined ? part : `${part} (from ${from})`;
}

/** A part with fewer rows of a label than these has an AUC with a standard error of some hundredths. */
const FEW = 50;

/** Warn of parts that are too small to be relied on. */
export function fewInWords({parts}: Pick<EncodeResult, 'parts'>): string[] {
  return Object.entries(parts).flatMap(([part, {rows, positives}]) => {
    const fewer = Math.min(positives, rows - positives);
    const label = positives <= rows - positives ? 'positive' : 'negative';
    return fewer >= FEW
      ? []
      : [`warning: ${part} has only ${counted(fewer, `${label} row`)}, so its metrics are unreliable`];
  });
}

/** Why a part, by its name in messages, cannot be trained on or scored, or null. */
function whyUnfit(
  part: string,
  {rows, positives}: {rows: number; positives: number} = {rows: 0, positives: 0},
): string | null {
  if (rows === 0) return `there are no rows for ${part}`;
  if (positives > 0 && positives < rows) return null;
  const label = `the label ${positives === 0 ? 0 : 1}, so AUC is undefined`;
  return rows === 1 ? `the only row for ${part} has ${label}` : `all ${rows} rows for ${part} have ${label}`;
}

/** Rows of a table that are in no part. */
interface LeftOutRows {
  rows: number;
  /** Which ones, after "3 rows". */
  which: string;
}

/** Most values that a split's rows are named by. */
const MOST_VALUES = 5;

/** The rows that `prepare` left out, by the reason for it. */
function leftOutRows({rejects, leftOut}: Pick<Prepared, 'rejects' | 'leftOut'>, split: Split): LeftOutRows[] {
  return [
    {rows: leftOut.withoutPart, which: withoutPart(split)},
    {rows: leftOut.repeated, which: 'that equal an earlier one'},
    {rows: leftOut.weightless, which: 'of weight 0'},
    {rows: rejects.count, which: 'that cannot be used'},
  ].filter(({rows}) => rows > 0);
}

function withoutPart(split: Split): string {
  if (split.by === 'time') {
    const {column, until} = split;
    return until === undefined ? `without a ${column}` : `whose ${column} is missing, or ${until} or later`;
  }
  if (split.by === 'group') return `without a ${split.column}`;
  if (split.by !== 'column' && split.by !== 'file') return 'without a part';
  const values = PARTS.flatMap(part => split[part] ?? []);
  const some = values.length > MOST_VALUES ? [...values.slice(0, MOST_VALUES), 'another part'] : values;
  const names = new Intl.ListFormat('en-GB', {type: 'disjunction'}).format(some.map(String));
  return `whose ${split.by === 'column' ? split.column : 'file'} is not ${names}`;
}
