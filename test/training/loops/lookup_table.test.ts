import {LookupTable} from '../../../src/training/loops/lookup_table';

const adam = {beta1: 0.9, beta2: 0.999, rate: 0.01, epsilon: 1e-7};
const SMALLEST_NORMAL = 2 ** -126;
/** The steps with a gradient: what is left of the second one, a tenth, moves weights when moments are swept. */
const PUSHES = [0, 233];

/** A step on a whole table without a penalty. */
const steps: Record<string, (table: LookupTable) => unknown> = {
  'of Adam': table => table.step(adam, true),
  'with a ridge': table => table.ridgeStep(adam, 0, [{from: 0, to: 3, stride: 0, scale: 1}]),
};

it.each(Object.keys(steps))('ends moments before they are denormal, without a trace in the weights: %s', name => {
  const table = new LookupTable(new Float32Array(6).fill(0.5), 2);
  const [means, squares] = [2, 3].map(i => new Float32Array(table.values.buffer, i * table.delta, 6));
  let [w, m, v] = [0.5, 0, 0];
  let smallest = Infinity;
  for (let k = 0; k < 1200; k++) {
    const g = PUSHES.includes(k) ? 1e-3 : 0;
    table.gradient.fill(g);
    steps[name](table);
    m = adam.beta1 * m + (1 - adam.beta1) * g;
    v = adam.beta2 * v + (1 - adam.beta2) * g * g;
    w -= (adam.rate * m) / (Math.sqrt(v) + adam.epsilon);
    for (const x of table.weight) expect(Math.abs(x - w)).toBeLessThan(1e-5);
    for (const x of means) if (x !== 0) smallest = Math.min(smallest, x);
  }
  expect(smallest).toBeGreaterThan(SMALLEST_NORMAL);
  expect([...means]).toEqual(Array(6).fill(0));
  for (const x of squares) expect(x / v).toBeCloseTo(1, 3);
});

it('ends squares of gradients that are next to nothing', () => {
  const table = new LookupTable(new Float32Array(6).fill(0.5), 2);
  const squares = new Float32Array(table.values.buffer, 3 * table.delta, 6);
  squares.set([1e-31, 1e-35, 2 ** -140, 1e-28, 1e-10, NaN]);
  for (let k = 0; k < 256; k++) table.step(adam, true);
  expect([...squares.subarray(0, 3)]).toEqual([0, 0, 0]);
  expect(squares[3]).toBeCloseTo(0.999 ** 256 * 1e-28, 33);
  expect(squares[4]).toBeGreaterThan(7e-11);
  expect(squares[5]).toBeNaN();
});
