/** One family of metrics in Prometheus' text format. */
export interface Metric {
  lines(): string[];
}

type Labels = Readonly<Record<string, string | number>>;

/** Numbers by their labels; `read` is asked when the metrics are. */
export class Value implements Metric {
  private readonly values = new Map<string, number>();

  constructor(private readonly name: string, private readonly type: 'counter' | 'gauge', private readonly help: string, private readonly read?: () => number) {}

  add(by: number, labels: Labels = {}): void {
    const key = labelText(labels);
    this.values.set(key, (this.values.get(key) ?? 0) + by);
  }

  lines(): string[] {
    if (this.read !== undefined) this.values.set('', this.read());
    return [...head(this.name, this.type, this.help), ...[...this.values].map(([labels, value]) => `${this.name}${labels} ${value}`)];
  }
}

/** How many observations were at most each of `bounds`, their sum and their number. */
export class Histogram implements Metric {
  private readonly counts: number[];
  private sum = 0;

  constructor(private readonly name: string, private readonly help: string, private readonly bounds: readonly number[]) {
    this.counts = Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    const at = this.bounds.findIndex(bound => value <= bound);
    this.counts[at < 0 ? this.bounds.length : at]++;
    this.sum += value;
  }

  lines(): string[] {
    let count = 0;
    const buckets = [...this.bounds, '+Inf'].map((bound, i) => `${this.name}_bucket{le="${bound}"} ${count += this.counts[i]}`);
    return [...head(this.name, 'histogram', this.help), ...buckets, `${this.name}_sum ${this.sum}`, `${this.name}_count ${count}`];
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
  const pairs = Object.entries(labels).map(([name, value]) =>
    `${name}="${String(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
