import {
  interactingFields,
  interactingInWords,
  interactionsOf,
  mostInteracting,
} from '../../src/components/interacting_fields';
import {ridgePath} from '../../src/components/linear/ridge_path';
import {findTables} from '../../src/components/tables/find_tables';
import {seededRandom} from '../../src/random';

describe('interactionsOf', () => {
  const fields = ['a', 'b', 'c', 'd'].map(name => ({name}));

  it('counts positions over all fields', () => {
    expect(interactionsOf(fields, 2, new Set(['a', 'c', 'd']))).toEqual([
      [0, 2],
      [0, 3],
      [2, 3],
    ]);
    expect(interactionsOf(fields, 3, new Set(['d', 'b', 'a']))).toEqual([[0, 1, 3]]);
  });

  it('has all by default', () => {
    expect(interactionsOf(fields, 2)).toHaveLength(6);
  });
});

// n rows x k (k - 1) / 2 pairs <= 50 million, from 40 to 100 fields.
it.each([
  [1000, 100],
  [10_000, 100],
  [20_000, 71],
  [50_000, 45],
  [10_000_000, 40],
])('of a table of %i rows %i fields may interact', (rows, fields) => {
  expect(mostInteracting(rows)).toBe(fields);
});

describe('in a table of 104 fields', () => {
  const ROWS = 1000;
  const WIDTH = 104;
  const fields = [
    {name: 'tags', size: 3, width: 2, combiner: 'mean' as const},
    ...Array.from({length: WIDTH - 1}, (_, f) => ({name: `f${f}`, size: 2})),
  ];
  /** The label follows f1 and f102, each nine times of ten; f0 and tags are constant. */
  function rowsOf(seed: number) {
    const random = seededRandom(seed);
    const labels = Float32Array.from({length: ROWS}, () => (random() < 0.5 ? 1 : 0));
    const ids = Int32Array.from({length: ROWS * (WIDTH + 1)}, (_, k) => {
      const [i, column] = [Math.floor(k / (WIDTH + 1)), k % (WIDTH + 1)];
      if (column < 2) return column === 0 ? 1 : -1;
      const f = column - 2;
      if (f === 0) return 1;
      const told = f === 1 || f === 102;
      return random() < (told ? 0.9 : 0.5) ? labels[i] : 1 - labels[i];
    });
    return {ids, labels};
  }

  it('those may interact that move logistic regression most', () => {
    const table = rowsOf(1);
    const interacting = interactingFields(fields, table, ridgePath(table, fields, [30])[0])!;
    expect(interacting.size).toBe(100);
    expect(interacting.has('f1')).toBe(true);
    expect(interacting.has('f102')).toBe(true);
    // What never varies adds the same to every row, however large its weight is.
    expect(interacting.has('f0')).toBe(false);
    expect(interacting.has('tags')).toBe(false);
  });

  it('rows of weight 0 do not count', () => {
    const table = rowsOf(1);
    // Where all rows that count are alike in f1, it moves nothing.
    const column = 1 + 2;
    const weights = Float32Array.from(table.labels, (_, i) => table.ids[i * (WIDTH + 1) + column]);
    const fit = {kernel: new Float64Array(3 + 2 * (WIDTH - 1)).map((_, k) => k)};
    expect(interactingFields(fields, table, fit)!.has('f1')).toBe(true);
    expect(interactingFields(fields, {...table, weights}, fit)!.has('f1')).toBe(false);
  });

  it('tables have only the pairs of these', () => {
    const table = rowsOf(1);
    // A penalty that leaves logistic regression no weights: tables say what their fields say alone.
    const none = ridgePath(table, fields, [1e6])[0];
    const pairsOf = (names: string[]) =>
      findTables(table, fields, none, new Set(names)).interactions.map(({interaction}) => interaction);
    expect(pairsOf(['f1', 'f2'])).toEqual([[2, 3]]);
    expect(pairsOf(['f102', 'f1'])).toEqual([[2, 103]]);
  });

  it('a sentence says so', () => {
    expect(interactingInWords(fields, new Set(['f1', 'f7']))).toBe(
      'The table has 104 fields: only the 2 that move the predictions of logistic regression most may interact. ' +
        'All fields are in the linear part.',
    );
  });
});
