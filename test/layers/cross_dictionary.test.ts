import type {FieldSpec} from 'tfjs-autofis';
import {CrossIndex, restFactors} from '../../layers/cross_dictionary';
import {generator, integers} from '../helpers/random';

const fields: FieldSpec[] = [1, 300, 40, 7, 5, 200].map((size, f) => ({name: `f${f}`, size}));

/** Every combination of some fields' values, in ascending order. */
function combinationsOf(interaction: number[]): number[][] {
  return interaction.reduce<number[][]>(
    (all, f) => all.flatMap(ids => Array.from({length: fields[f].size}, (_, id) => [...ids, id])),
    [[]],
  );
}

it.each<[string, number[][]]>([
  [
    'pairs',
    [
      [0, 1],
      [2, 3],
      [3, 4],
      [0, 5],
    ],
  ],
  [
    'pairs and triples',
    [
      [2, 3],
      [3, 4],
      [0, 2, 3],
      [2, 3, 4],
    ],
  ],
])('finds each combination of %s at its place, and no other', (_, interactions) => {
  const next = generator(3);
  const width = interactions.some(({length}) => length === 3) ? 3 : 2;
  const places = new Map<string, number>();
  const dictionary: number[] = [];
  const counts = interactions.map((interaction, p) => {
    const before = places.size;
    for (const ids of combinationsOf(interaction)) {
      // The second one has no combination.
      if (p === 1 || integers(next, 1, 3)[0] > 0) continue;
      places.set([p, ...ids].join(), places.size);
      dictionary.push(...ids, ...new Array<number>(width - ids.length).fill(0));
    }
    return places.size - before;
  });
  const index = new CrossIndex(dictionary, counts, interactions, fields);
  const factors = restFactors(interactions, fields);
  interactions.forEach((interaction, p) => {
    for (const ids of combinationsOf(interaction)) {
      const [a, b, c = 0] = ids;
      expect(index.find(p, a, b * factors[p] + c)).toBe(places.get([p, ...ids].join()) ?? -1);
    }
  });
  expect(places.size).toBeGreaterThan(150);
});
