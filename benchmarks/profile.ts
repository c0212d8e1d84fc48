/**
 * Where the time of a training step goes, and how it grows: `npm run profile`. Writes docs/profile.md.
 *
 * First the time inside each TensorFlow op of AutoDeepFM's search step, at two sizes and, where bfloat16 pays, in both
 * precisions; then the step of AutoFM (no MLP) with one size changed at a time. All in one process, which waits for
 * every op, so nothing is hidden by running ahead.
 */
import path from 'node:path';
import process from 'node:process';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {allInteractions, FieldEmbedding, FieldLinear, GatedInteraction, grda, lazyAdam} from 'tfjs-autofis';
import {useBackend} from 'tfjs-autofis/runtime';
import {seededRandom} from './random';
import {writeText} from '../examples/flights/summary';
import {binaryCrossentropy, Partitioned, type Precision, setPrecision, textTable} from './internals';
import {criteoSizes, fieldsOf} from './data';
import {describeMachine} from './machine';
import {digits, markdownTable} from './report';
import {SIZES} from './sections/search_step';
import {spread} from './statistics';

/** What a step is made of. */
interface Shape {
  B: number;
  m: number;
  d: number;
  V: number;
  hidden: number[];
  orders: number[];
  /** Share of the pairs that the gate computes. */
  open: number;
}

const AUTO_FM: Shape = {B: 2000, m: 39, d: 16, V: 1e6, hidden: [], orders: [2], open: 1};

/** Changes to AUTO_FM, one row of the table each. */
const VARIATIONS: Array<[string, Partial<Shape>]> = [
  ['B 2000, m 39, d 16, V 1 M, all pairs', {}],
  ['B 500', {B: 500}],
  ['B 1000', {B: 1000}],
  ['B 4000', {B: 4000}],
  ['m 10 (45 pairs)', {m: 10}],
  ['m 20 (190 pairs)', {m: 20}],
  ['d 8', {d: 8}],
  ['d 32', {d: 32}],
  ['d 64', {d: 64}],
  ['V 100 k', {V: 1e5}],
  ['V 5 M', {V: 5e6}],
  ['24 % of the pairs', {open: 0.24}],
  ['all pairs and all triples', {orders: [2, 3]}],
];

type ExecuteOp = (op: string, ...rest: unknown[]) => unknown;

/** Time inside each op while `on`. */
class OpTimer {
  on = false;
  readonly times = new Map<string, {ms: number; calls: number}>();

  constructor(backend: {binding: {executeOp: ExecuteOp}}) {
    const stock = backend.binding.executeOp;
    const executeOp: ExecuteOp = (op, ...rest) => {
      if (!this.on) return stock(op, ...rest);
      const started = performance.now();
      const result = stock(op, ...rest);
      const entry = this.times.get(op) ?? {ms: 0, calls: 0};
      entry.ms += performance.now() - started;
      entry.calls++;
      this.times.set(op, entry);
      return result;
    };
    // The addon's own members cannot be replaced.
    backend.binding = Object.create(backend.binding, {executeOp: {value: executeOp}});
  }
}

/** The ops that dense layers multiply by. */
const PRODUCTS = /^BatchMatMul|^Autofis(Half)?(Product|AddProduct|ReluLayer)/;

/** A function that takes one search step, and one that frees everything. */
function stepOf({B, m, d, V, hidden, orders, open}: Shape): {step: () => void; dispose: () => void} {
  const sizes = criteoSizes(V).slice(-m);
  const fields = fieldsOf(sizes);
  const input = tfl.input({shape: [m], dtype: 'int32'});
  const e = new FieldEmbedding({fields, outputDim: d, seed: 1}).apply(input) as tfl.SymbolicTensor;
  const gates = orders.map(
    order =>
      new GatedInteraction({
        order: order as 2 | 3,
        seed: 2,
        interactions: allInteractions(m, order as 2 | 3).filter((_, p) => (p * 0.618) % 1 < open),
      }),
  );
  const parts = [new FieldLinear({fields}).apply(input), ...gates.map(gate => gate.apply(e))] as tfl.SymbolicTensor[];
  if (hidden.length > 0) {
    const layers = [
      ...hidden.map(units => tfl.layers.dense({units, activation: 'relu'})),
      tfl.layers.dense({units: 1}),
    ];
    parts.push(
      layers.reduce(
        (x, layer) => layer.apply(x) as tfl.SymbolicTensor,
        tfl.layers.flatten().apply(e) as tfl.SymbolicTensor,
      ),
    );
  }
  const logits = tfl.layers.add().apply(parts) as tfl.SymbolicTensor;
  const output = tfl.layers.activation({activation: 'sigmoid'}).apply(logits) as tfl.SymbolicTensor;
  const model = tfl.model({inputs: input, outputs: output});
  const variables = model.trainableWeights.map(weight => weight.read() as tf.Variable);
  const optimizer = new Partitioned({
    groups: [
      {name: 'gates', weights: [{name: 'alpha'}], optimizer: grda({c: 5e-4, mu: 0.8})},
      {name: 'rest', optimizer: lazyAdam()},
    ],
  });
  const random = seededRandom(1);
  const batches = Array.from({length: 5}, () => ({
    ids: tf.tensor2d(
      Int32Array.from(
        {length: B * m},
        (_, i) => ((Math.floor(Math.pow(sizes[i % m] + 1, random())) - 1) * 1000003) % sizes[i % m],
      ),
      [B, m],
      'int32',
    ),
    labels: tf.tensor2d(
      Float32Array.from({length: B}, () => (random() < 0.3 ? 1 : 0)),
      [B, 1],
    ),
  }));
  let next = 0;
  return {
    step: () => {
      const {ids, labels} = batches[next++ % batches.length];
      optimizer.minimize(
        () =>
          tf.tidy(() => {
            const probabilities = model.apply(ids, {training: true}) as tf.Tensor;
            return tf.mean(binaryCrossentropy(labels, probabilities)) as tf.Scalar;
          }),
        false,
        variables,
      );
    },
    dispose: () => {
      tf.dispose(batches as never);
      model.dispose();
      optimizer.dispose();
    },
  };
}

