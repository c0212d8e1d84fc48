import * as fc from 'fast-check';
import {allInteractions, Interaction, Order} from '../../src/interactions';
import {planSlices} from '../../src/products/plan';

const seed = 20200823;

/** m and some of its interactions in canonical order. */
const chosen = fc.integer({min: 3, max: 8}).chain(m => fc.constantFrom<Order>(2, 3).chain(order =>
  fc.subarray(allInteractions(m, order), {minLength: 1}).map(interactions => ({m, order, interactions}))));

describe('planSlices', () => {
  it('has one slice for pairs and one per first field for triples', () => {
    expect(planSlices(allInteractions(6, 2), 2).map(s => s.scale)).toEqual([null]);
    expect(planSlices(allInteractions(6, 3), 3).map(s => s.scale)).toEqual([0, 1, 2, 3]);
    expect(planSlices([[0, 2, 3], [4, 5, 6]], 3).map(s => s.scale)).toEqual([0, 4]);
  });

  it('is empty without interactions', () => {
    expect(planSlices([], 2)).toEqual([]);
    expect(planSlices([], 3)).toEqual([]);
  });

  it('spans only the fields that are used', () => {
    expect(planSlices([[1, 4], [1, 6]], 2)[0].fields).toEqual([1, 4, 6]);
    expect(planSlices([[0, 3, 5]], 3)[0].fields).toEqual([3, 5]);
  });

  it('covers the list without gap or overlap, in its order', () => {
    fc.assert(fc.property(chosen, ({order, interactions}) => {
      let next = 0;
      for (const {start, count} of planSlices(interactions, order)) {
        expect(start).toBe(next);
        expect(count).toBeGreaterThan(0);
        next += count;
      }
      expect(next).toBe(interactions.length);
    }), {seed, numRuns: 100});
  });

  it('says for each place of T which interaction it holds, and for each interaction its place', () => {
    fc.assert(fc.property(chosen, ({order, interactions}) => {
      const found: Interaction[] = [];
      for (const {scale, fields, count, flat, symmetric} of planSlices(interactions, order)) {
        const n = fields.length;
        expect(symmetric).toHaveLength(n * n);
        flat.forEach((place, p) => {
          const j = Math.floor(place / n), k = place % n;
          expect(j).toBeLessThan(k);
          expect([symmetric[j * n + k], symmetric[k * n + j]]).toEqual([p, p]);
          found.push(scale === null ? [fields[j], fields[k]] : [scale, fields[j], fields[k]]);
        });
        // Every other place, the diagonal among them, holds none.
        expect([...symmetric].filter(p => p !== count)).toHaveLength(2 * count);
      }
      expect(found).toEqual(interactions);
    }), {seed, numRuns: 100});
  });
});
