import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import path from 'node:path';
import {prepare} from '../../data/prepare';
import {firstRejects, TooManyRejects} from '../../data/sources/rejects';
import {AutofisError} from '../../errors';
import type {Assumption} from '../../schema/inference/assumption';
import {fieldSpecs} from '../../schema/vocabulary';
import type {Invocation} from '../command';
import {flagOf, withFlags} from '../setting';
import {UsageError} from '../usage_error';
import {assumedInWords} from './assumed';
import type {dataPlan} from './data_plan';
import {RunFolder} from './run_folder';
import {writeWhole} from './sealed_file';
import {sourceKey} from './table_source';

export interface EncodeResult {
  /** Type of rule and number of ids of each field. */
  fields: Array<{name: string; type: string; size: number}>;
  parts: {[part: string]: {rows: number; positives: number}};
  /** Rows that were left out. */
  rejects: number;
  /** What was inferred of the table; empty where a schema and a split were given. */
  assumptions: Assumption[];
}

/** A table, and how its rows become ids and parts. */
export type EncodePlan = Awaited<ReturnType<typeof dataPlan>>;

const PARTS = ['train', 'valid', 'test'];
/** What helps where a part cannot be used. */
const CURE =
  'Give a --split-column that names the parts, --split-column none to draw them, or a --schema with another split.';
const TIME_CURE = 'Give a longer --period, another --time-column, or a --schema with another split.';

/** Encode the table of a plan into FOLDER/data. */
export async function encodeStep(
  {values, output}: Invocation,
  folder: RunFolder,
  {table, assumptions, schema, split}: EncodePlan,
): Promise<EncodeResult> {
  const plan = {schema, split};
  const content = JSON.stringify(plan, null, 1);
  const settings = {
    data: sourceKey(table),
    plan: createHash('sha256').update(content).digest('hex').slice(0, 12),
    maxRejects: values.maxRejects ?? 0,
  };
  if (values.resume === true && !existsSync(folder.path))
    output.note(`there is nothing to resume in ${folder.path}: this is a new run`);
  return folder.stage('encode', settings, async own => {
    if (assumptions.length > 0) output.note(assumedInWords(assumptions));
    const shards = folder.file('data');
    // Of a run that was stopped between its shards and its result.
    await rm(shards, {recursive: true, force: true});
    const {manifest, fitted, rejects} = await prepare({
      source: table.source,
      schema,
      split,
      folder: shards,
      maxRejects: settings.maxRejects,
      progress: !output.quiet,
    }).catch((error: Error) => {
      if (error instanceof TooManyRejects) throw error.as(table.name, flagOf('maxRejects'));
      throw error instanceof AutofisError ? new AutofisError(withFlags(error.message, 'prepare', [])) : error;
    });
    const {parts} = manifest;
    const unfit = PARTS.map(part => whyUnfit(part, parts[part])).find(why => why !== null);
    if (unfit !== undefined) {
      await rm(shards, {recursive: true, force: true});
      throw new UsageError(`${table.name}: ${unfit}. ${split.by === 'time' ? TIME_CURE : CURE}`);
    }
    for (const reject of firstRejects(rejects)) output.note(`left out: ${reject}`);
    await writeWhole(path.join(own, 'schema.json'), content);
    for (const few of PARTS.flatMap(part => fewIn(part, parts[part]))) output.note(few);
    const rows = PARTS.map(part => `${parts[part].rows} ${part}`).join(', ');
    output.note(`encoded ${rows} rows of ${fitted.fields.length} fields`);
    return {
      fields: fieldSpecs(fitted).map(({name, size}, i) => ({name, type: fitted.schema.fields[i].type, size})),
      assumptions,
      rejects: rejects.count,
      parts: Object.fromEntries(PARTS.map(part => [part, {rows: parts[part].rows, positives: parts[part].positives}])),
    };
  });
}

/** A part with fewer rows of a label than these has an AUC with a standard error of some hundredths. */
const FEW = 50;

/** What is said of a part that is too small to be relied on. */
function fewIn(part: string, {rows, positives}: {rows: number; positives: number}): string[] {
  const fewer = Math.min(positives, rows - positives);
  return fewer >= FEW
    ? []
    : [
        `warning: ${part} has only ${fewer} ${positives <= rows - positives ? 'positive' : 'negative'} rows, ` +
          'so its metrics are unreliable',
      ];
}

/** Why a part cannot be trained on or scored, or null. */
function whyUnfit(
  part: string,
  {rows, positives}: {rows: number; positives: number} = {rows: 0, positives: 0},
): string | null {
  if (rows === 0) return `there are no rows for ${part}`;
  if (positives > 0 && positives < rows) return null;
  return `all ${rows} rows for ${part} have the label ${positives === 0 ? 0 : 1}, so AUC is undefined`;
}
