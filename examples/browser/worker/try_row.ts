import * as tf from '@tensorflow/tfjs-core';
import {type Bundle, loadBundle} from 'tfjs-autofis/bundle';
import type {NamedFile, RowView} from '../protocol';
import {type Dataset, fieldsOf, valueNames} from './dataset';
import {mostFrequent, type PairRates} from './pair_rates';
import {modelParts} from 'tfjs-autofis';

/** Values of a field that a person can choose from. */
const MOST_VALUES = 500;

/** The chosen model, asked for one row: its probability, and what each interaction adds to the log-odds. */
export class TryRow {
  private readonly fields: RowView['fields'];
  private ids: number[];

  private constructor(
    private readonly bundle: Bundle,
    private readonly dataset: Dataset,
    rates: PairRates,
  ) {
    const names = valueNames(dataset.fitted);
    const fields = fieldsOf(dataset);
    const counts = fields.map((_, f) => rates.countsOf(f).rows);
    this.fields = fields.map(({name}, f) => ({
      name,
      values: mostFrequent(dataset, f, counts[f], MOST_VALUES).map(id => ({id, name: names[f][id]})),
    }));
    // A row begins with the most frequent value of each field.
    this.ids = counts.map(rows => rows.indexOf(rows.reduce((most, n) => Math.max(most, n), 0)));
  }

  /** @param files The bundle, as it was written. */
  static async of(files: readonly NamedFile[], dataset: Dataset, rates: PairRates): Promise<TryRow> {
    const bundle = await loadBundle({
      name: 'the page',
      read: async name => files.find(file => file.name === name)?.bytes ?? null,
    });
    return new TryRow(bundle, dataset, rates);
  }

  /** @param ids One for each field; null for the row as it is. */
  ask(ids: readonly number[] | null): RowView {
    if (ids !== null) this.ids = [...ids];
    const {bundle, fields} = this;
    const xs = tf.tensor2d(this.inColumns(), [1, this.dataset.width], 'int32');
    try {
      const {interactions, parts, base} = modelParts(bundle.model, xs);
      const logit = parts.reduce((sum, part) => sum + part, base[0]);
      return {
        fields,
        ids: this.ids,
        probability: 1 / (1 + Math.exp(-logit)),
        base: base[0],
        interactions: interactions.map((interaction, p) => ({fields: interaction, share: parts[p]})),
      };
    } finally {
      xs.dispose();
    }
  }

  dispose(): void {
    this.bundle.dispose();
  }

  /** A row as the model reads it; a field of several values has one of them. */
  private inColumns(): Int32Array {
    const row = new Int32Array(this.dataset.width).fill(-1);
    let at = 0;
    fieldsOf(this.dataset).forEach(({width = 1}, f) => {
      row[at] = this.ids[f];
      at += width;
    });
    return row;
  }
}
