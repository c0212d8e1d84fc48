import {setImmediate} from 'node:timers/promises';

/** What was computed together. */
export interface ComputedBatch {
  requests: number;
  rows: number;
  seconds: number;
}

export interface BatcherArgs {
  /** Probabilities for encoded rows, one after another. */
  predict(ids: Int32Array): Promise<Float32Array>;
  /** Ids of a row. */
  columns: number;
  /** Rows of a batch at most; no request has more. */
  maxRows: number;
  onBatch?(batch: ComputedBatch): void;
}

interface Job {
  ids: Int32Array;
  rows: number;
  resolve(probabilities: Float32Array): void;
  reject(error: unknown): void;
}

/**
 * Micro-batches: requests that come in while a batch is computed are computed together in the next one. A single
 * request does not wait for others, and the more there are, the larger the batches grow: no setting for a time to wait
 * is needed.
 */
export class Batcher {
  private readonly jobs: Job[] = [];
  private running: Promise<void> | null = null;
  private waiting = 0;

  constructor(private readonly args: BatcherArgs) {}

  /** Rows that no batch has taken yet. */
  get waitingRows(): number {
    return this.waiting;
  }

  /** Probabilities for one request's rows, which stay together. */
  add(ids: Int32Array): Promise<Float32Array> {
    const rows = ids.length / this.args.columns;
    return new Promise((resolve, reject) => {
      this.jobs.push({ids, rows, resolve, reject});
      this.waiting += rows;
      this.running ??= this.run();
    });
  }

  /** Waits until all that was added is computed. */
  async idle(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.jobs.length > 0) {
      // The event loop reads every socket before it comes to its immediates: all that has arrived is in this batch.
      await setImmediate();
      await this.compute(this.take());
    }
    this.running = null;
  }

  /** The jobs of the next batch, whole ones, in the order in which they came. */
  private take(): Job[] {
    let rows = 0;
    let count = 0;
    while (count < this.jobs.length && (count === 0 || rows + this.jobs[count].rows <= this.args.maxRows))
      rows += this.jobs[count++].rows;
    this.waiting -= rows;
    return this.jobs.splice(0, count);
  }

  private async compute(jobs: readonly Job[]): Promise<void> {
    const rows = jobs.reduce((sum, job) => sum + job.rows, 0);
    const ids = new Int32Array(rows * this.args.columns);
    const began = performance.now();
    try {
      let at = 0;
      for (const job of jobs) {
        ids.set(job.ids, at);
        at += job.ids.length;
      }
      const probabilities = await this.args.predict(ids);
      this.args.onBatch?.({requests: jobs.length, rows, seconds: (performance.now() - began) / 1e3});
      let row = 0;
      for (const job of jobs) job.resolve(probabilities.subarray(row, (row += job.rows)));
    } catch (error) {
      for (const job of jobs) job.reject(error);
    }
  }
}
