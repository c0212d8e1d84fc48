import {on} from 'node:events';
import {createRequire} from 'node:module';
import {availableParallelism} from 'node:os';
import {fileURLToPath} from 'node:url';
import {Worker} from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger} from '../checks';
import {AutofisError} from '../errors';
import {plainTrainer, Trainer, TrainingJob} from '../components/products/trainer';
import {beginTraining, trainsInLoops} from '../training/fit_model';
import {LabeledRows, labelsOfRows, rowCount, TrainingRows, weightsOf} from '../training/rows';
import {batchesOf} from '../training/seeded_batches';
import type {FitEvent, FitRequest, SharedRows} from './fit_messages';

const isSource = import.meta.url.endsWith('.ts');
/** The threads' file lies beside this module, in the sources and in the build. */
const THREAD = new URL(isSource ? 'fit_thread.ts' : 'fit_thread.mjs', import.meta.url);
/** In the sources a thread loads the compiler of TypeScript first: it does not take over that of this thread. */
const compiled = (): string => {
  const compiler = createRequire(import.meta.url).resolve('tsx/cjs/api');
  return `require(${JSON.stringify(compiler)}).register(); require(${JSON.stringify(fileURLToPath(THREAD))});`;
};

export interface TrainingThreadsArgs {
  /** Number of trainings at once, an integer >= 1; default the number of processors, at most 8. */
  size?: number;
}

const MOST = 8;

/**
 * Threads that train the shallow models of `autoSelect`, several at once; the results are those of one thread.
 * Rows are copied once, into memory that all threads share. A stream of rows and a model that is not trained in loops
 * are trained in the caller's thread, one after another.
 *
 * A thread takes about half a second to start, so they pay where one training takes as long.
 *
 * @throws AutofisError if `size` breaks its rule, a training fails, or its thread ends.
 * @example
 * const threads = new TrainingThreads();
 * const found = await autoSelect({fields, train, validation, trainer: threads.trainer, parallel: threads.size});
 * await threads.close();
 */
export class TrainingThreads {
  readonly size: number;
  private readonly idle: Worker[] = [];
  /** Trainings that wait for a thread; null says that there will be none. */
  private readonly waiting: Array<(worker: Worker | null) => void> = [];
  private readonly started = new Set<Worker>();
  private readonly shared = new WeakMap<LabeledRows, SharedRows>();
  /** The last of those that train here. */
  private here: Promise<unknown> = Promise.resolve();

  constructor({size = Math.min(MOST, availableParallelism())}: TrainingThreadsArgs = {}) {
    checkInteger('TrainingThreads', 'size', size, 1);
    this.size = size;
  }

  /** Trains in a thread where it can. */
  readonly trainer: Trainer = async job => {
    if (!isForThread(job)) return this.oneByOne(() => plainTrainer(job));
    const worker = await this.acquire();
    if (worker === null) throw endedError(job);
    let ended = false;
    try {
      await this.train(worker, job, job.train as LabeledRows);
      ended = true;
    } finally {
      // A thread whose training has failed may still be at it.
      if (ended) this.release(worker);
      else await this.stop(worker);
    }
  };

  /** End all threads, also those at work. */
  async close(): Promise<void> {
    for (const give of this.waiting.splice(0)) give(null);
    await Promise.all(Array.from(this.started, worker => this.stop(worker)));
  }

  private oneByOne<T>(work: () => Promise<T>): Promise<T> {
    const result = this.here.then(work);
    this.here = result.catch(() => {});
    return result;
  }

  private async train(worker: Worker, job: TrainingJob, train: LabeledRows): Promise<void> {
    const {model, callbacks, schedule, seed} = job;
    const rows = this.sharedRows(train);
    const events = on(worker, 'message', {close: ['exit']});
    worker.postMessage({
      topology: model.toJSON(null, false) as unknown as object,
      weights: model.getWeights().map(weight => ({values: weight.dataSync() as Float32Array, shape: weight.shape})),
      optimizer: model.optimizer.getConfig(),
      rows,
      schedule,
      seed,
    } satisfies FitRequest);
    const {size: steps} = batchesOf(train, schedule.batchSize, seed);
    await beginTraining(model, callbacks, {epochs: schedule.epochs, steps});
    for await (const [event] of events as AsyncIterable<[FitEvent]>) {
      if (event.type === 'failed') throw new AutofisError(event.error);
      if (event.type === 'trained') {
        tf.tidy(() =>
          model.setWeights(event.weights.map((values, i) => tf.tensor(values, model.weights[i].shape as number[]))),
        );
        for (const callback of callbacks) await callback.onTrainEnd();
        return;
      }
      await passOn(event, callbacks);
    }
    throw endedError(job);
  }

  private acquire(): Promise<Worker | null> {
    const worker = this.idle.pop() ?? (this.started.size < this.size ? this.start() : undefined);
    worker?.ref();
    return worker === undefined ? new Promise(resolve => this.waiting.push(resolve)) : Promise.resolve(worker);
  }

  private start(): Worker {
    const worker = isSource ? new Worker(compiled(), {eval: true, execArgv: []}) : new Worker(THREAD);
    this.started.add(worker);
    return worker;
  }

  private release(worker: Worker): void {
    const next = this.waiting.shift();
    if (next !== undefined) return next(worker);
    // An idle thread does not keep the process alive.
    worker.unref();
    this.idle.push(worker);
  }

  private async stop(worker: Worker): Promise<void> {
    this.started.delete(worker);
    const at = this.idle.indexOf(worker);
    if (at >= 0) this.idle.splice(at, 1);
    await worker.terminate();
    if (this.waiting.length > 0) this.waiting.shift()!(this.start());
  }

  private sharedRows(rows: LabeledRows): SharedRows {
    const known = this.shared.get(rows);
    if (known !== undefined) return known;
    const ids = (rows.xs as tf.Tensor).dataSync();
    const weights = weightsOf(rows);
    const made = {
      ids: inShared(Int32Array, ids),
      columns: ids.length / rowCount(rows),
      labels: inShared(Float32Array, labelsOfRows(rows)),
      counts: weights === undefined ? null : inShared(Float32Array, weights),
    };
    this.shared.set(rows, made);
    return made;
  }
}

function endedError({name}: TrainingJob): AutofisError {
  return new AutofisError(`TrainingThreads: the thread that trained ${name} ended. Begin the training again.`);
}

/** Tell whether a thread can run the job: its rows are in memory, and loops train all its weights. */
function isForThread({model, train}: TrainingJob): boolean {
  return isIds(train) && trainsInLoops(model) && model.layers.every(layer => layer.getClassName() !== 'CrossLinear');
}

function isIds(train: TrainingRows): train is LabeledRows {
  return typeof train !== 'function' && !Array.isArray(train.xs) && train.xs.dtype === 'int32';
}

async function passOn(
  event: Exclude<FitEvent, {type: 'trained' | 'failed'}>,
  callbacks: readonly tfl.Callback[],
): Promise<void> {
  for (const callback of callbacks) {
    if (event.type === 'epochBegin') await callback.onEpochBegin(event.epoch);
    else if (event.type === 'epochEnd') await callback.onEpochEnd(event.epoch, {loss: event.loss});
    else {
      await callback.onBatchBegin(event.batch);
      await callback.onBatchEnd(event.batch, {loss: event.loss});
    }
  }
}

function inShared<T extends Int32Array | Float32Array>(
  Typed: {new (buffer: SharedArrayBuffer): T},
  values: ArrayLike<number>,
): T {
  const shared = new Typed(new SharedArrayBuffer(4 * values.length));
  shared.set(values);
  return shared;
}
