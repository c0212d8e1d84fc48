import {Cells, levelsOf} from '../../../src/components/tables/cells';
import {coarseField} from '../../../src/components/tables/coarse_field';
import {IdColumns} from '../../../src/components/tables/id_columns';
import {residualsOf, tableEvidence} from '../../../src/components/tables/table_evidence';
import {generator, integers} from '../../helpers/random';

const next = generator(3);
const ROWS = 3000;
/** Two numbers in bins, of which id 0 is a missing value and half of the second's rows have id 7; and a category. */
const fields = [
  {name: 'a', size: 41, ordered: true},
  {name: 'b', size: 33, ordered: true},
  {name: 'c', size: 3},
];
const table = {
  ids: Int32Array.from(
    Array.from({length: ROWS}, () => {
      const [a, b, c] = fields.map(({size}) => integers(next, 1, size)[0]);
      return [a, next() < 0.5 ? 7 : b, c];
    }).flat(),
  ),
  labels: Float32Array.from({length: ROWS}, () => (next() < 0.3 ? 1 : 0)),
};
const coarse = fields.map((field, f) => coarseField(table, field, f));

describe('coarseField', () => {
  it('has groups of neighbours with about as many rows each, and missing values apart', () => {
    const [{levels}] = coarse;
    expect(levels.map(({size}) => size)).toEqual([5, 9, 17, 33]);
    const rowsOf = (size: number, of: (id: number) => number) => {
      const rows = new Float64Array(size);
      for (let i = 0; i < ROWS; i++) rows[of(table.ids[3 * i])]++;
      return rows.slice(1);
    };
    // A group ends with one of its bins, so that it has its share of the rows but for those of a bin.
    const bin = Math.max(...rowsOf(41, id => id));
    for (const {size, of} of levels) {
      expect(of[0]).toBe(0);
      expect([...of]).toEqual([...of].sort((x, y) => x - y));
      const rows = rowsOf(size, id => of[id]);
      const share = rows.reduce((a, b) => a + b) / (size - 1);
      expect(Math.max(...rows)).toBeLessThan(share + bin);
      expect(Math.min(...rows)).toBeGreaterThan(share - bin);
    }
  });

  it('has groups within those of the level before, and a value of half the rows in one group', () => {
    for (const {levels} of coarse) {
      for (let level = 1; level < levels.length; level++) {
        const parents = new Map<number, number>();
        levels[level].of.forEach((group, id) => {
          const parent = levels[level - 1].of[id];
          expect(parents.get(group) ?? parent).toBe(parent);
          parents.set(group, parent);
        });
      }
    }
    const {of} = coarse[1].levels[0];
    expect([...of].filter(group => group === of[7]).length).toBeLessThan(12);
  });

  it('leaves values without an order as they are', () => {
    for (const {size, of} of coarse[2].levels) expect([size, ...of]).toEqual([3, 0, 1, 2]);
  });
});

