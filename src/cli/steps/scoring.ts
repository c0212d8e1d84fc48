import type {Bundle} from '../../bundle/bundle';
import {driftReport, type FieldDrift} from '../../schema/drift';
import type {FieldCounts} from '../../schema/row_encoder';
import type {Invocation} from '../command';
import {loadBundle} from '../../bundle/node/save_load';
import {bundleIn} from './export';
import {folderOf} from './run_folder';
import {isQueryKey, sourceKey, type TableSource} from './table_source';

/** A bundle, and a table whose rows it scores. */
export interface Scoring {
  bundle: Bundle;
  table: TableSource;
  /** The file that predictions go to, which must not be one of the table. */
  out?: string;
  /** The most reasons of a row; without it rows are not explained. */
  explain?: number;
  /** Where it trained on a file and the table is a query, or the other way round: what that does, and the cure. */
  otherTexts?: string;
  /** True if it is the table that the model was trained on. */
  isTrainingTable: boolean;
  note(line: string): void;
}

/** In fewer rows with a value, unseen ones may be chance. */
const LEAST_VALUES = 10;
/** A share of unseen values that has grown by this much says that the values are written otherwise, or new. */
const MUCH = 0.5;

/** The bundle of a run, for a table of the command line. */
export async function openScoring({values, output}: Invocation, table: TableSource): Promise<Scoring> {
  const folder = folderOf(values);
  const bundle = await loadBundle(bundleIn(folder));
  const source = (await folder.done('encode'))?.settings['data'];
  const otherTexts = source == null ? undefined : otherTextsOf(isQueryKey(String(source)), table);
  const {out, explain} = values;
  return {bundle, table, out, explain, otherTexts, isTrainingTable: source === sourceKey(table), note: output.note};
}

function otherTextsOf(trainedOnQuery: boolean, {source}: TableSource): string | undefined {
  const isQuery = typeof source === 'object' && 'sql' in source;
  if (trainedOnQuery === isQuery) return undefined;
  const types = 'DuckDB gives the columns of a query types, so that yes may become true, and 1.0 may become 1';
  return trainedOnQuery
    ? `The model was trained on rows of --sql, but these are those of a file: ${types}. Give the rows by --sql.`
    : `The model was trained on rows of a file, but these are those of --sql: ${types}. Give the file itself, or ` +
        "keep its text by read_csv('FILE', all_varchar = true).";
}

/** Missing and unseen values of each field, summed over batches of rows. */
export class SeenValues {
  private rows = 0;
  private counts: FieldCounts[] | undefined;

  add(rows: number, counts: readonly FieldCounts[]): void {
    this.rows += rows;
    this.counts = counts.map(({name, missing, unseen}, i) => ({
      name,
      missing: missing + (this.counts?.[i].missing ?? 0),
      unseen: unseen + (this.counts?.[i].unseen ?? 0),
    }));
  }

  /** A warning for each field most of whose values the model does not know though it knew those of its training. */
  warnings({bundle: {fitted}, otherTexts}: Scoring): string[] {
    if (this.rows === 0) return [];
    const fields = driftReport(fitted, this.rows, this.counts).fields.filter(
      ({training, now}) => (1 - now.missing) * this.rows >= LEAST_VALUES && unseenOf(now) - unseenOf(training) >= MUCH,
    );
    if (fields.length === 0) return [];
    const lines = fields.map(
      ({name, training, now}) =>
        `warning: the model does not know ${percent(unseenOf(now))} of the values of ${name} ` +
        `(in training ${percent(unseenOf(training))}), so its predictions are unreliable`,
    );
    return otherTexts === undefined ? lines : [...lines, otherTexts];
  }
}

/** The share of unseen values, of those that there are. */
function unseenOf({missing, unseen}: FieldDrift['now']): number {
  return missing === 1 ? 0 : unseen / (1 - missing);
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
