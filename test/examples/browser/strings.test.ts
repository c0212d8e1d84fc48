import {words} from '../../../examples/browser/strings';

it('the names of buckets have no digits that come from adding in binary', () => {
  const edge = (0.1 + 0.2) / 2;
  expect(edge).toBe(0.15000000000000002);
  const {bucket} = words.values;
  expect([bucket(undefined, edge), bucket(edge, 0.5), bucket(edge, undefined), bucket(undefined, undefined)]).toEqual([
    'below 0.15',
    '0.15 to 0.5',
    'from 0.15',
    'any',
  ]);
});
