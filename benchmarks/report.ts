import type {Bar} from '../examples/flights/summary';
import type {Machine} from './machine';
import type {Spread} from './statistics';
import {textTable} from './internals';

/** What one contestant did in one section. */
export interface Row {
  section: string;
  name: string;
  /** Milliseconds a step or call; absent when the contestant did not run. */
  ms?: Spread;
  /** Examples a second at the median. */
  examples?: number;
  /** Its median in units of ours: above 1 it is slower. */
  ratio?: number;
  /** A remark, or why it did not run. */
  note?: string;
}

/** What one section of the benchmark found. */
export interface Section {
  title: string;
  /** One sentence: what is measured. */
  what: string;
  rows: Row[];
  bars: Bar[];
  /** A sentence on the figures, under the table. */
  remark?: string;
  /** Versions of what ran. */
  versions?: Record<string, string>;
}

/** What the command found. */
export interface Report {
  command: string;
  machine: Machine;
  sections: Section[];
}

const HEAD = ['', 'ms (median)', 'min - max', 'examples/s', 'time / ours', 'note'];

/** Cells of a section's table, as text. */
function cells(rows: readonly Row[]): string[][] {
  return rows.map(({name, ms, examples, ratio, note}) => [
    name,
    ms === undefined ? '-' : digits(ms.median),
    ms === undefined ? '-' : `${digits(ms.min)} - ${digits(ms.max)}`,
    examples === undefined ? '-' : Math.round(examples).toLocaleString('en'),
    ratio === undefined ? '-' : ratio.toFixed(2),
    note ?? '',
  ]);
}

/** Three significant digits; an exponent only below a thousandth. */
export function digits(value: number): string {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return value === Infinity ? 'endless' : 'not measured';
  if (Math.abs(value) < 1e-3) return value.toExponential(1);
  const places = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(places);
}

/** A table in Markdown. */
export function markdownTable(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (row: readonly string[]) => `| ${row.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    line(head),
    `|${head.map((_, i) => (i === 0 || i === head.length - 1 ? '---' : '--:')).join('|')}|`,
    ...rows.map(line),
  ].join('\n');
}

/** A section for the terminal. */
export function sectionText({title, what, rows, bars, remark}: Section): string {
  const table = textTable(HEAD, cells(rows), [0, HEAD.length - 1]);
  return [
    `\n${title}`,
    what,
    ...(rows.length === 0 ? [] : ['', table]),
    ...(remark === undefined ? [] : [remark]),
    ...bars.map(barText),
  ].join('\n');
}

function barText({name, value, bar, holds}: Bar): string {
  return `${holds ? 'holds        ' : 'DOES NOT HOLD'} ${name}: ${digits(value)} (bar ${bar})`;
}

const CONTESTANTS = `## The contestants
All compute the same model from the same start on the same batches; the note beside each says how its losses of the first and second step compare with ours. Keras places Adam's epsilon elsewhere, so its second loss differs a little.
- Ours: \`FieldEmbedding\`, \`FieldLinear\`, \`GatedInteraction\`, \`compile({optimizer: 'adam'})\`, \`fitDataset\` with \`SearchStage\`, as in the README, making the tensors of each batch included.
- PyTorch, as fast as we can: pairs from the Gram matrix with a written gradient, Adam on the rows of the batch only (parameters and moments in one packed table, no sorting), fused Adam for dense weights.
- PyTorch, authors' formulation: gathered pairs [B, P, d], embeddings with dense gradients, \`torch.optim.Adam\`.
- Keras 3: Gram matrix, \`keras.layers.Embedding\`, \`keras.optimizers.Adam\`, \`train_on_batch\` of a compiled graph.
- tfjs-node without this library, on the same TensorFlow: \`tf.layers.embedding\`, gathered pairs, \`tf.train.adam\`.

Tensors of a batch lie ready for the Python peers. PyTorch runs with OMP_WAIT_POLICY=passive and GOMP_SPINCOUNT=0: its spinning threads would slow down whatever else the machine does.`;

/** What must be known of a run with tfjs-node-gpu before anything else, if it was one. */
function gpuNotice(machine: Machine): string[] {
  if (machine['graphics card'] === undefined) return [];
  return [
    (machine['ours, native, computed on'] === 'the GPU'
      ? ''
      : '**No GPU was there.** `@tensorflow/tfjs-node-gpu` with its CUDA libraries ran, but on the processor: ' +
        'this page shows that the ' +
        'command works, not what a GPU does. ') +
      'Ours and the contestants called tfjs-node are on tfjs-node-gpu; ' +
      'the Python peers and wasm compute on the processor.',
  ];
}

/** docs/benchmarks.md, or docs/benchmarks.gpu.md. */
export function reportMarkdown(report: Report): string {
  const {command, machine} = report;
  return page(
    report,
    [
      machine['graphics card'] === undefined ? '# Benchmarks' : '# Benchmarks with tfjs-node-gpu',
      ...gpuNotice(machine),
      `Generated by \`${command}\`. All figures are from that one run: ` +
        'contestants are processes that stay alive and take turns, ' +
        "one computing at a time, on the same generated input (39 fields of Criteo's shape, Zipf-like values, " +
        'labels from planted pairs). ' +
        'Times are medians of single steps after warm-up, with the fastest and slowest step; ' +
        'compare the ratios, not the milliseconds.',
    ],
    CONTESTANTS,
  );
}

/** A page of results: its head, the machine, who took part, bars, and a table for each section. */
export function page({machine, sections}: Report, head: readonly string[], contestants: string): string {
  const bars = sections.flatMap(section => section.bars);
  return `${[
    ...head,
    `## The machine\n${Object.entries(machine)
      .map(([key, value]) => `- ${key}: ${value}`)
      .join('\n')}`,
    contestants,
    `## Bars\n${markdownTable(
      ['what', 'value', 'bar', 'holds'],
      bars.map(({name, value, bar, holds}) => [name, digits(value), String(bar), holds ? 'yes' : '**no**']),
    )}`,
    ...sections.map(({title, what, rows, remark}) =>
      [
        `## ${title}\n${what}`,
        ...(rows.length === 0 ? [] : [markdownTable(HEAD, cells(rows))]),
        ...(remark === undefined ? [] : [remark]),
      ].join('\n\n'),
    ),
  ].join('\n\n')}\n`;
}
