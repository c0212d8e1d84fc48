import type {DuckDBConnection} from '@duckdb/node-api';
import process from 'node:process';
import {Bar} from '../../terminal/bar';

/** Progress of a preparation. */
export interface Progress {
  stage: 'inferring' | 'reading' | 'fitting' | 'encoding';
  /** Share of the stage that is done, 0 to 1. */
  done: number;
  /** Rows of the stage that are done, estimated while they are read; absent where their number is unknown. */
  rows?: number;
  /** Seconds since the stage began. */
  seconds: number;
}

/**
 * `true`: a bar on a terminal (the default), nothing elsewhere. A function: it is called a few times per second.
 */
export type ProgressOption = boolean | ((progress: Progress) => void);

const INTERVAL = 250;

/** Reports the stages of one preparation. */
export class ProgressReporter {
  private total?: number;
  private constructor(
    private readonly report?: (progress: Progress) => void,
    private readonly end: () => void = () => {},
  ) {}

  static open(option: ProgressOption = true): ProgressReporter {
    if (typeof option === 'function') return new ProgressReporter(option);
    if (!option || !process.stderr.isTTY) return new ProgressReporter();
    const bar = new Bar(process.stderr);
    return new ProgressReporter(
      ({stage, done}) => {
        bar.begin(stage);
        bar.reach(done);
      },
      () => bar.close(),
    );
  }

  /** The number of rows, once it is known. */
  rows(total: number): void {
    this.total = total;
  }

  /** About how many rows there will be, worked out if anybody listens. */
  async expect(estimate: () => Promise<number | undefined>): Promise<void> {
    if (this.report !== undefined) this.total = await estimate();
  }

  /** Run queries, each a share of the stage, and ask DuckDB for its progress. */
  async during(
    stage: Progress['stage'],
    connection: DuckDBConnection,
    queries: ReadonlyArray<{share: number; run(): Promise<void>}>,
  ): Promise<void> {
    if (this.report !== undefined)
      await connection.run('SET enable_progress_bar = true; SET enable_progress_bar_print = false');
    const {step, stop} = this.start(stage);
    let before = 0;
    let current = 0;
    const timer =
      this.report === undefined
        ? undefined
        : setInterval(
            () => step(before + current * Math.min(1, Math.max(0, connection.progress.percentage / 100))),
            INTERVAL,
          );
    try {
      for (const {share, run} of queries) {
        current = share;
        await run();
        before += share;
      }
    } finally {
      clearInterval(timer);
      stop();
    }
  }

  /** Begin a stage whose steps the caller counts, as shares of the whole. */
  start(stage: Progress['stage']): {step(done: number): void; stop(): void} {
    const started = Date.now();
    let last = 0;
    const tell = (done: number) => {
      last = Date.now();
      const rows = this.total === undefined ? {} : {rows: Math.round(done * this.total)};
      this.report?.({stage, done, ...rows, seconds: (last - started) / 1000});
    };
    return {
      step: done => {
        if (this.report !== undefined && Date.now() - last >= INTERVAL) tell(done);
      },
      stop: () => tell(1),
    };
  }

  /** Take the bar away. */
  close(): void {
    this.end();
  }
}
