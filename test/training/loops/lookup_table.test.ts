import {LookupTable} from '../../../src/training/loops/lookup_table';

const adam = {beta1: 0.9, beta2: 0.999, rate: 0.01, epsilon: 1e-7};
const SMALLEST_NORMAL = 2 ** -126;

/** A step on a whole table, with a penalty or without one, that changes no weight any more. */
const steps: Record<string, (table: LookupTable) => unknown> = {
  'of Adam': table => table.step(adam, true),
  'with a ridge': table => table.ridgeStep(adam, 0, [{from: 0, to: 3, stride: 0, scale: 1}]),
};

it.each(Object.keys(steps))('ends the moments of rows without a gradient before they are denormal: %s', name => {
  const table = new LookupTable(new Float32Array(6).fill(0.5), 2);
  const moments = new Float32Array(table.values.buffer, 2 * table.delta, 6);
  table.gradient.fill(1e-3);
  const weights: number[][] = [];
  let smallest = Infinity;
  for (let k = 0; k < 1200; k++) {
    steps[name](table);
    weights.push([...table.weight]);
    for (const m of moments) if (m !== 0) smallest = Math.min(smallest, m);
  }
  expect(smallest).toBeGreaterThan(SMALLEST_NORMAL);
  expect([...moments]).toEqual(Array(6).fill(0));
  // A gradient that lies far back had ended to move them long before.
  expect(weights[1199]).toEqual(weights[300]);
  expect(weights[0][0]).toBeLessThan(0.5);
});
