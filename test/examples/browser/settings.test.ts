import {DEFAULTS, fromQuery, toQuery} from '../../../examples/browser/settings';

it('a link carries what is not the default, and brings it back', () => {
  expect(toQuery(DEFAULTS)).toBe('');
  const settings = {effort: 'normal', seed: 7} as const;
  expect(toQuery(settings)).toBe('effort=normal&seed=7');
  expect(fromQuery('?effort=normal&seed=7')).toEqual({settings, wrong: []});
});

it.each([
  ['effort=fast', ['effort']],
  ['seed=-1', ['seed']],
  ['seed=1.5', ['seed']],
  ['seed=1000001', ['seed']],
  ['passes=3&seed=2', ['passes']],
])('%s: names what it cannot use', (query, wrong) => {
  expect(fromQuery(`?${query}`).wrong).toEqual(wrong);
});
