import {csvLine, uniqueNames} from '../../../examples/browser/worker/csv';

it('no value is a formula for a spreadsheet, and numbers stay numbers', () => {
  expect(csvLine(['=1+1', '+A1', '-A1', '@sum', '\tx', '-3.5', -3.5, 'plain'])).toBe(
    "'=1+1,'+A1,'-A1,'@sum,'\tx,-3.5,-3.5,plain",
  );
});

it('separators, quotation marks and line ends are quoted, behind the apostrophe', () => {
  expect(csvLine(['a,b', 'say "a"', 'two\nlines', '=a,b'])).toBe('"a,b","say ""a""","two\nlines","\'=a,b"');
});

it('each name of a column is there once', () => {
  expect(uniqueNames(['label', 'id 0', 'label', 'label', 'label (2)'])).toEqual([
    'label',
    'id 0',
    'label (2)',
    'label (3)',
    'label (2) (2)',
  ]);
});
