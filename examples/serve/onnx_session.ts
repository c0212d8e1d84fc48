import {once} from 'node:events';
import {availableParallelism} from 'node:os';
import {Worker} from 'node:worker_threads';

/** What the thread answers to ids. */
type Answer = {probabilities: Float32Array} | {error: Error};

interface Job {
  resolve(probabilities: Float32Array): void;
  reject(error: Error): void;
}

const ENDED = 'The thread of ONNX Runtime has ended.';

/** A model in ONNX Runtime, on a thread of its own: requests are read while it computes. */
export class OnnxSession {
  /** What waits for its answer; the thread answers in the order in which it is asked. */
  private readonly jobs: Job[] = [];
  private hasEnded = false;

  private constructor(private readonly thread: Worker) {
    thread.on('message', (answer: Answer) => {
      const job = this.jobs.shift();
      if ('error' in answer) job?.reject(answer.error);
      else job?.resolve(answer.probabilities);
    });
    thread.on('exit', () => this.end());
  }

  /**
   * An error that the thread does not answer with is nobody's here: it ends the process, which could not predict any
   * more.
   *
   * @param model Bytes of an ONNX model that turns ids, [rows, columns], into a probability for each row.
   * @throws Error if ONNX Runtime cannot run the model.
   */
  static async start(model: Uint8Array, columns: number): Promise<OnnxSession> {
    const thread = new Worker(new URL('./onnx_thread.cjs', import.meta.url), {
      // It needs none of what this process loads first, such as a compiler of TypeScript.
      execArgv: [],
      // One processor is left to the event loop.
      workerData: {model, columns, threads: Math.max(1, availableParallelism() - 1)},
    });
    const started = new AbortController();
    const next = (event: string) => once(thread, event, {signal: started.signal});
    try {
      await Promise.race([
        next('message'),
        next('exit').then(() => {
          throw new Error(ENDED);
        }),
      ]);
    } finally {
      started.abort();
    }
    return new OnnxSession(thread);
  }

  /** Probabilities for encoded rows, one after another. */
  run(ids: Int32Array): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      if (this.hasEnded) return reject(new Error(ENDED));
      this.jobs.push({resolve, reject});
      this.thread.postMessage(ids);
    });
  }

  /** Ends the thread and frees its memory; predictions that are under way fail. */
  async release(): Promise<void> {
    await this.thread.terminate();
  }

  private end(): void {
    this.hasEnded = true;
    for (const {reject} of this.jobs.splice(0)) reject(new Error(ENDED));
  }
}
