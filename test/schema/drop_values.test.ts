import {countUnused, dropValues} from '../../src/schema/drop_values';
import {checkFitted} from '../../src/schema/vocabulary';
import {fittedSchema} from '../helpers/fitted';

const fitted = fittedSchema([
  {rule: {type: 'categorical', name: 'site', column: 'site'}, values: ['a', 'b', 'c']},
  {rule: {type: 'dateTime', name: 'hour', column: 'hour', part: 'hour'}},
]);
/** Which ids were seen: those of a missing value, an unseen one, and the values. */
const seen = (...site: number[]) => [Uint8Array.from([1, 1, ...site]), new Uint8Array(25)];

it('counts the updates since a value was last seen', () => {
  const first = countUnused(fitted, {}, seen(1, 0, 0));
  const second = countUnused(fitted, first, seen(0, 0, 1));
  expect([first, second]).toEqual([{site: [0, 1, 1]}, {site: [1, 2, 0]}]);
});

it('drops values that are gone, and says which ids are left', () => {
  const {fitted: after, sources, dropped, unused} = dropValues(fitted, {site: [1, 2, 0]}, 2);
  expect(checkFitted(after).fields[0]).toMatchObject({size: 4, values: ['a', 'c']});
  expect([...sources[0]]).toEqual([0, 1, 2, 4]);
  expect(sources[1]).toHaveLength(25);
  expect([dropped, unused]).toEqual([[{name: 'site', dropped: 1}], {site: [1, 0]}]);
  expect(dropValues(fitted, {}, 1).fitted).toEqual(fitted);
});
