/** One family of metrics in Prometheus' text format. */
export interface Metric {
  lines(): string[];
}

type Labels = Readonly<Record<string, string | number>>;

/** A number that grows. */
export interface Sample {
  value: number;
}

/** Numbers by their labels; `read` is asked when the metrics are. */
export class Value implements Metric {
  private readonly samples = new Map<string, Sample>();

  constructor(
    private readonly name: string,
    private readonly type: 'counter' | 'gauge',
    private readonly help: string,
    private readonly read?: () => number,
  ) {}

  /** The number with these labels, from 0. What grows with each request keeps it: labels are slow to write. */
  of(labels: Labels = {}): Sample {
    const key = labelText(labels);
    let sample = this.samples.get(key);
    if (sample === undefined) this.samples.set(key, (sample = {value: 0}));
    return sample;
  }

  lines(): string[] {
    if (this.read !== undefined) this.of().value = this.read();
    return [
      ...head(this.name, this.type, this.help),
      ...[...this.samples].map(([labels, {value}]) => `${this.name}${labels} ${value}`),
    ];
  }
}

/** How many observations were at most each of `bounds`, their sum and their number. */
export class Histogram implements Metric {
  private readonly counts: number[];
  private sum = 0;

  constructor(
    private readonly name: string,
    private readonly help: string,
    private readonly bounds: readonly number[],
  ) {
    this.counts = Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    const at = this.bounds.findIndex(bound => value <= bound);
    this.counts[at < 0 ? this.bounds.length : at]++;
    this.sum += value;
  }

  lines(): string[] {
    let count = 0;
    const buckets = [...this.bounds, '+Inf'].map(
      (bound, i) => `${this.name}_bucket{le="${bound}"} ${(count += this.counts[i])}`,
    );
    return [
      ...head(this.name, 'histogram', this.help),
      ...buckets,
      `${this.name}_sum ${this.sum}`,
      `${this.name}_count ${count}`,
    ];
  }
}

/** All of them as one text, of the content type {@link CONTENT_TYPE}. */
export function prometheusText(metrics: readonly Metric[]): string {
  return `${metrics.flatMap(metric => metric.lines()).join('\n')}\n`;
}

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

function head(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) =>
      `${name}="${String(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
