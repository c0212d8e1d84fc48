import type {ComputedBatch} from './batcher';
import {Histogram, Metric, prometheusText, Sample, Value} from './prometheus';
import type {EncodedRows} from 'tfjs-autofis/bundle';

/** What is counted of each field. */
export type FieldSamples = ReadonlyArray<{missing: Sample; unseen: Sample}>;

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** One number, since alerts take each change of it for a restart. */
const STARTED = Date.now() / 1e3 - process.uptime();
const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/** What a server counts about itself. */
export class Metrics {
  private readonly requests = new Value('autofis_requests_total', 'counter', 'Requests answered, by route and status.');
  private readonly errors = new Value(
    'autofis_errors_total',
    'counter',
    'Requests that were refused or failed, by reason.',
  );
  private readonly rows = new Value('autofis_rows_total', 'counter', 'Rows that were predicted.');
  private readonly missing = new Value('autofis_values_missing_total', 'counter', 'Rows without a value, by field.');
  private readonly unseen = new Value(
    'autofis_values_unseen_total',
    'counter',
    'Rows with a value that training has not seen, by field.',
  );
  private readonly latency = new Histogram(
    'autofis_request_seconds',
    'Time from a request for predictions to its answer.',
    SECONDS,
  );
  private readonly predicting = new Histogram(
    'autofis_batch_seconds',
    'Time that the model takes for a batch.',
    SECONDS,
  );
  private readonly batchRows = new Histogram('autofis_batch_rows', 'Rows computed together.', COUNTS);
  private readonly batchRequests = new Histogram('autofis_batch_requests', 'Requests computed together.', COUNTS);
  private readonly reloads = new Value('autofis_reloads_total', 'counter', 'Bundles that were reloaded, by outcome.');
  private readonly all: Metric[];
  private readonly answers = new Map<string, Sample>();
  private readonly rowCount = this.rows.of();

  /** @param waitingRows Asked when the metrics are. */
  constructor(waitingRows: () => number) {
    this.all = [
      this.requests,
      this.errors,
      this.rows,
      this.latency,
      this.batchRows,
      this.batchRequests,
      this.predicting,
      this.missing,
      this.unseen,
      this.reloads,
      new Value('autofis_waiting_rows', 'gauge', 'Rows that wait for a batch.', waitingRows),
      new Value('process_cpu_seconds_total', 'counter', 'Processor time of the process.', () => {
        const {user, system} = process.cpuUsage();
        return (user + system) / 1e6;
      }),
      new Value('process_resident_memory_bytes', 'gauge', 'Memory of the process.', () => process.memoryUsage.rss()),
      new Value('process_start_time_seconds', 'gauge', 'When the process began, in Unix time.', () => STARTED),
    ];
  }

  answered(route: string, status: number, seconds: number): void {
    const key = `${status} ${route}`;
    let answers = this.answers.get(key);
    if (answers === undefined) this.answers.set(key, (answers = this.requests.of({route, status})));
    answers.value++;
    if (route === '/predict') this.latency.observe(seconds);
  }

  refused(reason: string): void {
    this.errors.of({reason}).value++;
  }

  /** What is counted of the fields of a model. */
  fields(names: readonly string[]): FieldSamples {
    return names.map(name => ({missing: this.missing.of({field: name}), unseen: this.unseen.of({field: name})}));
  }

  /** Rows that will be predicted, with what their fields lack: it grows when the data moves away from the model. */
  encoded(rows: number, counts: EncodedRows['counts'], fields: FieldSamples): void {
    this.rowCount.value += rows;
    for (let i = 0; i < fields.length; i++) {
      fields[i].missing.value += counts[i].missing;
      fields[i].unseen.value += counts[i].unseen;
    }
  }

  /** A new bundle that took the place of the old one or could not be loaded, or a look at an unreadable folder. */
  reloaded(outcome: 'done' | 'failed' | 'unreadable'): void {
    this.reloads.of({outcome}).value++;
  }

  computed({rows, requests, seconds}: ComputedBatch): void {
    this.batchRows.observe(rows);
    this.batchRequests.observe(requests);
    this.predicting.observe(seconds);
  }

  text(): string {
    return prometheusText(this.all);
  }
}