describe('Cells', () => {
  it('numbers the cells that rows have, and lists the ids in them', () => {
    const cells = new Cells([coarse[0], coarse[2]], 0);
    const own = cells.addRows(new IdColumns(table));
    expect(cells.ofRows(new IdColumns(table))).toEqual(own);
    expect(Math.max(...own)).toBe(cells.size - 1);
    const all = [...cells.combinations()];
    expect(all).toEqual(
      Array.from({length: 41}, (_, a) => [0, 1, 2].map(c => [a, c]))
        .flat()
        .filter(([a, c]) => cells.of([a, c]) > 0),
    );
    expect(all.length).toBeGreaterThan(100);
  });

  it('lists the ids of three fields in their order', () => {
    const cells = new Cells([coarse[0], coarse[2], coarse[1]], 1);
    const own = cells.addRows(new IdColumns(table));
    expect(cells.ofRows(new IdColumns(table))).toEqual(own);
    own.forEach((cell, i) => {
      const [a, b, c] = table.ids.subarray(3 * i, 3 * i + 3);
      expect(cells.of([a, c, b])).toBe(cell);
    });
    const ids = Array.from({length: 41}, (_, a) =>
      [0, 1, 2].flatMap(c => Array.from({length: 33}, (_, b) => [a, c, b])),
    ).flat();
    expect([...cells.combinations()]).toEqual(ids.filter(each => cells.of(each) > 0));
    expect(cells.size).toBeGreaterThan(100);
  });

  it('finds its cells among others of the same groups, and none among those of other groups', () => {
    const [all, some, coarser] = [0, 0, 1].map(level => new Cells([coarse[0], coarse[1]], level));
    all.addRows(new IdColumns(table));
    some.addRows(new IdColumns({ids: table.ids.slice(30 * 3), labels: table.labels.slice(30)}));
    coarser.addRows(new IdColumns(table));
    const found = all.cellsIn(some);
    expect(found).toHaveLength(all.size);
    for (let i = 0; i < 100; i++) {
      const [a, b] = table.ids.subarray(3 * i, 3 * i + 2);
      expect(found[all.of([a, b])]).toBe(some.of([a, b]));
    }
    expect(new Set(all.cellsIn(coarser))).toEqual(new Set([0]));
  });

  it('has no cell for what no row has', () => {
    const cells = new Cells([coarse[2], coarse[2]], 0);
    cells.addRows(new IdColumns(table));
    expect([cells.size, cells.of([0, 1]), [...cells.combinations()]]).toEqual([
      4,
      0,
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
    ]);
  });

  it('has one level where no field has groups', () => {
    expect(levelsOf([coarse[2], coarse[2]])).toEqual([0]);
    expect(levelsOf([coarse[0], coarse[2]])).toEqual([0, 1, 2, 3]);
  });
});

describe('tableEvidence', () => {
  const logits = Float64Array.from({length: ROWS}, () => Math.log(3 / 7));

  it('is the likelihood with the weights integrated out, by the best ridge', () => {
    const {push, curvature} = residualsOf(table, logits);
    const [g, h] = [push, curvature].map(values =>
      [0, 1, 2].map(value => values.reduce((sum, x, i) => (table.ids[3 * i + 2] === value ? sum + x : sum), 0)),
    );
    // The integral of exp(g w - h w^2 / 2) over w ~ N(0, 1 / ridge), by the rule of rectangles.
    const integral = (c: number, ridge: number) => {
      let sum = 0;
      const [width, step] = [12 / Math.sqrt(ridge), 1e-4 / Math.sqrt(ridge)];
      for (let w = -width; w < width; w += step)
        sum += Math.exp(g[c] * w - (h[c] * w * w) / 2 - (ridge * w * w) / 2) * step;
      return Math.log(sum * Math.sqrt(ridge / (2 * Math.PI)));
    };
    const best = Math.max(
      ...Array.from({length: 11}, (_, k) => 10 ** (-1 + k / 2)).map(ridge =>
        [0, 1, 2].reduce((sum, c) => sum + integral(c, ridge), 0),
      ),
    );
    expect(tableEvidence(new IdColumns(table), {push, curvature}, [coarse[2], coarse[2]])).toBeCloseTo(best, 6);
  });

  it('is above 3 for a pair that labels follow, and not for one of chance', () => {
    const labels = table.labels.map((label, i) => {
      const [a, b] = table.ids.subarray(3 * i, 3 * i + 2);
      return a > 20 === b > 7 && next() < 0.3 ? 1 - label : label;
    });
    const planted = {...table, labels: Float32Array.from(labels)};
    const rate = labels.reduce((sum, y) => sum + y, 0) / ROWS;
    const own = logits.map(() => Math.log(rate / (1 - rate)));
    const evidence = (rows: typeof table, z: Float64Array) =>
      tableEvidence(new IdColumns(rows), residualsOf(rows, z), [coarse[0], coarse[1]]);
    expect(evidence(planted, own)).toBeGreaterThan(10);
    expect(evidence(table, logits)).toBeLessThan(3);
  });

  it('counts rows by their weights', () => {
    const twice = {...table, weights: new Float32Array(ROWS).fill(2)};
    const [one, two] = [table, twice].map(rows => residualsOf(rows, logits));
    expect(two.push[5]).toBeCloseTo(2 * one.push[5], 12);
    expect(two.curvature[5]).toBeCloseTo(2 * one.curvature[5], 12);
  });
});
