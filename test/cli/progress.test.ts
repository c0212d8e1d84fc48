import {barSize, timeInWords} from '../../src/data/staging/progress';

it.each([
  [200, 30],
  [80, 18],
  [40, 6],
])('a bar in a terminal of %d columns leaves room for what stands behind it', (columns, size) => {
  expect(barSize(62, columns)).toBe(size);
});

it.each([
  [0, '0s'],
  [59.2, '1m 0s'],
  [115, '1m 55s'],
  [3599, '59m 59s'],
  [3600, '1h 0m'],
  [93_784, '26h 3m'],
  ['INF', '?'],
])('%j seconds are %s', (seconds, words) => {
  expect(timeInWords(seconds)).toBe(words);
});
