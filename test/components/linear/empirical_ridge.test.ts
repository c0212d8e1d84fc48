import {sigmoid} from '../../../src/logistic';
import {seededRandom} from '../../../src/random';
import {empiricalRidge} from '../../../src/components/linear/empirical_ridge';
import {ridgePath} from '../../../src/components/linear/ridge_path';
import {RidgePenalty} from '../../../src/components/linear/ridge_penalty';
import {LinearFit, pointOf, RidgeRegression} from '../../../src/components/linear/ridge_regression';

const random = seededRandom(11);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const ROWS = 5000;

/** Rows whose labels follow a weight for each id of each field. */
function drawn(weights: readonly number[][]) {
  const ids = Int32Array.from({length: ROWS * weights.length}, (_, k) =>
    Math.floor(random() * weights[k % weights.length].length),
  );
  const labels = Float32Array.from({length: ROWS}, (_, i) =>
    random() < sigmoid(weights.reduce((sum, own, f) => sum + own[ids[i * weights.length + f]], 0)) ? 1 : 0,
  );
  return {ids, labels};
}

const values = (count: number, deviation: number) => Array.from({length: count}, () => deviation * normal());
/** A threshold, a slope, values that vary widely, and two fields without any effect. */
const truth = [
  Array.from({length: 40}, (_, k) => (k < 20 ? -1 : 1)),
  Array.from({length: 40}, (_, k) => (k - 20) / 20),
  values(60, 1.5),
  values(60, 0),
  Array.from({length: 40}, () => 0),
];
const fields = truth.map(({length}, f) => ({name: `f${f}`, size: length, ordered: length === 40}));

/** Mean square of the error of each field's weights, apart from their mean. */
function errors({kernel}: LinearFit): number[] {
  let at = 0;
  return truth.map(own => {
    const fit = kernel.subarray(at, (at += own.length));
    const off = own.map((w, k) => fit[k] - w);
    const mean = off.reduce((sum, x) => sum + x, 0) / off.length;
    return off.reduce((sum, x) => sum + (x - mean) ** 2, 0) / off.length;
  });
}

describe('empiricalRidge', () => {
  const table = drawn(truth);
  const path = ridgePath(table, fields, [1000, 300, 100, 30, 10, 3, 1, 0.3, 0.1, 0.03, 0.01]);
  const fit = empiricalRidge(table, fields, path[4]);
  const ridges = fit.ridge as number[];

  it('finds the variance that the weights were drawn with, and holds what has no effect', () => {
    expect(1 / Math.sqrt(ridges[2])).toBeGreaterThan(1.2);
    expect(1 / Math.sqrt(ridges[2])).toBeLessThan(1.8);
    expect(ridges[1]).toBeGreaterThan(3 * ridges[0]);
    expect(Math.min(ridges[3], ridges[4])).toBeGreaterThan(100);
  });

  it('has weights nearer to the truth than any single penalty has', () => {
    const total = (of: LinearFit) => errors(of).reduce((sum, error) => sum + error, 0);
    expect(total(fit)).toBeLessThan(0.8 * Math.min(...path.map(total)));
  });

  it('ends where ridge, degrees of freedom and weights agree, from either end of the path', () => {
    const penalty = new RidgePenalty(fields, fit.ridge);
    const degrees = penalty.degrees(RidgeRegression.of('test', table, fields).at(pointOf(fit)).diagonal);
    const squares = penalty.squares(fit.kernel);
    [0, 1, 2].forEach(f => expect(degrees[f] / squares[f] / ridges[f]).toBeCloseTo(1, 1));
    const others = [path[2], path[10]].map(start => empiricalRidge(table, fields, start));
    for (const {kernel} of others) kernel.forEach((w, j) => expect(Math.abs(w - fit.kernel[j])).toBeLessThan(0.1));
  });

  it('takes whole rows for as many as their weight says', () => {
    const twice = empiricalRidge({...table, weights: new Float32Array(ROWS).fill(2)}, fields, path[4]);
    const doubled = {
      ids: Int32Array.from([...table.ids, ...table.ids]),
      labels: Float32Array.from([...table.labels, ...table.labels]),
    };
    const want = empiricalRidge(doubled, fields, path[4]);
    (twice.ridge as number[]).forEach((ridge, f) => expect(ridge / (want.ridge as number[])[f]).toBeCloseTo(1, 3));
  });

  it('names ids that are not those of the fields', () => {
    expect(() => empiricalRidge({ids: table.ids.subarray(1), labels: table.labels}, fields, path[0])).toThrow(
      `empiricalRidge: \`ids\` must hold whole rows of 5 ids. Received: ${table.ids.length - 1} ids.`,
    );
  });
});
