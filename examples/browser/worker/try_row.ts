import * as tf from '@tensorflow/tfjs-core';
import {compareInteractions, type CrossLinear, type Interaction, modelProducts} from 'tfjs-autofis';
import {type Bundle, loadBundle} from 'tfjs-autofis/bundle';
import type {NamedFile, RowView} from '../protocol';
import {type Dataset, fieldsOf, valueNames} from './dataset';
import {mostFrequent, type PairRates} from './pair_rates';

/** Whether a model sums products; a GA2M has tables alone. */
const hasProducts = ({model}: Bundle) => model.layers.some(layer => layer.getClassName() === 'GatedInteraction');

/** Values of a field that a person can choose from. */
const MOST_VALUES = 500;

/** The chosen model, asked for one row: its probability, and what each interaction adds to the log-odds. */
export class TryRow {
  private readonly fields: RowView['fields'];
  private ids: number[];

  private constructor(
    private readonly bundle: Bundle,
    private readonly dataset: Dataset,
    /** The kept pairs, then the kept triples, each in canonical order, as the model has them. */
    private readonly kept: readonly Interaction[],
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
    const kept = (bundle.selection ?? []).map(({interaction}) => interaction);
    kept.sort((a, b) => a.length - b.length || compareInteractions(a, b));
    return new TryRow(bundle, dataset, kept, rates);
  }

  /** @param ids One for each field; null for the row as it is. */
  ask(ids: readonly number[] | null): RowView {
    if (ids !== null) this.ids = [...ids];
    const {bundle, fields, kept} = this;
    const xs = tf.tensor2d(this.inColumns(), [1, this.dataset.width], 'int32');
    try {
      const probability = tf.tidy(() => (bundle.model.predict(xs) as tf.Tensor).dataSync()[0]);
      const logit = Math.log(probability / (1 - probability));
      if (kept.length === 0) return {fields, ids: this.ids, probability, base: logit, interactions: []};
      const {products, base} = hasProducts(bundle) ? modelProducts(bundle.model, xs) : {products: [], base: [logit]};
      const crosses = this.crosses();
      return {
        fields,
        ids: this.ids,
        probability,
        base: base[0] - crosses.reduce((sum, share) => sum + share, 0),
        interactions: kept.map((own, k) => ({fields: own, share: (products[k] ?? 0) + (crosses[k] ?? 0)})),
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

  /** What remembered combinations of values add for each interaction. */
  private crosses(): number[] {
    const layer = this.bundle.model.layers.find(each => each.getClassName() === 'CrossLinear') as
      CrossLinear | undefined;
    if (layer === undefined) return [];
    const weights = layer.getWeights()[0].dataSync();
    const shares = layer.counts!.map(() => 0);
    const ends = layer.counts!.map((_, p) => layer.counts!.slice(0, p + 1).reduce((sum, n) => sum + n, 0));
    const {weights: found, scales} = layer.entries(this.inColumns());
    found.forEach((weight, i) => (shares[ends.findIndex(end => weight < end)] += scales[i] * weights[weight]));
    return shares;
  }
}
