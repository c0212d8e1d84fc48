import {alphaAt} from '../../../examples/browser/view/along_path';

const path = [{alpha: [1, 0.5, 0.25, 2]}, {alpha: [0.5, 0, 0, 3]}, {alpha: [0, 0, 0, 3]}];

it('is the path itself at its penalties', () => {
  path.forEach(({alpha}, i) => expect(Array.from(alphaAt({path}, i))).toEqual(alpha));
});

it('in between gates close one by one, the smallest first, and open ones move evenly', () => {
  expect(Array.from(alphaAt({path}, 0.4))).toEqual([0.8, 0.5, 0.25, 2.4].map(Math.fround));
  expect(Array.from(alphaAt({path}, 0.5))).toEqual([0.75, 0.5, 0, 2.5]);
  expect(Array.from(alphaAt({path}, 0.99)).slice(1, 3)).toEqual([0.5, 0]);
});
