import {CrossIndex} from '../../layers/cross_dictionary';
import {generator, integers} from '../helpers/random';

it('finds each combination of a dictionary at its place, and no other', () => {
  const next = generator(3);
  const sizes: Array<[number, number]> = [
    [1, 300],
    [40, 7],
    [5, 5],
    [200, 1],
  ];
  const places = new Map<string, number>();
  const dictionary: number[] = [];
  // The third pair has no combination.
  const counts = sizes.map(([left, right], p) => {
    const before = dictionary.length / 2;
    for (let a = 0; a < left; a++) {
      for (let b = 0; b < right; b++) {
        if (p === 2 || integers(next, 1, 3)[0] > 0) continue;
        places.set([p, a, b].join(), dictionary.length / 2);
        dictionary.push(a, b);
      }
    }
    return dictionary.length / 2 - before;
  });
  const index = new CrossIndex(
    dictionary,
    counts,
    sizes.map(([left]) => left),
  );
  sizes.forEach(([left, right], p) => {
    for (let a = 0; a < left; a++)
      for (let b = 0; b < right; b++) expect(index.find(p, a, b)).toBe(places.get([p, a, b].join()) ?? -1);
  });
  expect(places.size).toBeGreaterThan(200);
});
