import {auc, FieldSpec, interactionAuc} from 'tfjs-autofis';
import {countGroups} from '../../src/record/interaction_auc';
import {strongestValues} from '../../src/record/value_examples';
import {fields, plantedRows} from '../helpers/models';
import {flat} from '../helpers/run';
import {messageOf} from '../helpers/tensors';

const pairs = [
  [0, 2],
  [1, 3],
];
const train = plantedRows(600, fields, pairs, 3);
const test = plantedRows(300, fields, pairs, 3);
const wide: FieldSpec[] = [
  {name: 'id', size: 3},
  {name: 'tags', size: 4, width: 3},
  {name: 'hour', size: 2},
];

/** Each row's combinations of values as text, the plain way. */
function combinations(row: number[], specs: readonly FieldSpec[], interaction: number[]): string[] {
  let at = 0;
  const values = specs.map(({width = 1}) => [...new Set(row.slice(at, (at += width)).filter(id => id >= 0))]);
  return interaction.reduce<string[]>((before, f) => before.flatMap(text => values[f].map(v => `${text},${v}`)), ['']);
}

function plainInteractionAuc(
  specs: readonly FieldSpec[],
  interaction: number[],
  a: typeof train,
  b: typeof train,
  smoothing: number,
): number {
  const base = a.labels.reduce((sum, y) => sum + y, 0) / a.labels.length;
  const counts = new Map<string, [number, number]>();
  a.ids.forEach((row, i) =>
    combinations(row, specs, interaction).forEach(key => {
      const [n, k] = counts.get(key) ?? [0, 0];
      counts.set(key, [n + 1, k + a.labels[i]]);
    }),
  );
  const rate = (key: string) => {
    const [n, k] = counts.get(key) ?? [0, 0];
    return (k + smoothing * base) / (n + smoothing);
  };
  return auc(
    b.labels,
    b.ids.map(row => {
      const keys = combinations(row, specs, interaction);
      return keys.length === 0 ? base : keys.reduce((sum, key) => sum + rate(key), 0) / keys.length;
    }),
  );
}

describe('interactionAuc', () => {
  it.each([[[0, 1]], [[0, 2]], [[2, 3]], [[0, 1, 2]], [[1, 2, 3]]])(
    'of fields %j equals the plain computation',
    interaction => {
      for (const smoothing of [1, 20]) {
        expect(interactionAuc({fields, interaction, train: flat(train), test: flat(test), smoothing})).toBeCloseTo(
          plainInteractionAuc(fields, interaction, train, test, smoothing),
          12,
        );
      }
    },
  );

  it('of multi-hot fields averages over the values of a row, each once', () => {
    const rows = (from: number) =>
      Array.from({length: 40}, (_, i) => {
        const r = (k: number) => ((from + i) * 7 + k * 5 + ((i * i) % 11)) % 13;
        return [r(0) % 3, r(1) % 4, r(2) % 4, r(3) % 5 === 0 ? -1 : r(1) % 4, r(4) % 2];
      });
    const a = {ids: [...rows(0), [1, -1, -1, -1, 0]], labels: [...rows(0).map((r, i) => (r[0] + i) % 2), 1]};
    const b = {ids: [...rows(5), [2, -1, -1, -1, 1]], labels: [...rows(5).map((r, i) => (r[1] + i) % 2), 0]};
    for (const interaction of [
      [0, 1],
      [1, 2],
      [0, 1, 2],
      [0, 2],
    ]) {
      expect(interactionAuc({fields: wide, interaction, train: flat(a), test: flat(b), smoothing: 2})).toBeCloseTo(
        plainInteractionAuc(wide, interaction, a, b, 2),
        12,
      );
    }
  });

  it('counts combinations of huge fields, which do not fit an array', () => {
    const huge = [
      {name: 'a', size: 2 ** 30},
      {name: 'b', size: 2 ** 30},
      {name: 'c', size: 2 ** 30},
    ];
    const rows = {ids: [5, 6, 7, 2 ** 30 - 1, 6, 2 ** 30 - 1, 5, 6, 7], labels: [1, 0, 0]};
    const {groups, rows: n, positives} = countGroups(huge, [0, 1, 2], rows);
    expect([...n]).toEqual([2, 1]);
    expect([...positives]).toEqual([1, 0]);
    expect(groups.valuesOf(1)).toEqual([2 ** 30 - 1, 6, 2 ** 30 - 1]);
  });

  it('says what does not fit', async () => {
    expect(
      await messageOf(() =>
        interactionAuc({fields, interaction: [0, 1], train: {ids: [1, 2, 3], labels: [1]}, test: flat(test)}),
      ),
    ).toBe(
      'interactionAuc: `train` must hold ids of 4 columns and a label for each row, at least one. Received: ' +
        '"3 ids and 1 labels".',
    );
    expect(
      await messageOf(() =>
        interactionAuc({fields, interaction: [0, 1], train: flat(train), test: flat(test), smoothing: 0}),
      ),
    ).toBe('interactionAuc: `smoothing` must be a number in (0, Infinity). Received: 0.');
  });
});

