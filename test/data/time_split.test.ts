import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {timeSplit} from 'tfjs-autofis/data';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-time-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

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
    validFrom: 69,
    testFrom: 79,
  });
  const days = shuffled.map(i => `2014-10-${String(1 + Math.floor(i / 10)).padStart(2, '0')}`);
  expect(await timeSplit({source: table(days), column: 'when', test: 0.05})).toEqual({
    by: 'time',
    column: 'when',
    testFrom: '2014-10-10',
  });
});

it('rows without a time do not count', async () => {
  const source = table([...shuffled, '', '']);
  expect(await timeSplit({source, column: 'when', test: 0.5})).toMatchObject({testFrom: 49});
});

it('reads dates by a format, whose texts do not sort by time', async () => {
  const source = table(shuffled.map(i => `${1 + Math.floor(i / 10)}.${i % 2 === 0 ? 9 : 10}.2014`));
  expect(await timeSplit({source, column: 'when', format: '%-d.%-m.%Y', valid: 0.1, test: 0.1})).toEqual({
    by: 'time',
    column: 'when',
    format: '%-d.%-m.%Y',
    validFrom: '2014-10-06 00:00:00',
    testFrom: '2014-10-08 00:00:00',
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
  await expect(timeSplit({source: table([1, 2]), column: 'when', valid: 0.5, test: 0.5})).rejects.toThrow(
    'leave no row',
  );
  await expect(timeSplit({source: path.join(folder, 'none.csv'), column: 'when', test: 0.5})).rejects.toThrow(
    'none.csv',
  );
});
