import {existsSync} from 'node:fs';
import type {FieldSpec} from '../../../layers/field_layout';
import {openShards} from '../../data/shards/open_shards';
import {seededRandom} from '../../random';
import type {Selection} from '../../stages/selection';
import {checkHidden, Plan, planOf} from '../steps/plan';
import type {RunFolder} from '../steps/run_folder';
import type {SearchResult} from '../steps/search';
import type {SelectResult} from '../steps/select';
import type {SettingValues} from '../settings';
import {UsageError} from '../usage_error';

/** The model that is measured, and rows for it. */
export interface BenchShape {
  /** Where it comes from, for people. */
  what: string;
  fields: readonly FieldSpec[];
  plan: Plan;
  /** The interactions of the slim model; null for a random half. */
  selection: Selection | null;
  /** `count` rows of ids, one after another, and labels. */
  rows(count: number): Promise<{ids: Int32Array; labels: Float32Array}>;
}

/** Rows of a training that is thought of where there is none: enough for large batches. */
const MANY = 1_000_000;

/** The shape that flags give, or that of a run: its fields, its model and its training rows. */
export async function shapeOf(values: SettingValues, folder: RunFolder): Promise<BenchShape> {
  if (values.fields !== undefined) return generated(values, values.fields);
  if (values.size !== undefined)
    throw new UsageError('--size is for --fields, without which the model of a run is measured. Give both or neither.');
  const data = folder.file('data');
  if (!existsSync(data)) {
    throw new UsageError(
      `${folder.path} has no encoded rows. Give the --folder of a run, or the shape of a model, such as --fields 39 ` +
        '--size 25000.',
    );
  }
  const shards = await openShards(data, {part: 'train'});
  const found = await foundModel(folder, shards.rows);
  const {plan} = found;
  checkHidden({model: plan.model, ...values});
  const kept = found.selection.filter(({order}) => plan.order === 'both' || plan.order === String(order));
  return {
    what: `the run in ${folder.path}`,
    fields: shards.fields,
    // The model that is measured has products of pairs where the chosen one has tables of triples, too.
    selection: kept.length > 0 && sameModel(values, plan) ? kept : null,
    plan: planOf({...plan, ...values}, shards.rows),
    rows: async rows => {
      const ids = new Int32Array(rows * shards.columns);
      const labels = new Float32Array(rows);
      for (let at = 0; at < rows;) {
        for await (const batch of shards.batches({batchSize: 10_000, seed: 1})) {
          const taken = Math.min(batch.rows, rows - at);
          ids.set(batch.ids.subarray(0, taken * shards.columns), at * shards.columns);
          labels.set(batch.labels.subarray(0, taken), at);
          at += taken;
          if (at === rows) break;
        }
      }
      return {ids, labels};
    },
  };
}

/** The shape that flags give. */
function generated(values: SettingValues, count: number): BenchShape {
  checkHidden(values);
  const {size = 1000} = values;
  const fields = Array.from({length: count}, (_, i) => ({name: `field ${i + 1}`, size}));
  return {
    what: `${count} fields of ${size.toLocaleString('en-US')} values`,
    fields,
    plan: planOf(values, MANY),
    selection: null,
    rows: async rows => randomRows(fields, rows),
  };
}

/** The model and the interactions of a run; none where it has not got this far. */
async function foundModel(folder: RunFolder, rows: number): Promise<Pick<SearchResult, 'plan' | 'selection'>> {
  const selected = await folder.resultIfDone<SelectResult>('select');
  if (selected !== null) return {plan: planOf({}, rows), selection: selected.selection};
  return (await folder.resultIfDone<SearchResult>('search')) ?? {plan: planOf({}, rows), selection: []};
}

/** Tell whether the flags leave the run's interactions as they are. */
function sameModel(values: SettingValues, plan: Plan): boolean {
  return (['model', 'order'] as const).every(key => values[key] === undefined || values[key] === plan[key]);
}

/** The value of rank r of a field has a probability of about 1 / r, as in logs; labels are random. */
function randomRows(fields: readonly FieldSpec[], count: number): {ids: Int32Array; labels: Float32Array} {
  const random = seededRandom(1);
  const m = fields.length;
  const ids = Int32Array.from({length: count * m}, (_, i) => {
    const {size} = fields[i % m];
    return Math.min(size, Math.floor((size + 1) ** random())) - 1;
  });
  return {ids, labels: Float32Array.from({length: count}, () => (random() < 0.25 ? 1 : 0))};
}