describe('strongestValues', () => {
  /** The positives of 100 rows of each of 2 x 3 values. */
  const table = [
    [20, 50, 50],
    [50, 50, 80],
  ];
  const specs = [
    {name: 'device', size: 2},
    {name: 'hour', size: 3},
  ];
  const rows = table.flatMap((row, a) =>
    row.flatMap((k, b) => Array.from({length: 100}, (_, i) => ({ids: [a, b], label: i < k ? 1 : 0}))),
  );
  const given = {ids: rows.flatMap(r => r.ids), labels: rows.map(r => r.label)};
  const find = (options: object = {}) =>
    strongestValues({
      interaction: [0, 1],
      train: given,
      predicted: given.ids.filter((_, k) => k % 2 === 0).map((_, i) => 0.4 + 0.002 * (i % 100)),
      counts: countGroups(specs, [0, 1], given),
      ...options,
    });

  it('gives rows, rate and the mean prediction, for those that the prediction does not explain', () => {
    const examples = find({names: [['phone', 'desktop'], undefined], most: 6});
    expect(examples.map(({values}) => values.join())).toEqual(['desktop,#2', 'phone,#0']);
    expect(examples[1]).toMatchObject({rows: 100, positives: 20, rate: 0.2});
    for (const {expected} of examples) expect(expected).toBeCloseTo(0.499, 12);
    const off = examples.map(
      e => Math.abs(e.positives - e.rows * e.expected) / Math.sqrt(e.rows * e.expected * (1 - e.expected) + 1),
    );
    expect(off).toEqual([...off].sort((x, y) => y - x));
  });

  it('gives three by default, and leaves rare combinations out', () => {
    const predicted = given.labels.map(() => 0.01);
    expect(find({predicted})).toHaveLength(3);
    expect(find({predicted, leastRows: 101})).toEqual([]);
  });
});

describe('interactionAuc and examples with weights', () => {
  const all = flat(train);
  const kept = {ids: train.ids.filter((_, i) => i % 2 === 0), labels: train.labels.filter((_, i) => i % 2 === 0)};
  const halves = train.labels.map((_, i) => (i % 2 === 0 ? 3 : 0));
  const interaction = [0, 2];
  const testWeights = test.labels.map((_, i) => i % 3);

  it('equal those of the other rows where half of the weights are 0', () => {
    const half = {...all, weights: halves};
    const other = flat(kept);
    const predicted = train.labels.map((_, i) => 0.2 + 0.1 * ((i >> 1) % 3));
    expect(interactionAuc({fields, interaction, train: half, test: flat(test)})).toBeCloseTo(
      interactionAuc({fields, interaction, train: other, test: flat(test)}),
      12,
    );
    const examples = (rows: typeof half | typeof other) =>
      strongestValues({
        interaction,
        train: rows,
        predicted: rows.labels.length === kept.labels.length ? predicted.filter((_, i) => i % 2 === 0) : predicted,
        counts: countGroups(fields, interaction, rows),
      });
    expect(examples(half).length).toBeGreaterThan(0);
    examples(half).forEach((example, i) =>
      expect(example).toMatchObject({
        ...examples(other)[i],
        rate: expect.closeTo(examples(other)[i].rate, 9),
        expected: expect.closeTo(examples(other)[i].expected, 9),
      }),
    );
  });

  it('weigh the rows that are scored', () => {
    const repeated = testWeights.flatMap((n, i) => Array.from({length: n}, () => i));
    const copies = flat({ids: repeated.map(i => test.ids[i]), labels: repeated.map(i => test.labels[i])});
    expect(interactionAuc({fields, interaction, train: all, test: {...flat(test), weights: testWeights}})).toBeCloseTo(
      interactionAuc({fields, interaction, train: all, test: copies}),
      12,
    );
  });

  it('refuse weights that are none', async () => {
    expect(
      await messageOf(() => interactionAuc({fields, interaction, train: {...all, weights: [1]}, test: flat(test)})),
    ).toBe('interactionAuc: `train`: needs a weight for each row. Received: 1 weights and 600 rows.');
  });
});
