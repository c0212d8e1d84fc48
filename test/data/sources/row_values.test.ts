import {splitRow} from '../../../src/data/sources/row_values';

it.each<[string, string[]]>([
  ['a,b', ['a', 'b']],
  ['', ['']],
  [',', ['', '']],
  ['"a,b","c""d",""', ['a,b', 'c"d', '']],
  [' "a" , b', ['a', ' b']],
  ['a"b",c', ['a"b"', 'c']],
  ['"""",""""""', ['"', '""']],
])('the values of %j', (row, values) => {
  expect(splitRow(row, {separator: ',', quote: '"'})).toEqual(values);
});

it('of a row without quotes, and with another separator', () => {
  expect(splitRow('"a,b"', {separator: ',', quote: null})).toEqual(['"a', 'b"']);
  expect(splitRow("'a b' 'c'", {separator: ' ', quote: "'"})).toEqual(['a b', 'c']);
});
