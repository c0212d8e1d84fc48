import {labelOf} from '../../src/schema/label';

it.each([
  ['0', 0], ['0.0', 0], ['false', 0], ['False', 0], ['FALSE', 0], ['1', 1], ['1.0', 1], ['true', 1], ['True', 1], ['TRUE', 1],
  ['2', undefined], ['', undefined], ['yes', undefined], [' 1', undefined], ['fAlse', undefined],
])('labelOf(%j) is %p', (text, label) => {
  expect(labelOf(text)).toBe(label);
});
