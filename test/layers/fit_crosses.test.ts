import type {FieldSpec} from 'tfjs-autofis';
import {fitCrosses} from 'tfjs-autofis';
import {generator, integers} from '../helpers/random';

const fields: FieldSpec[] = [
  {name: 'user', size: 3},
  {name: 'tags', size: 4, width: 2},
  {name: 'item', size: 2},
];

describe('fitCrosses', () => {
  const ids = [0, 1, 2, 1, 0, 1, -1, 1, 0, 1, 1, 1, 2, 3, 3, 0];

  it('keeps the combinations that enough rows have, sorted, each row once', () => {
    // user x tags: (0, 1) in three rows, one of which has the tag twice; (0, 2) in one; (2, 3) in one, twice.
    const pairs = [
      [0, 1],
      [0, 2],
    ];
    expect(fitCrosses({ids, fields, interactions: [[1, 0], pairs[1]], leastCount: 3})).toEqual({
      interactions: pairs,
      counts: [1, 1],
      dictionary: Int32Array.from([0, 1, 0, 1]),
    });
    expect(fitCrosses({ids, fields, interactions: pairs, leastCount: 1})).toEqual({
      interactions: pairs,
      counts: [3, 2],
      dictionary: Int32Array.from([0, 1, 0, 2, 2, 3, 0, 1, 2, 0]),
    });
  });

  it('keeps a pair without combinations, and takes three rows for enough', () => {
    expect(fitCrosses({ids, fields, interactions: [[1, 2]], leastCount: 4})).toEqual({
      interactions: [[1, 2]],
      counts: [0],
      dictionary: new Int32Array(0),
    });
    expect(fitCrosses({ids, fields, interactions: [[1, 2]]}).counts).toEqual([1]);
  });

  it('counts triples behind pairs, whose ids a 0 fills up', () => {
    // Rows (user, tags, item): (0, {1, 2}, 1), (0, {1}, 1), (0, {1}, 1), (2, {3}, 0).
    expect(
      fitCrosses({
        ids,
        fields,
        interactions: [
          [2, 0, 1],
          [0, 2],
        ],
        leastCount: 1,
      }),
    ).toEqual({
      interactions: [
        [0, 2],
        [0, 1, 2],
      ],
      counts: [2, 3],
      dictionary: Int32Array.from(
        [
          [0, 1, 0],
          [2, 0, 0],
          [0, 1, 1],
          [0, 2, 1],
          [2, 3, 0],
        ].flat(),
      ),
    });
  });

  it.each<[string, number]>([
    ['an array', 12],
    ['a hash table', 40_000],
  ])('counts triples in %s as a map does', (_, size) => {
    const next = generator(4);
    const three: FieldSpec[] = ['a', 'b', 'c'].map(name => ({name, size}));
    // Of large fields some ids at the end, so that no number fits into 32 bits.
    const many = integers(next, 3000, 12).map(id => id + size - 12);
    const counts = new Map<string, number>();
    for (let i = 0; i < many.length; i += 3) {
      const key = `${many.slice(i, i + 3).join()}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const {dictionary} = fitCrosses({ids: many, fields: three, interactions: [[0, 1, 2]], leastCount: 2});
    const kept = Array.from({length: dictionary.length / 3}, (_, k) => dictionary.slice(3 * k, 3 * k + 3).join());
    expect(kept.length).toBeGreaterThan(50);
    expect(new Set(kept)).toEqual(new Set([...counts].filter(([, n]) => n >= 2).map(([key]) => key)));
  });

  it('counts pairs as a map does', () => {
    const next = generator(3);
    const many = integers(next, 3000, 40);
    const two: FieldSpec[] = [
      {name: 'a', size: 40},
      {name: 'b', size: 40},
      {name: 'c', size: 40},
    ];
    const counts = new Map<string, number>();
    for (let i = 0; i < many.length; i += 3)
      counts.set(`${many[i]},${many[i + 2]}`, (counts.get(`${many[i]},${many[i + 2]}`) ?? 0) + 1);
    const {dictionary} = fitCrosses({ids: many, fields: two, interactions: [[0, 2]], leastCount: 2});
    const kept = Array.from({length: dictionary.length / 2}, (_, k) => `${dictionary[2 * k]},${dictionary[2 * k + 1]}`);
    expect(kept.length).toBeGreaterThan(50);
    expect(new Set(kept)).toEqual(new Set([...counts].filter(([, n]) => n >= 2).map(([key]) => key)));
  });

  it('refuses rows of another length', () => {
    expect(() => fitCrosses({ids: [0, 1, 2], fields, interactions: [[0, 1]]})).toThrow(
      new Error('fitCrosses: `ids` must be rows of 4 columns. Received: "3 ids".'),
    );
  });
});
