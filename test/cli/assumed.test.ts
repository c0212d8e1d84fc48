import {tableInWords} from '../../src/cli/commands/encode';
import {positiveAssumed} from '../../src/cli/steps/assumed';

it('names the positive label as the table writes it, and without an assumption as the rule does', () => {
  const named = {why: 'it was named', alternative: null, isDoubtful: false};
  const assumption = {...named, column: 'failed', reading: 'label: failed = True'};
  expect(positiveAssumed({column: 'failed'}, [assumption])).toBe('failed = True');
  expect(positiveAssumed({column: 'failed'}, [])).toBe('failed = 1');
  const other = {...assumption, column: 'on', reading: 'number'};
  expect(positiveAssumed({column: 'on', comparison: '>', threshold: 2}, [assumption, other])).toBe('on > 2');
});

it('names rows, fields, and the columns that leave a doubt, each with its flag', () => {
  const column = {reading: 'left out', why: 'it counts the rows', isDoubtful: true};
  const words = tableInWords({
    fields: [3, 4, 5].map((size, i) => ({name: `f${i}`, type: i === 0 ? 'numeric' : 'categorical', size})),
    parts: {
      train: {rows: 8000, positives: 1900},
      valid: {rows: 1000, positives: 50},
      test: {rows: 1000, positives: 50},
    },
    rejects: 0,
    leftOut: [],
    assumptions: [
      {...column, column: 'row', alternative: {reading: 'number', option: 'as', value: 'number'}},
      {...column, column: 'shop', isDoubtful: false, alternative: null},
    ],
  });
  expect(words.split('\n')).toEqual([
    '10,000 rows, 20.0 % positive: 8,000 train, 1,000 valid, 1,000 test',
    '3 fields with 12 ids: 1 numeric, 2 categorical; 1 worth a look:',
    "row: left out, since it counts the rows; --as 'row=number': number",
  ]);
});
