import {allowedPairs, mostPairs, pairsInWords, possiblePairs, triplesOf} from '../../src/components/possible_pairs';
import {findTables} from '../../src/components/tables/find_tables';
import {allInteractions} from '../../src/interactions';
import {seededRandom} from '../../src/random';

// n rows x pairs <= 50 million, from all pairs of 40 fields to all of 100.
it.each([
  [1000, 4950],
  [10_000, 4950],
  [20_000, 2500],
  [10_000_000, 780],
])('of a table of %i rows %i pairs may interact', (rows, pairs) => {
  expect(mostPairs(rows)).toBe(pairs);
});

describe('in a table of 121 fields', () => {
  const WIDTH = 120;
  const fields = [
    {name: 'tags', size: 3, width: 2, combiner: 'mean' as const},
    ...Array.from({length: WIDTH}, (_, f) => ({name: `f${f}`, size: 2})),
  ];
  /** The label says whether f1 and f102 agree, nine times of ten; no field says anything by itself. */
  function rowsOf(rows: number) {
    const random = seededRandom(1);
    const ids = new Int32Array(rows * (WIDTH + 2)).map((_, k) => (k % (WIDTH + 2) >= 2 && random() < 0.5 ? 1 : 0));
    const labels = Float32Array.from({length: rows}, (_, i) => {
      const agree = ids[i * (WIDTH + 2) + 3] === ids[i * (WIDTH + 2) + 104];
      return agree === random() < 0.9 ? 1 : 0;
    });
    return {ids, labels};
  }
  const table = rowsOf(500);
  const linear = {ridge: 1, kernel: new Float64Array(3 + 2 * WIDTH), bias: 0};
  const possible = possiblePairs(table, fields, {linear, allowed: allInteractions(WIDTH + 1, 2), most: mostPairs(500)});

  it('those may interact that rows have most evidence for, in canonical order', () => {
    expect(possible).toHaveLength(4950);
    expect(possible).toContainEqual([2, 103]);
    const position = new Map(allInteractions(WIDTH + 1, 2).map((pair, p) => [`${pair}`, p]));
    const positions = possible.map(pair => position.get(`${pair}`)!);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(new Set(positions).size).toBe(4950);
  });

  it('pairs with a multi-hot field stay: nothing is known of them', () => {
    expect(possible.filter(([first]) => first === 0)).toHaveLength(WIDTH);
  });

  it('tables have only the pairs that may interact', () => {
    const found = (pairs: number[][]) => findTables(table, fields, {linear, pairs}).interactions;
    expect(found([[2, 103]]).map(({interaction}) => interaction)).toEqual([[2, 103]]);
    expect(found([[2, 4]])).toEqual([]);
  });

  it('a sentence says so', () => {
    expect(pairsInWords(fields, possible, [])).toBe(
      'The table has 121 fields and 7,260 pairs: only the 4,950 that rows have most evidence for may interact. ' +
        'All fields are in the linear part.',
    );
    expect(pairsInWords(fields.slice(0, 3), allInteractions(3, 2), [])).toBeNull();
  });
});

it('triples are those of which every pair may interact', () => {
  expect(triplesOf(allInteractions(6, 2))).toEqual(allInteractions(6, 3));
  const pairs = [
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 2],
    [2, 3],
  ];
  expect(triplesOf(pairs)).toEqual([
    [0, 1, 2],
    [0, 2, 3],
  ]);
});

test('forbidden fields are in no pair, and forbidden pairs are absent in either order', () => {
  const fields = ['a', 'b', 'c', 'd'].map(name => ({name, size: 2}));
  expect(allowedPairs(fields, ['d', ['c', 'a']])).toEqual([
    [0, 1],
    [1, 2],
  ]);
  expect(allowedPairs(fields, [])).toEqual(allInteractions(4, 2));
});
