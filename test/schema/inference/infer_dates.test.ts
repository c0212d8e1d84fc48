import {assumed, infer, reading, type Values} from '../../helpers/inferred';

describe('dates', () => {
  const two = (number: number) => String(number).padStart(2, '0');
  const monthOf = (name: string) => two(1 + ['Jan', 'Feb', 'Mar'].indexOf(name));

  it.each<[string, (day: number, month: number, row: number) => string]>([
    ['date: weekday, month', (day, month) => `2024-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`],
    [
      'date: hour, weekday, month',
      (day, month, row) =>
        `2024-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}T${String(row % 24).padStart(2, '0')}:05:00+02:00`,
    ],
    ['date %Y-%-m-%-d: weekday, month', (day, month) => `2024-${month}-${day}`],
    ['date %-m/%-d/%Y: weekday, month', (day, month) => `${month}/${day}/2024`],
    ['date %-d/%-m/%y %-H:%M: hour, weekday, month', (day, month, row) => `${day}/${month}/24 ${row % 24}:05`],
    [
      'date %-d.%-m.%Y %-H:%M:%S.%f: hour, weekday, month',
      (day, month, row) => `${day}.${month}.2024 ${row % 24}:05:00.25`,
    ],
    [
      'date %b %-d, %Y %-I:%M %p: hour, weekday, month',
      (day, month, row) => `${['Jan', 'Feb', 'Mar'][month - 1]} ${day}, 2024 ${1 + (row % 12)}:05 PM`,
    ],
    ['date %-d-%b-%Y: weekday, month', (day, month) => `${day}-${['Jan', 'Feb', 'Mar'][month - 1]}-2024`],
    ['date %Y/%-m/%-d %-H:%M %z: hour, weekday, month', (day, month, row) => `2024/${month}/${day} ${row % 24}:05 UTC`],
    [
      'date %Y%m%d: weekday, month',
      (day, month) => `2024${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`,
    ],
    [
      'date %y%m%d%H: hour, weekday, month',
      (day, month, row) =>
        `24${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}${String(row % 24).padStart(2, '0')}`,
    ],
    [
      'date %s: hour, weekday, month',
      (day, month, row) => String(1_704_067_200 + (month * 30 + day) * 86_400 + (row % 24) * 3600),
    ],
    [
      'date %Q: hour, weekday, month',
      (day, month, row) => String(1_704_067_200_000 + (month * 30 + day) * 86_400_000 + (row % 24) * 3_600_000),
    ],
    ['date %-H:%M: hour', (day, _month, row) => `${row % 24}:${10 + day}`],
  ])('%s', (expected, value) => {
    expect(reading('when', row => value(1 + (row % 28), 1 + ((row * 7919) % 3), row))).toBe(expected);
  });

  it.each<[string, (day: string, month: string, hour: string) => string]>([
    ['%a, %-d %b %Y %-H:%M:%S %z', (d, m, h) => `Sat, ${d} ${m} 2014 ${h}:05:00 +0100`],
    ['%a, %-d %b %Y %-H:%M:%S %z', (d, m, h) => `Sat, ${d} ${m} 2014 ${h}:05:00 GMT`],
    ['%a, %-d-%b-%y %-H:%M:%S %z', (d, m, h) => `Saturday, ${d}-${m}-14 ${h}:05:00 GMT`],
    ['%a %b %-d %-H:%M:%S %Y', (d, m, h) => `Sat ${m} ${d.replace(/^0/, ' ')} ${h}:05:00 2014`],
    ['%a %b %-d %-H:%M:%S %Z %Y', (d, m, h) => `Sat ${m} ${d} ${h}:05:00 CET 2014`],
    ['%a %b %-d %-H:%M:%S %z %Y', (d, m, h) => `Sat ${m} ${d} ${h}:05:00 +0000 2014`],
    [
      '%a %b %-d %Y %-H:%M:%S GMT%z (%Z)',
      (d, m, h) => `Sat ${m} ${d} 2014 ${h}:05:00 GMT+0100 (Central European Time)`,
    ],
    ['%a, %b %-d, %Y, %-I:%M %p', (d, m) => `Saturday, ${m} ${d}, 2014, 7:05 PM`],
    ['%-d/%b/%Y:%-H:%M:%S %z', (d, m, h) => `${d}/${m}/2014:${h}:05:00 +0200`],
    ['[%-d/%b/%Y:%-H:%M:%S %z]', (d, m, h) => `[${d}/${m}/2014:${h}:05:00 +0200]`],
    ['%Y-%-m-%-d %-H:%M %Z', (d, m, h) => `2014-${monthOf(m)}-${d} ${h}:05 EST`],
    ['%Y-%-m-%-dT%-H:%M%z[%Z]', (d, m, h) => `2014-${monthOf(m)}-${d}T${h}:05+01:00[Europe/Paris]`],
    ['%Y%m%dT%H%M%S%z', (d, m, h) => `2014${monthOf(m)}${d}T${h}0500Z`],
    ['%Y%m%d %H%M', (d, m, h) => `2014${monthOf(m)}${d} ${h}05`],
    ['%-d.%-m.%Y, %-H:%M:%S', (d, m, h) => `${d}.${monthOf(m)}.2014, ${h}:05:00`],
  ])('%s', (format, text) => {
    const value = (row: number) => text(two(1 + (row % 28)), ['Jan', 'Feb', 'Mar'][(row * 7919) % 3], two(row % 24));
    expect(reading('when', value)).toBe(`date ${format}: hour, weekday, month`);
  });

  it('says so where month and day cannot be told apart, and takes the other order where it is asked for', () => {
    const day = (row: number) => `${1 + (row % 12)}/${1 + ((row * 7) % 12)}/2024`;
    expect(assumed({day}, 'day')).toEqual({
      column: 'day',
      reading: 'date %-m/%-d/%Y: weekday, month',
      why: 'all values are dates, though no value tells month and day apart',
      alternative: {reading: 'date %-d/%-m/%Y', option: 'as', value: 'date:%-d/%-m/%Y'},
    });
    expect(infer({day}, {as: {day: 'date:%-d/%-m/%Y'}}).schema.fields[2]).toMatchObject({format: '%-d/%-m/%Y'});
  });

  it.each<[string, Values[string], string]>([
    [
      'two forms',
      row => (row % 2 === 0 ? `2024-0${1 + (row % 9)}-1${row % 7}` : `1${row % 7}.0${1 + (row % 9)}.2024`),
      'such as "10.01.2024" and "2024-01-10"; write all of them alike, or by a query: ' +
        `SELECT * REPLACE (try_strptime("day", ['%-d.%-m.%Y', '%Y-%-m-%-d']) AS "day") FROM 'FILE'`,
    ],
    [
      'forms of which one has names of months',
      row => (row % 3 === 0 ? `${1 + (row % 28)} May 2024` : `${1 + (row % 12)}/${13 + (row % 9)}/2024`),
      'such as "2/14/2024" and "1 May 2024"; write all of them alike',
    ],
  ])('of %s are text, and the cure is said', (_what, day, why) => {
    expect(assumed({day}, 'day')).toMatchObject({
      reading: 'category',
      why: `it holds dates of several forms, ${why}`,
      alternative: {value: 'drop'},
    });
  });

  it.each<[string, string, Values[string]]>([
    ['ids of eight digits', 'order_id', row => 20_240_101 + (row % 28)],
    ['numbers of ten digits', 'x', row => 3_000_000_000 + ((row * 7919) % 300)],
    ['text in which many are not dates', 'day', row => (row % 9 ? '2024-02-30' : `2024-01-${10 + (row % 20)}`)],
  ])('%s are none', (_what, name, value) => {
    expect(reading(name, value)).not.toMatch(/^date/);
  });
});
