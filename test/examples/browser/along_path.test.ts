import {alongPath} from '../../../examples/browser/view/along_path';

const path = [
  [1, 0.5, 0.25, 2],
  [0.5, 0, 0, 3],
  [0, 0, 0, 3],
].map(alpha => ({alpha: Float32Array.from(alpha)}));
const at = (position: number) => Array.from(alongPath(path)(position));

it('is the path itself at its penalties', () => {
  path.forEach(({alpha}, i) => expect(at(i)).toEqual(Array.from(alpha)));
});

it('in between gates close one by one, the smallest first, and open ones move evenly', () => {
  expect(at(0.4)).toEqual([0.8, 0.5, 0.25, 2.4].map(Math.fround));
  expect(at(0.5)).toEqual([0.75, 0.5, 0, 2.5]);
  expect(at(0.99).slice(1, 3)).toEqual([0.5, 0]);
});
