import {TextColumnBuilder} from '../../../src/schema/columns/text_column';
import {compareReadings, foldCounts} from '../../../src/schema/inference/compare_readings';
import type {PartName} from '../../../src/schema/split';

const ROWS = 4000;

function columnOf(name: string, value: (row: number) => number) {
  const builder = new TextColumnBuilder(name);
  for (let row = 0; row < ROWS; row++) builder.add(String(value(row)));
  return builder.column();
}

/** Labels follow whether the value is odd, which no order of values says. */
const column = columnOf('x', row => (row * 7) % 200);
const label = {...columnOf('y', row => ((row * 7) % 2 === 1 && row % 5 > 0 ? 1 : 0)), rule: {column: 'y'}};
const parts = (test: (row: number) => boolean) =>
  Array.from({length: ROWS}, (_, row): PartName => (test(row) ? 'test' : 'train'));

it('a category is better where neighbouring values have other rates', () => {
  expect(
    compareReadings(
      foldCounts(
        column,
        [],
        label,
        parts(() => false),
      ),
    ),
  ).toMatchObject({better: 'category'});
});

it('labels of test rows are not counted', () => {
  const {counts} = foldCounts(
    column,
    [],
    label,
    parts(row => row % 4 === 0),
  );
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(0.75 * ROWS);
  expect(
    compareReadings(
      foldCounts(
        column,
        [],
        label,
        parts(() => true),
      ),
    ),
  ).toBeUndefined();
});
