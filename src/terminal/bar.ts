import {fileURLToPath} from 'node:url';
import {Worker} from 'node:worker_threads';

/** A step of some work. */
export interface BarStep {
  title: string;
  /** Seconds that it takes on a usual machine: they count against those of other steps. */
  seconds: number;
}

/** A terminal with the number of its file. */
interface Terminal {
  write(text: string): unknown;
  columns?: number;
  fd: number;
}

/** The drawing thread's file lies beside this module, in the sources and in the build. */
const WORKER = fileURLToPath(new URL('draw_bar.mjs', import.meta.url));
/** Seconds of the expected pace that count as seen at the start. */
const PRIOR = 2;
/** A step that takes less than this share of its time had been done before. */
const DONE_BEFORE = 0.1;
const [FREE, TAKEN] = [0, 1];

/** Shows the progress of some steps with the time left, in the last line of a terminal. */
export class Bar {
  /** 1 while one of the threads writes. */
  private readonly lock = new Int32Array(new SharedArrayBuffer(4));
  private readonly worker: Worker;
  private readonly began = Date.now();
  /** Steps to come, and the current one with the part of it that is done and its start. */
  private coming: BarStep[] = [];
  private current = {title: '', seconds: 0, part: 0, began: this.began};
  /** Seconds of all steps that have ended. */
  private done = 0;

  constructor(private readonly terminal: Terminal) {
    this.worker = new Worker(WORKER, {workerData: {lock: this.lock, fd: terminal.fd}, execArgv: []});
    this.worker.unref();
  }

  /** Set the steps to come. */
  expect(steps: readonly BarStep[]): void {
    this.coming = [...steps];
  }

  /** End the current step and begin another one, unless it is the same; those expected before it do not come. */
  begin(title: string): void {
    const {seconds, began} = this.current;
    if (title === this.current.title) return;
    if (Date.now() - began > DONE_BEFORE * 1000 * seconds) this.done += seconds;
    const at = this.coming.findIndex(step => step.title === title);
    const [step = {title, seconds: 0}] = at < 0 ? [] : this.coming.splice(0, at + 1).slice(-1);
    this.current = {...step, part: 0, began: Date.now()};
    this.show();
  }

  /** Set the share of the current step that is done, unless more is. */
  reach(share: number): void {
    this.current.part = Math.max(this.current.part, Math.min(1, share));
    this.show();
  }

  /** Add to the share of the current step that is done. */
  advance(share: number): void {
    this.reach(this.current.part + share);
  }

  /** Write above the bar. */
  above(write: () => void): void {
    this.acquire();
    this.terminal.write('\r\x1b[K');
    write();
    this.release();
  }

  /** Take the bar away for good. */
  close(): void {
    this.acquire();
    this.terminal.write('\r\x1b[K');
    void this.worker.terminate();
  }

  private show(): void {
    const {title, seconds, part, began} = this.current;
    const total = this.coming.reduce((sum, step) => sum + step.seconds, this.done + seconds);
    const state =
      total === 0
        ? {done: part, until: part, total: 1, began, prior: 0}
        : {done: this.done + part * seconds, until: this.done + seconds, total, began: this.began, prior: PRIOR};
    this.worker.postMessage({
      title,
      ...state,
      sent: Date.now(),
      columns: this.terminal.columns ?? 80,
    });
  }

  private acquire(): void {
    while (Atomics.compareExchange(this.lock, 0, FREE, TAKEN) !== FREE) Atomics.wait(this.lock, 0, TAKEN);
  }

  private release(): void {
    Atomics.store(this.lock, 0, FREE);
  }
}