/**
 * Floating-point operations of the dense layers in a step: each weight multiplies and adds thrice a row, once forward
 * and twice back.
 */
function denseOperations({B, m, d, hidden}: Shape): number {
  const widths = [m * d, ...hidden, 1];
  return 6 * B * hidden.concat(1).reduce((sum, units, i) => sum + widths[i] * units, 0);
}

/** Operations a second of one product of two matrices [2048, 2048], the fastest of ten. */
function productRate(): number {
  const size = 2048;
  const x = tf.randomUniform([size, size]);
  const seconds = Math.min(
    ...Array.from({length: 10}, () => {
      const started = performance.now();
      const product = tf.matMul(x, x);
      product.dataSync();
      product.dispose();
      return (performance.now() - started) / 1000;
    }),
  );
  x.dispose();
  return (2 * size ** 3) / seconds;
}

/** The median step in milliseconds. */
function timed(step: () => void, steps: number): number {
  const times: number[] = [];
  for (let i = 0; i < steps; i++) {
    const started = performance.now();
    step();
    times.push(performance.now() - started);
  }
  return spread(times).median;
}

async function main(): Promise<void> {
  const machine = describeMachine();
  const {tensorflow} = await useBackend('tfjs-node');
  const timer = new OpTimer(tf.backend() as unknown as {binding: {executeOp: ExecuteOp}});
  const parts = [
    '# Profile',
    `Generated by \`npm run profile\`, on tfjs-node with TensorFlow ${tensorflow}; [performance.md](performance.md) ` +
      `explains it. Milliseconds differ between machines and days: compare them within a table.\n\n` +
      Object.entries(machine)
        .map(([key, value]) => `- ${key}: ${value}`)
        .join('\n'),
  ];
  const table = (title: string, head: string[], rows: string[][]) => {
    console.log(`\n${title}\n${textTable(head, rows, [0])}`);
    parts.push(`## ${title}\n${markdownTable(head, rows)}`);
  };
  const note = (text: string) => {
    console.log(text);
    parts.push(text);
  };

  const profileOps = (d: number, hidden: number[], precision: Precision) => {
    const {step, dispose} = stepOf({...AUTO_FM, d, hidden});
    timed(step, 30);
    const steps = 60;
    timer.times.clear();
    timer.on = true;
    const started = performance.now();
    for (let i = 0; i < steps; i++) step();
    const all = (performance.now() - started) / steps;
    timer.on = false;
    dispose();
    const ops = [...timer.times]
      .map(([op, {ms, calls}]) => ({op, ms: ms / steps, calls: calls / steps}))
      .sort((a, b) => b.ms - a.ms);
    const inside = ops.reduce((sum, {ms}) => sum + ms, 0);
    const shown = ops.filter(({ms}) => ms >= 0.005 * all);
    const rest = ops.slice(shown.length);
    const row = (what: string, calls: number | null, ms: number) => [
      what,
      calls === null ? '' : digits(calls),
      digits(ms),
      `${((100 * ms) / all).toFixed(1)} %`,
    ];
    table(
      `AutoDeepFM's search step by op, d ${d}, MLP ${hidden.length}x${hidden[0]}, ${precision}`,
      ['op', 'calls', 'ms', 'share'],
      [
        ...shown.map(({op, calls, ms}) => row(op, calls, ms)),
        row(
          `${rest.length} other ops`,
          rest.reduce((sum, {calls}) => sum + calls, 0),
          rest.reduce((sum, {ms}) => sum + ms, 0),
        ),
        row('JavaScript, between the ops', null, all - inside),
        row('the step', null, all),
      ],
    );
    const operations = denseOperations({...AUTO_FM, d, hidden});
    const products = ops.filter(({op}) => PRODUCTS.test(op)).reduce((sum, {ms}) => sum + ms, 0);
    note(
      `The dense layers are ${digits(operations / 1e9)} GFLOP a step, ` +
        `which run at ${digits(operations / products / 1e6)} ` +
        `GFLOP/s with their biases and relus; one product of two 2048 x 2048 matrices runs at ${digits(productRate() / 1e9)} GFLOP/s here.`,
    );
  };
  const sizes = Object.values(SIZES);
  for (const {d, hidden} of sizes) profileOps(d, hidden, 'float32');
  const refused = setPrecision('mixed');
  if (refused === null) for (const {d, hidden} of sizes) profileOps(d, hidden, 'mixed');
  else note(`Not profiled in mixed precision: ${refused}.`);
  setPrecision('float32');

  const medians = VARIATIONS.map(([what, change]) => {
    const {step, dispose} = stepOf({...AUTO_FM, ...change});
    timed(step, 5);
    const ms = timed(step, 25);
    dispose();
    return {what, ms};
  });
  table(
    "AutoFM's search step, one size changed at a time",
    ['', 'ms', 'times the first'],
    medians.map(({what, ms}) => [what, digits(ms), digits(ms / medians[0].ms)]),
  );
  await writeText(path.join('docs', 'profile.md'), `${parts.join('\n\n')}\n`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
