import type * as tfl from '@tensorflow/tfjs-layers';
import {decideGates, type GroupEvidence} from '../decision/decide_gates';
import type {SelectedInteraction} from './selection';
import {type Column, DIRECTION_ROWS, GateProbe} from './gate_probe';
import {type Gate, layersBehind} from './gates';
import {type Question, questionsOf} from './questions';
import {type SampledRows, sampleRows} from './row_sample';
import type {RowsSeen} from './search_rows';
import {SingleFieldBase} from './single_field_base';

/** Evidence of held-out rows on one interaction of a searched model. */
export type HeldOutEvidence = GroupEvidence & Pick<SelectedInteraction, 'fields' | 'interaction' | 'gate'>;

/** Folds over the held-out rows, for the gates. */
const FOLDS = 4;
/** Values of products at most; held-out rows beyond are left out, down to some thousands. */
const MOST_PRODUCTS = 2 ** 22;
const LEAST_ROWS = 4_000;
/** Share of the gates' saving that closed interactions may give up. */
const SHARE = 0.005;

/** A question about an output of the model. */
interface Target extends Question {
  output: number;
  /** The gates that the output depends on. */
  read: ReadonlySet<Gate>;
  /** Logits of the held-out rows without interactions, once they are known. */
  base: Float32Array | null;
}

/**
 * Decides on a model's interactions by rows that it did not train on: gates on the products of those rows, less
 * their effects of single fields and in the direction in which the model uses them, with logistic regression on single
 * fields as base ({@link decideGates}).
 *
 * The question is the label where it is 0 or 1, whether it is above the median where it is a number, and each class
 * against the others where there are several. An interaction stays open where one question needs it.
 */
export class HeldOutDecision {
  private readonly held: SampledRows;
  private readonly targets: Target[];
  private readonly base: SingleFieldBase;
  private readonly probe: GateProbe;
  private readonly all: ReadonlyArray<Pick<HeldOutEvidence, 'fields' | 'interaction' | 'gate'>>;

  constructor(model: tfl.LayersModel, gates: readonly Gate[], seen: RowsSeen & {held: SampledRows}) {
    this.all = gates.flatMap(({layer, fieldNames}, gate) =>
      layer.interactions.map(interaction => ({fields: interaction.map(f => fieldNames[f]), interaction, gate})),
    );
    this.held = someRows(seen.held, Math.max(LEAST_ROWS, Math.floor(MOST_PRODUCTS / this.all.length)));
    this.probe = new GateProbe(model, gates, this.held);
    this.base = new SingleFieldBase(model, {...seen, held: this.held});
    this.targets = model.outputs.flatMap((output, o) => {
      const behind = layersBehind(output.sourceLayer);
      const read = new Set(gates.filter(({layer}) => behind.has(layer)));
      const width = output.shape[output.shape.length - 1] ?? 1;
      return read.size === 0
        ? []
        : questionsOf(seen.train.labels[o], this.held.labels[o], width).map((question): Target => ({
            ...question,
            output: o,
            read,
            base: null,
          }));
    });
  }

  /** Held-out rows that decide. */
  get rows(): number {
    return this.held.weights.length;
  }

  /** Questions that there are enough answers to. */
  get questions(): number {
    return this.targets.length;
  }

  /** True if products are compared with single fields, and not with the model without its gates. */
  get knowsFields(): boolean {
    return this.base.isKnown;
  }

  /** The evidence on each interaction of each gate, by the products that the model has now. */
  decide(): HeldOutEvidence[] {
    const none: GroupEvidence = {open: false, gain: 0, standardError: 0, stability: {kept: 0, samples: FOLDS}};
    const evidence = this.all.map(interaction => ({...interaction, ...none}));
    const open = this.probe.openInteractions();
    const columns = this.probe.columns(open).map(column => ({
      ...column,
      values: standardised(this.base.withoutFields(column.values)),
    }));
    const closed = this.probe.effectsOfClosing(open);
    for (const target of this.targets) {
      const read = columns.filter(({gate}) => target.read.has(gate));
      this.ask(target, read, closed).forEach((group, g) => {
        if (group.stability.kept > evidence[g].stability.kept || group.gain > evidence[g].gain)
          evidence[g] = {...evidence[g], ...group, open: group.open || evidence[g].open};
      });
    }
    return evidence;
  }

  private ask(target: Target, columns: readonly Column[], closed: ReadonlyMap<number, Float32Array[]>) {
    if (columns.length === 0) return [];
    target.base ??= this.base.isKnown ? this.base.logits(target.train) : this.probe.rest(target);
    const {rows} = this;
    const products = new Float32Array(rows * columns.length);
    columns.forEach(({group, values}, c) => {
      const sign = directionOf(values, closed.get(group)![target.output], target.column);
      for (let i = 0; i < rows; i++) products[i * columns.length + c] = sign * values[i];
    });
    return decideGates(
      {
        products,
        base: target.base,
        labels: target.held,
        weights: this.held.weights,
        folds: Int32Array.from(target.held, (_, i) => i % FOLDS),
      },
      {groups: columns.map(({group}) => group), share: SHARE},
    ).groups;
  }
}

/** The sign of an interaction in a column of an output, by how that changes without it. */
function directionOf(products: Float32Array, changes: Float32Array, column: number): number {
  const rows = Math.min(DIRECTION_ROWS, products.length);
  const width = changes.length / rows;
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += products[i] * changes[i * width + Math.min(column, width - 1)];
  return sum < 0 ? -1 : 1;
}

/** Values of mean 0 and variance 1; all 0 where they are alike. */
function standardised(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  return values.map(x => (variance > 0 ? (x - mean) / Math.sqrt(variance) : 0));
}

/** Some rows, evenly spaced. */
function someRows(rows: SampledRows, most: number): SampledRows {
  const count = rows.weights.length;
  if (count <= most) return rows;
  return sampleRows(
    rows,
    Array.from({length: most}, (_, i) => Math.floor((i * count) / most)),
  );
}
