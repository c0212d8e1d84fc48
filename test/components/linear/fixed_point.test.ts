import {FixedPoint} from '../../../src/components/linear/fixed_point';

const range = {least: 1e-3, most: 1e3};
/** x -> c^(1 - slope) x^slope, whose fixed point is c. */
const powers = [
  {c: 2, slope: 0.95},
  {c: 50, slope: 0.5},
  {c: 0.3, slope: -0.4},
  {c: 7, slope: 0},
];
const f = (x: readonly number[]) =>
  x.map((value, k) => powers[k].c ** (1 - powers[k].slope) * value ** powers[k].slope);

describe('FixedPoint', () => {
  it('finds slow and fast fixed points at once, sooner than by turns alone', () => {
    let [x, plain]: ReadonlyArray<number>[] = [powers.map(() => 1), powers.map(() => 1)];
    const search = new FixedPoint(x, range, 4);
    for (let round = 0; round < 25; round++) {
      x = search.next(f(x));
      plain = f(plain);
    }
    const far = (values: readonly number[]) =>
      Math.max(...values.map((value, k) => Math.abs(Math.log(value / powers[k].c))));
    expect(far(x)).toBeLessThan(0.03);
    expect(far(plain)).toBeGreaterThan(0.15);
  });

  it('stays within its range', () => {
    const search = new FixedPoint([1, 1], range, 4);
    for (let round = 0; round < 5; round++) {
      const [up, down] = search.next([1e9, 0]);
      expect(up).toBeLessThanOrEqual(1e3);
      expect(down).toBeGreaterThanOrEqual(1e-3);
    }
    expect(search.next([1e9, 0])).toEqual([1e3, 1e-3]);
  });
});
