import {periodSplits} from '../../../src/schema/inference/time_periods';

/** Days of October 2014 with these numbers of rows. */
const days = (...rows: number[]) => ({
  column: 'day',
  format: '%d.%m.%Y',
  values: rows.map((count, i) => ({value: `${String(i + 1).padStart(2, '0')}.10.2014`, count})),
});

it('tests on the last day, validates on the days before it that have a tenth of the rows, trains on the others', () => {
  const {splits, assumption} = periodSplits('x', days(9000, 800, 700, 600, 2000), {steps: 1});
  expect(splits).toEqual([
    {by: 'time', column: 'day', format: '%d.%m.%Y', validFrom: '2014-10-03', testFrom: '2014-10-05'},
  ]);
  expect(assumption).toMatchObject({
    column: null,
    reading: 'the last day is test (from 2014-10-05, 2000 rows), the 2 days before it validation (from 2014-10-03)',
    why: 'it is the shortest of day, week, month and year with 1,000 rows in each test',
    alternative: {reading: 'parts by weeks', option: 'period', value: 'week'},
  });
});

it('rolls: each step ends where the next one is tested', () => {
  const {splits} = periodSplits('x', days(2000, 2000, 2000, 2000, 2000), {steps: 3});
  expect(splits.map(({validFrom, testFrom, until}) => [validFrom, testFrom, until])).toEqual([
    ['2014-10-02', '2014-10-03', '2014-10-04'],
    ['2014-10-03', '2014-10-04', '2014-10-05'],
    ['2014-10-04', '2014-10-05', undefined],
  ]);
});

it('takes the shortest period with enough rows, and leaves one day for training at least', () => {
  const months = {
    column: 'time',
    format: '%s',
    values: Array.from({length: 300}, (_, i) => ({value: String(946_684_800 + i * 86_400), count: 40})),
  };
  const {splits, assumption} = periodSplits('x', months, {steps: 1});
  expect(assumption.reading).toMatch(/^the last month is test/);
  expect(splits[0]).toMatchObject({validFrom: '2000-09-01', testFrom: '2000-10-01'});
  expect(periodSplits('x', months, {steps: 1, period: 'week'}).splits[0].testFrom).toBe('2000-10-23');
  // None of them has rows enough: the longest of which there are three.
  expect(periodSplits('x', days(5, 5, 5), {steps: 1}).splits[0]).toMatchObject({
    validFrom: '2014-10-02',
    testFrom: '2014-10-03',
  });
});

it('takes the longest of which there are enough where none has 1,000 rows', () => {
  const weeks = Array.from({length: 26}, () => 100);
  expect(periodSplits('x', days(...weeks), {steps: 3}).assumption.why).toBe(
    'no period has 1,000 rows in each test; this is the longest of which there are enough',
  );
});

it('begins weeks on Monday, also before 1970, and years in January', () => {
  const values = ['1969-12-28', '1969-12-29', '1970-01-04', '1970-01-05', '1972-03-01'].map(value => ({
    value,
    count: 1,
  }));
  const times = {column: 'd', format: 'iso', values};
  expect(periodSplits('x', times, {steps: 2, period: 'week'}).splits.map(({testFrom}) => testFrom)).toEqual([
    '1970-01-05',
    '1972-02-28',
  ]);
  expect(periodSplits('x', times, {steps: 1, period: 'year'}).splits[0].testFrom).toBe('1972-01-01');
});

it('takes each number as a period of its own', () => {
  const values = [10, 9, 2].map(value => ({value: String(value), count: 3}));
  expect(periodSplits('x', {column: 'day', values}, {steps: 1})).toMatchObject({
    splits: [{by: 'time', column: 'day', validFrom: 9, testFrom: 10}],
    assumption: {
      column: null,
      reading: 'the last value is test (from 10, 3 rows), the 1 value before it validation (from 9)',
      why: 'each number is a period',
      alternative: null,
    },
  });
});

it.each([
  [
    'fewer days than parts',
    {steps: 1},
    [5, 5],
    'x: the times in day fall into 2 days, and 3 are needed: one to test with, one for validation ' +
      'and one to train on. Give a shorter `period`, another `timeColumn`, or more rows.',
  ],
  [
    'fewer days than steps',
    {steps: 3},
    [5, 5, 5, 5],
    'x: the times in day fall into 4 days, and 5 are needed: 3 to test with, one for validation ' +
      'and one to train on. Give a shorter `period`, fewer steps of `rolling`, another `timeColumn`, or more rows.',
  ],
  ['one week', {steps: 1, period: 'week' as const}, [5, 5, 5], 'fall into 1 week, and 3 are needed'],
])('says what is missing: %s', (_, options, rows, message) => {
  expect(() => periodSplits('x', days(...rows), options)).toThrow(message);
});

it('refuses a period of numbers', () => {
  expect(() => periodSplits('x', {column: 'n', values: []}, {steps: 1, period: 'day'})).toThrow(
    'x: `period` applies to dates, but n holds numbers, each of which is a period. Leave it out.',
  );
});
