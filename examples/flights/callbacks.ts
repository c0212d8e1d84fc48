import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {SingleBar} from 'cli-progress';
import {auc} from 'tfjs-autofis';
import type {Table} from './data';

/** Shows a bar on a terminal, and nothing elsewhere. */
export class Progress extends tfl.Callback {
  private readonly bar: SingleBar;
  private step = 0;

  constructor(label: string, private readonly steps: number) {
    super();
    this.bar = new SingleBar({
      format: `${label.padEnd(24)} {bar} {percentage}%  {eta_formatted} left`, clearOnComplete: true,
      // Ctrl-C must leave the terminal as it was.
      hideCursor: false, linewrap: true,
    });
  }

  override async onTrainBegin(): Promise<void> {
    if (process.stderr.isTTY) this.bar.start(this.steps, 0);
  }

  override async onBatchEnd(): Promise<void> {
    // fit never leaves the microtask queue, so that the bar's own timer does not run.
    if (process.stderr.isTTY && ++this.step % 20 === 0) {
      this.bar.update(this.step);
      this.bar.render();
      await tf.nextFrame();
    }
  }

  override async onTrainEnd(): Promise<void> {
    if (process.stderr.isTTY) this.bar.stop();
  }
}

/**
 * Stops when validation AUC has not risen for `patience` passes, but not before `least` passes: from a small start the
 * embeddings first add nothing to the linear part. The model gets its best weights back.
 */
export class EarlyStopping extends tfl.Callback {
  /** Passes of the best weights, counted from 1. */
  bestPass = 0;
  private best = -Infinity;
  private weights: tf.Tensor[] = [];

  constructor(private readonly validation: Table, private readonly rule: {patience: number, least: number}) {
    super();
  }

  override async onEpochEnd(epoch: number): Promise<void> {
    const model = this.model as tfl.LayersModel;
    const score = auc(this.validation.labels, predict(model, this.validation));
    if (score > this.best) {
      this.best = score;
      this.bestPass = epoch + 1;
      tf.dispose(this.weights);
      this.weights = model.getWeights().map(w => tf.keep(tf.clone(w)));
    } else if (epoch + 1 >= this.rule.least && epoch + 1 - this.bestPass >= this.rule.patience) {
      model.stopTraining = true;
    }
  }

  override async onTrainEnd(): Promise<void> {
    (this.model as tfl.LayersModel).setWeights(this.weights);
    tf.dispose(this.weights);
  }
}

/** Predicted probabilities for all rows of a table. */
export function predict(model: tfl.LayersModel, table: Table): Float32Array {
  const width = table.ids.length / table.rows;
  const ids = tf.tensor2d(table.ids, [table.rows, width], 'int32');
  const output = model.predict(ids, {batchSize: 10000}) as tf.Tensor;
  const probabilities = output.dataSync() as Float32Array;
  tf.dispose([ids, output]);
  return probabilities;
}
