import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {timeSplit} from 'tfjs-autofis/data';
import {emptyFolder} from '../helpers/folders';

const folder = emptyFolder();

/** A table with these times. */
function table(times: readonly (string | number)[]): string {
  const file = path.join(folder, 'rows.csv');
  writeFileSync(file, `y,when\n${times.map((time, i) => `${i % 2},${time}\n`).join('')}`);
  return file;
}

/** 0 to 99 in another order. */
const shuffled = Array.from({length: 100}, (_, i) => (i * 37) % 100);

it('finds the moments from which on the newest rows have these shares', async () => {
  expect(await timeSplit({source: table(shuffled), column: 'when', valid: 0.1, test: 0.2})).toEqual({
    by: 'time',
    column: 'when',
    validFrom: 70,
    testFrom: 80,
  });
  const days = shuffled.map(i => `2014-10-${String(1 + Math.floor(i / 10)).padStart(2, '0')}`);
  expect(await timeSplit({source: table(days), column: 'when', test: 0.05})).toEqual({
    by: 'time',
    column: 'when',
    testFrom: '2014-10-10',
  });
});

it.each([
  ['numbers', (day: number) => day, undefined, [8, 10]],
  ['texts', (day: number) => `day ${day - 1}`, undefined, ['day 7', 'day 9']],
  ['dates', (day: number) => `2014-10-${10 + day}`, 'iso', ['2014-10-18 00:00:00', '2014-10-20 00:00:00']],
])('of ten days with as many rows each, two tenths and one are three days: %s', async (_what, timeOf, format, cuts) => {
  const source = table(shuffled.map(i => timeOf(1 + Math.floor(i / 10))));
  const {validFrom, testFrom} = await timeSplit({source, column: 'when', format, valid: 0.2, test: 0.1});
  expect([validFrom, testFrom]).toEqual(cuts);
});

it('one row is for testing where a share is less than one', async () => {
  const split = await timeSplit({source: table([1, 2, 3]), column: 'when', test: 0.1});
  expect(split).toEqual({by: 'time', column: 'when', testFrom: 3});
});

it('rows without a time do not count', async () => {
  const source = table([...shuffled, '', '']);
  expect(await timeSplit({source, column: 'when', test: 0.5})).toMatchObject({testFrom: 50});
});

it('reads dates by a format, whose texts do not sort by time', async () => {
  const source = table(shuffled.map(i => `${1 + Math.floor(i / 10)}.${i % 2 === 0 ? 9 : 10}.2014`));
  expect(await timeSplit({source, column: 'when', format: '%-d.%-m.%Y', valid: 0.1, test: 0.1})).toEqual({
    by: 'time',
    column: 'when',
    format: '%-d.%-m.%Y',
    validFrom: '2014-10-07 00:00:00',
    testFrom: '2014-10-09 00:00:00',
  });
  await expect(timeSplit({source, column: 'when', format: '%q', test: 0.1})).rejects.toThrow('"%q" is not a unit');
  await expect(timeSplit({source, column: 'when', format: 'iso', test: 0.1})).rejects.toThrow(
    'leave no row for training: the oldest is missing',
  );
});

it('what cannot be split', async () => {
  await expect(timeSplit({source: table([5, 5, 5]), column: 'when', test: 0.2})).rejects.toThrow(
    'timeSplit: the times in when leave no row for training: the oldest is 5, and the newer parts would begin at ' +
      '5. Give smaller shares, or another `column`.',
  );
  await expect(timeSplit({source: table([1, 2]), column: 'day', test: 0.5})).rejects.toThrow(
    'timeSplit: the source has no column "day". It has "y", "when". Give another `column`.',
  );
  await expect(timeSplit({source: table(shuffled), column: 'when', valid: 0.6, test: 0.5})).rejects.toThrow(
    'timeSplit: `valid` and `test` are 1.1 together, which leave no row for training. Give smaller shares.',
  );
  await expect(timeSplit({source: table(['', '']), column: 'when', test: 0.5})).rejects.toThrow(
    'leave no row for training: the oldest is missing',
  );
  await expect(timeSplit({source: path.join(folder, 'none.csv'), column: 'when', test: 0.5})).rejects.toThrow(
    'none.csv',
  );
});
