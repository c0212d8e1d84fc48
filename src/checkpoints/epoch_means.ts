import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

/** Sums of an epoch's first batches, plain JSON. */
export interface MeansState {
  /** Rows seen. */
  seen: number;
  /** For each metric the sum of its values, each times the rows of its batch. */
  totals: {[metric: string]: number | null};
}

/**
 * Means of loss and metrics over an epoch's rows. `fit` has its own, which start again when a training continues in the
 * middle of an epoch; these take in the batches before it, with the same float32 arithmetic.
 */
export class EpochMeans {
  private seen = 0;
  private totals = new Map<string, tf.Tensor>();
  /** True if `fit` has seen only the last part of the epoch. */
  private partly = false;

  reset(): void {
    tf.dispose([...this.totals.values()]);
    this.totals.clear();
    this.seen = 0;
    this.partly = false;
  }

  restore({seen, totals}: MeansState): void {
    this.reset();
    this.seen = seen;
    this.partly = seen > 0;
    for (const [metric, total] of Object.entries(totals)) this.totals.set(metric, tf.keep(tf.scalar(total ?? NaN)));
  }

  add(metrics: readonly string[], logs: tfl.Logs): void {
    const size = logs['size'] as number;
    this.seen += size;
    for (const metric of metrics) {
      const value = logs[metric] as tf.Tensor | number | undefined;
      if (value === undefined) continue;
      const old = this.totals.get(metric);
      const total = tf.tidy(() => tf.keep(tf.add(old ?? 0, tf.mul(value, size))));
      this.totals.set(metric, total);
      old?.dispose();
    }
  }

  /** Put the means of the whole epoch into the logs, where `fit`'s are of a part. */
  async complete(logs: tfl.Logs): Promise<void> {
    if (!this.partly) return;
    for (const [metric, total] of this.totals) {
      tf.dispose(logs[metric]);
      const mean = tf.tidy(() => tf.mul(tf.div(1, this.seen), total));
      logs[metric] = (await mean.data())[0];
      mean.dispose();
    }
  }

  async state(): Promise<MeansState> {
    const entries = [...this.totals].map(async ([metric, total]) => [metric, (await total.data())[0]] as const);
    return {seen: this.seen, totals: Object.fromEntries(await Promise.all(entries))};
  }
}
