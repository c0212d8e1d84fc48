import {checkSplit, type TimeSplit} from '../../src/schema/split';
import {partAt} from '../../src/schema/split_times';

const split: TimeSplit = {
  by: 'time',
  column: 'day',
  format: '%-d.%-m.%Y %H:%M',
  validFrom: '2014-10-09',
  testFrom: '2014-10-10 12:00',
  until: '2014-11-01',
};

it('reads dates by their format, whose texts do not sort by time', () => {
  const part = partAt(checkSplit('x', split) as TimeSplit);
  const times = ['8.10.2014 23:59', '9.10.2014 00:00', '10.10.2014 11:59', '10.10.2014 12:00', '1.11.2014 00:00'];
  expect(times.map(part)).toEqual([0, 1, 1, 2, 3]);
  expect(['31.2.2014 00:00', 'unknown'].map(part)).toEqual([undefined, undefined]);
});

it('compares numbers as numbers, and other texts by their bytes', () => {
  const numbers = partAt({by: 'time', column: 'n', validFrom: 9, testFrom: 10, until: 100});
  expect(['8', '9.5', '10', '1e2', 'x'].map(numbers)).toEqual([0, 1, 2, 3, undefined]);
  const texts = partAt({by: 'time', column: 't', testFrom: '14103000'});
  expect(['14102923', '14103000'].map(texts)).toEqual([0, 2]);
});

it.each<[string, Partial<TimeSplit>, string]>([
  ['an unknown unit', {format: '%Y-%q'}, 'x: `split.format`: "%q" is not a unit.'],
  ['a format without days', {format: '%H:%M'}, 'x: `split.format`: the part "weekday" needs %Y'],
  ['a cut of the format', {testFrom: '10.10.2014'}, 'x: `split.testFrom` must be a date in ISO 8601, since the split'],
  ['an end before the test', {until: '2014-10-10'}, 'x: `split.testFrom` must not be later than `until`.'],
])('refuses %s', (_, change, message) => {
  expect(() => checkSplit('x', {...split, ...change})).toThrow(message);
});
