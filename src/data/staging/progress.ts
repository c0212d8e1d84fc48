import type {DuckDBConnection} from '@duckdb/node-api';
import process from 'node:process';

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

const SHORTEST_BAR = 6;
const LONGEST_BAR = 30;

/** Letters of a bar that has others `besides` it, so that they are not cut off where the terminal has room for them. */
export function barSize(besides: number, columns = process.stderr.columns ?? 80): number {
  return Math.max(SHORTEST_BAR, Math.min(LONGEST_BAR, columns - besides));
}

/** Shorter work shows no progress. */
const PATIENCE = 2000;
const INTERVAL = 250;

/** Reports the stages of one preparation. */
export class ProgressReporter {
  private total?: number;
  private constructor(
    private readonly report?: (progress: Progress) => void,
    private readonly end: () => void = () => {},
  ) {}

  static async open(option: ProgressOption = true): Promise<ProgressReporter> {
    if (typeof option === 'function') return new ProgressReporter(option);
    if (!option || !process.stderr.isTTY) return new ProgressReporter();
    const {default: progress} = await import('cli-progress');
    const bar = new progress.SingleBar({
      format: '{stage} {bar} {percentage}% | {text}',
      barsize: barSize(58),
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
    });
    let shown: Progress['stage'] | undefined;
    return new ProgressReporter(
      each => {
        if (each.seconds * 1000 < PATIENCE && shown !== each.stage) return;
        const payload = {stage: each.stage, text: barText(each)};
        if (shown !== each.stage) {
          if (shown !== undefined) bar.stop();
          bar.start(1, each.done, payload);
          shown = each.stage;
        } else {
          bar.update(each.done, payload);
        }
      },
      () => bar.stop(),
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

/** "1h 5m", "2m 10s", "40s"; a text for an unknown time. */
export function timeInWords(seconds: number | string): string {
  if (typeof seconds === 'string') return '?';
  const whole = Math.ceil(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
  return minutes > 0 ? `${minutes}m ${whole % 60}s` : `${whole}s`;
}

/** Rows, rate and time left. */
export function barText({done, rows, seconds}: Progress): string {
  const time = done === 0 ? [] : [`${timeInWords((seconds * (1 - done)) / done)} left`];
  const rate =
    rows === undefined || seconds === 0
      ? []
      : [`${rows.toLocaleString('en')} rows`, `${Math.round(rows / seconds).toLocaleString('en')} a second`];
  return [...rate, ...time].join(', ');
}
