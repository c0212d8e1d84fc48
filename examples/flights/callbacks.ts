import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {SingleBar} from 'cli-progress';
import type {Table} from './data';

/** Shows a bar on a terminal, and nothing elsewhere. */
export class Progress extends tfl.Callback {
  private readonly bar: SingleBar;
  private step = 0;

  constructor(
    label: string,
    private readonly steps: number,
  ) {
    super();
    this.bar = new SingleBar({
      format: `${label.padEnd(24)} {bar} {percentage}%  {eta_formatted} left`,
      clearOnComplete: true,
      // Ctrl-C must leave the terminal as it was.
      hideCursor: false,
      linewrap: true,
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

/** All rows of a table as tensors. */
export function asTensors({ids, labels, rows}: Table): {xs: tf.Tensor2D; ys: tf.Tensor2D} {
  return {xs: tf.tensor2d(ids, [rows, ids.length / rows], 'int32'), ys: tf.tensor2d(labels, [rows, 1])};
}

/** Predicted probabilities for all rows of a table. */
export function predict(model: tfl.LayersModel, table: Table): Float32Array {
  const {xs, ys} = asTensors(table);
  const output = model.predict(xs, {batchSize: 10000}) as tf.Tensor;
  const probabilities = output.dataSync() as Float32Array;
  tf.dispose([xs, ys, output]);
  return probabilities;
}
