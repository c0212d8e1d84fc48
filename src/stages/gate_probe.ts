import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {Gate} from './gates';
import {columnValues} from '../row_major';
import type {SampledRows} from './row_sample';

/** Rows that show in which direction an output moves with a product. */
export const DIRECTION_ROWS = 500;
/** Rows of a prediction at once. */
const BATCH = 2_000;

/** Products of one interaction on the held-out rows, as the model computes them. */
export interface Column {
  gate: Gate;
  /** Position among all interactions of the model. */
  group: number;
  values: Float32Array;
}

/** An open interaction of a gate. */
export interface OpenInteraction {
  gate: Gate;
  /** Position in its layer, and among all interactions of the model. */
  position: number;
  group: number;
}

/** Products and logits of a model with gates on some rows; the model is not changed. */
export class GateProbe {
  constructor(
    private readonly model: tfl.LayersModel,
    private readonly gates: readonly Gate[],
    private readonly data: SampledRows,
  ) {}

  private get rows(): number {
    return this.data.weights.length;
  }

  openInteractions(): OpenInteraction[] {
    let first = 0;
    return this.gates.flatMap(gate => {
      const open = gate.layer.open!.read().dataSync();
      const start = first;
      first += open.length;
      return [...open.keys()].filter(p => open[p] !== 0).map(position => ({gate, position, group: start + position}));
    });
  }

  /** Products of interactions on the rows. */
  columns(open: readonly OpenInteraction[]): Column[] {
    const calls = new Map(this.gates.map((gate): [Gate, Float32Array[][]] => [gate, []]));
    let call = new Map<Gate, number>();
    for (const gate of this.gates) {
      // A layer can be called several times in one pass.
      gate.layer.onProducts = products => {
        const count = call.get(gate) ?? 0;
        call.set(gate, count + 1);
        (calls.get(gate)![count] ??= []).push(products.dataSync() as Float32Array);
      };
    }
    try {
      this.predict(this.rows, () => (call = new Map()));
    } finally {
      for (const {layer} of this.gates) layer.onProducts = null;
    }
    return open.flatMap(({gate, position, group}) =>
      calls.get(gate)!.map(batches => ({
        gate,
        group,
        values: columnValues(batches, position, gate.layer.interactions.length),
      })),
    );
  }

  /**
   * For each interaction how the outputs of some rows change where it is closed: by group, for each output of the model
   * a value for each row and column.
   */
  effectsOfClosing(open: readonly OpenInteraction[]): Map<number, Float32Array[]> {
    const count = Math.min(DIRECTION_ROWS, this.rows);
    const outputs = () => {
      let values: Float32Array[] = [];
      this.predict(count, predictions => (values = predictions.map(output => output.dataSync() as Float32Array)));
      return values;
    };
    const full = outputs();
    return new Map(
      open.map(({gate: {layer}, position, group}) => {
        const others = layer
          .open!.read()
          .dataSync()
          .map((one, p) => (p === position ? 0 : one));
        return [
          group,
          this.withOpen(new Map([[layer, others]]), outputs).map((o, k) => o.map((v, i) => full[k][i] - v)),
        ];
      }),
    );
  }

  /** Run `compute` while gates have other values of `open`; restore them afterwards. */
  private withOpen<T>(values: ReadonlyMap<Gate['layer'], ArrayLike<number>>, compute: () => T): T {
    const before = [...values.keys()].map(layer => ({layer, open: tf.clone(layer.open!.read())}));
    try {
      for (const [layer, open] of values) tf.tidy(() => void layer.open!.write(tf.tensor1d(Array.from(open))));
      return compute();
    } finally {
      for (const {layer, open} of before) {
        layer.open!.write(open);
        open.dispose();
      }
    }
  }

  /** The logits of the model with every gate closed; 0 where it predicts no probabilities. */
  rest({output, column}: {output: number; column: number}): Float32Array {
    const closed = new Map(this.gates.map(({layer}) => [layer, layer.interactions.map(() => 0)]));
    const outputs: Float32Array[] = [];
    this.withOpen(closed, () =>
      this.predict(this.rows, predictions => outputs.push(predictions[output].dataSync() as Float32Array)),
    );
    const width = outputs.reduce((sum, values) => sum + values.length, 0) / this.rows;
    const values = columnValues(outputs, column, width);
    if (!values.every(p => p >= 0 && p <= 1)) return new Float32Array(this.rows);
    return values.map(p => Math.log(Math.max(p, 1e-7) / Math.max(1 - p, 1e-7)));
  }

  /** The outputs of the model for the first `rows` rows, batch by batch. */
  private predict(rows: number, use: (outputs: tf.Tensor[]) => void): void {
    for (let start = 0; start < rows; start += BATCH) {
      const count = Math.min(BATCH, rows - start);
      tf.tidy(() => {
        const xs = this.data.inputs.map(({values, width}, i) => {
          const part = values.subarray(start * width, (start + count) * width);
          return tf.tensor(part, [count, ...(this.model.inputs[i].shape.slice(1) as number[])]);
        });
        use([this.model.predict(xs, {batchSize: count})].flat());
      });
    }
  }
}
