import {aroundFive, differingOnNoise} from '../../benchmarks/experiments/paired_noise';

const TABLES = 200;
const [least, most] = aroundFive(TABLES);
const share = (rows: number, positives: number) => differingOnNoise({rows, positives}, TABLES, 12) / TABLES;

it('calls models of noise different on 5 % of the tables', () => {
  expect(share(100, 50)).toBeGreaterThan(least);
  expect(share(100, 50)).toBeLessThan(most);
});

it.each([
  [100, 5],
  [100, 95],
])('and on no more with %d rows, of which %d are positive', (rows, positives) => {
  expect(share(rows, positives)).toBeLessThan(most);
});
