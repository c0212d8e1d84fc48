import {auc} from 'tfjs-autofis';
import {providedPython} from '../../../benchmarks/environment';
import type {PartName, Table} from '../../../benchmarks/experiments/encode';
import {growCatBoost} from '../../../benchmarks/experiments/trees/cat_boost';
import {growTrees, type TreeArgs, treePackages} from '../../../benchmarks/experiments/trees/gbdt';
import {type Columns, leafFields, sideBySide} from '../../../benchmarks/experiments/trees/leaf_fields';
import type {TreePart} from '../../../benchmarks/internals';
import {generator} from '../../helpers/random';

it('leafFields are one field a tree', () => {
  expect(leafFields([31, 4])).toEqual([
    {name: 'tree 1', size: 31},
    {name: 'tree 2', size: 4},
  ]);
});

it('columns stand side by side, row by row', () => {
  const of = (train: number[], width?: number): Columns => ({
    fields: [{name: `${train}`, size: 9, width}],
    ids: {train: Int32Array.from(train), validation: new Int32Array(0), test: new Int32Array(0)},
  });
  expect(Array.from(sideBySide([of([1, 2]), of([3, 4, 5, 6], 2)]).ids.train)).toEqual([1, 3, 4, 2, 5, 6]);
});

const python = providedPython(treePackages);
if (python === null)
  console.log(
    'test/benchmarks/experiments/trees: skipped, since LightGBM and CatBoost are not there. ' +
      '`npm run experiment -- trees` installs them.',
  );

(python === null ? describe.skip : describe)('growTrees', () => {
  const fields = [
    {name: 'colour', size: 6},
    {name: 'age', size: 30},
    {name: 'tags', size: 4, width: 2},
  ];
  const next = generator(3);
  const table = (rows: number, label: (row: number[]) => number): Table => {
    const ids = Array.from({length: rows}, () => [
      ...[6, 30, 4].map(size => Math.floor(next() * size)),
      next() < 0.5 ? -1 : Math.floor(next() * 4),
    ]);
    return {rows, ids: Int32Array.from(ids.flat()), labels: Float32Array.from(ids, label)};
  };
  const parts = (label: (row: number[]) => number): Record<PartName, Table> => ({
    train: table(900, label),
    validation: table(200, label),
    test: table(300, label),
  });
  const grow = (data: Record<PartName, Table>, args: Partial<TreeArgs> & Pick<TreeArgs, 'trees'>) =>
    growTrees(python!, fields, ['age'], data, {
      patience: 0,
      leaves: true,
      ...args,
      parameters: {num_leaves: 4, seed: 1, num_threads: 1, ...args.parameters},
    });

  it.each<[string, (row: number[]) => number]>([
    ['categories in no order', ([colour]) => colour % 2],
    ['numbers in their order', ([, age]) => (age < 13 ? 1 : 0)],
    ['the values of a multi-hot field', row => (row.slice(2).includes(1) ? 1 : 0)],
  ])('splits %s, and says of each row which leaf it falls into', async (_, label) => {
    const data = parts(label);
    const {sizes, parts: grown} = await grow(data, {trees: 1, parameters: {num_leaves: 2}});
    expect(sizes).toEqual([2]);
    for (const part of ['train', 'validation', 'test'] as const) {
      const {leaves, predictions} = grown[part];
      const {labels} = data[part];
      expect([leaves.length, predictions.length]).toEqual([labels.length, labels.length]);
      // Two leaves: one for each label, with one prediction each.
      const pairs = new Set(Array.from(labels, (y, row) => [y, leaves[row], predictions[row]].join()));
      expect(pairs.size).toBe(2);
      expect(auc(labels, predictions)).toBe(1);
    }
  });

  it('gives leaves that the predictions follow from', async () => {
    const data = parts(([colour, age]) => (next() < (colour < 3 ? 0.8 : 0.2) * (age < 15 ? 1 : 0.5) ? 1 : 0));
    const {
      sizes,
      parts: {train, test},
    } = await grow(data, {trees: 5});
    expect(sizes).toEqual([4, 4, 4, 4, 4]);
    const byLeaves = new Map<string, number>();
    train.predictions.forEach((p, row) => byLeaves.set(train.leaves.slice(5 * row, 5 * row + 5).join(), p));
    expect(byLeaves.size).toBeGreaterThan(4);
    test.predictions.forEach((p, row) => {
      const leaves = test.leaves.slice(5 * row, 5 * row + 5);
      leaves.forEach((leaf, tree) => expect(leaf >= 0 && leaf < sizes[tree]).toBe(true));
      const known = byLeaves.get(leaves.join());
      if (known !== undefined) expect(p).toBeCloseTo(known, 12);
    });
  });

  it('says what LightGBM says when it fails', async () => {
    await expect(
      grow(
        parts(([colour]) => colour % 2),
        {trees: 1, parameters: {num_leaves: 1}},
      ),
    ).rejects.toThrow('num_leaves');
  });
});

(python === null ? describe.skip : describe)('growCatBoost', () => {
  const next = generator(4);
  const part = (rows: number): TreePart => {
    const each = Array.from({length: rows}, () => [
      Math.floor(6 * next()),
      next() < 0.1 ? NaN : Math.floor(30 * next()),
    ]);
    return {
      columns: Float64Array.from(each.flat()),
      labels: Float32Array.from(each, ([colour, age]) =>
        next() < (colour % 2 ? 0.8 : 0.2) * (age < 15 ? 1 : 0.5) ? 1 : 0,
      ),
    };
  };
  const table = {columns: 2, categories: [0], parts: {train: part(900), validation: part(300), test: part(400)}};

  it('learns from categories and numbers', async () => {
    const a = await growCatBoost(python!, table, {seed: 1});
    expect(a.predictions).toHaveLength(400);
    expect(auc(table.parts.test.labels, a.predictions)).toBeGreaterThan(0.75);
    expect(a.trees).toBeLessThan(1000);
    expect(a.aucs[0]).toBeGreaterThan(0.7);
  });
});
