import {type Bundle, loadBundle} from 'tfjs-autofis/bundle';
import type {EffectView, NamedFile, RowView} from '../protocol';
import {type Dataset, fieldsOf} from './dataset';
import {type InteractionShares, interactionShares} from './interaction_shares';
import {ValueCounts} from './value_counts';
import {LogitShares} from '../../../src/bundle/logit_shares';
import {digitsOf} from '../../../src/mixed_radix';

/** Values of a field in the map of an effect, and those that a person can choose from. */
const [MOST_SHOWN, MOST_VALUES] = [10, 500];

/** The chosen model, asked for values: what a field or an interaction adds to the log-odds, and what a row gets. */
export class ChosenModel {
  private readonly counts: ValueCounts;
  private readonly explained: LogitShares;
  /** The row that is tried, an id for each field. */
  private ids: number[];

  private constructor(
    private readonly bundle: Bundle,
    private readonly dataset: Dataset,
    strongest: readonly number[],
  ) {
    this.counts = new ValueCounts(dataset);
    const fields = fieldsOf(dataset).map(({name}) => name);
    this.explained = new LogitShares('ChosenModel', bundle.model, fields);
    const frequent = strongest.map(f => this.counts.mostFrequent(f, MOST_SHOWN));
    const positions = this.commonest(strongest, frequent);
    this.ids = this.counts.typicalRow(new Map(strongest.map((f, k) => [f, frequent[k][positions[k]]])));
  }

  /**
   * @param files The bundle, as it was written.
   * @param strongest The fields whose most common values the row to begin with has.
   */
  static async of(files: readonly NamedFile[], dataset: Dataset, strongest: readonly number[]): Promise<ChosenModel> {
    const bundle = await loadBundle({
      name: 'the page',
      read: async name => files.find(file => file.name === name)?.bytes ?? null,
    });
    return new ChosenModel(bundle, dataset, strongest);
  }

  /**
   * What a field or an interaction adds to the log-odds, by values. The effect of a single field is that beyond its
   * mean over the rows of the shown values.
   *
   * @param at Positions of the values of a third and a fourth field, among their most frequent ones;
   *   empty for those that occur together most often.
   */
  async effect(fields: readonly number[], at: readonly number[]): Promise<EffectView> {
    const all = fields.map(f => this.counts.mostFrequent(f, MOST_SHOWN));
    const isGiven = all.slice(2).every(({length}, k) => at[k] < length);
    const positions = isGiven ? at : this.commonest(fields.slice(2), all.slice(2));
    const shown = all.map((ids, k) => (k < 2 ? ids : [ids[positions[k - 2]]]));
    const cells = shown.reduce<number[][]>((rows, ids) => rows.flatMap(row => ids.map(id => [...row, id])), [[]]);
    const rows = cells.map(cell => this.ids.map((id, f) => (fields.includes(f) ? cell[fields.indexOf(f)] : id)));
    const joint = this.counts.joint(fields, shown);
    const {interactions, parts, base} = await this.partsOf(rows);
    const place = interactions.findIndex(each => `${each}` === `${fields}`);
    const effect =
      fields.length === 1
        ? beyondMean(base, joint.rows)
        : base.map((_, cell) => (place < 0 ? 0 : parts[cell * interactions.length + place]));
    const named = all.map((ids, k) => ids.map(id => this.counts.names[fields[k]][id]));
    return {
      fields: [...fields],
      values: named.slice(0, 2),
      others: named.slice(2).map((values, k) => ({values, at: positions[k]})),
      isCut: fields.some((f, k) => this.counts.rowsOf(f).filter(n => n > 0).length > all[k].length),
      isOpen: fields.length === 1 || place >= 0,
      effect,
      ...joint,
    };
  }

  /** Positions of the ids that occur together in the most rows, one for each field. */
  private commonest(fields: readonly number[], ids: readonly number[][]): number[] {
    const {rows} = this.counts.joint(fields, ids);
    const cell = rows.indexOf(rows.reduce((most, n) => Math.max(most, n), 0));
    return digitsOf(
      cell,
      ids.map(({length}) => length),
    );
  }

  /** @param ids One for each field, that training rows have; else the row stays as it is. */
  async row(ids: readonly number[] | null): Promise<RowView> {
    if (ids?.length === this.ids.length && ids.every((id, f) => this.counts.rowsOf(f)[id] > 0)) this.ids = [...ids];
    const asked = this.ids;
    const {interactions, parts, base} = await this.partsOf([asked]);
    const logit = parts.reduce((sum, part) => sum + part, base[0]);
    return {
      fields: fieldsOf(this.dataset).map(({name}, f) => ({
        name,
        values: [...new Set([...this.counts.mostFrequent(f, MOST_VALUES), asked[f]])].map(id => ({
          id,
          name: this.counts.names[f][id],
        })),
      })),
      ids: asked,
      probability: 1 / (1 + Math.exp(-logit)),
      base: base[0],
      interactions: interactions.map((interaction, p) => ({fields: interaction, share: parts[p]})),
    };
  }

  dispose(): void {
    this.bundle.dispose();
  }

  private partsOf(rows: ReadonlyArray<readonly number[]>): Promise<InteractionShares> {
    const {width} = this.dataset;
    const ids = new Int32Array(rows.length * width).fill(-1);
    // A field of several values has one of them.
    rows.forEach((row, r) => {
      let column = r * width;
      fieldsOf(this.dataset).forEach((field, f) => {
        ids[column] = row[f];
        column += field.width ?? 1;
      });
    });
    return interactionShares(this.explained, ids);
  }
}

function beyondMean(values: Float32Array, rows: Int32Array): Float32Array {
  const total = rows.reduce((sum, n) => sum + n, 0);
  const mean = values.reduce((sum, value, k) => sum + value * rows[k], 0) / Math.max(1, total);
  return values.map(value => value - mean);
}
