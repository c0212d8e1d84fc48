import * as fc from 'fast-check';
import {allInteractions, Interaction, Order} from '../../src/interactions';
import {planProducts} from '../../src/products/plan';

const seed = 20200823;

/** m and some of its interactions in canonical order. */
const chosen = fc
  .integer({min: 3, max: 8})
  .chain(m =>
    fc
      .constantFrom<Order>(2, 3)
      .chain(order =>
        fc.subarray(allInteractions(m, order), {minLength: 1}).map(interactions => ({m, order, interactions})),
      ),
  );

describe('planProducts', () => {
  it('has one slice for pairs and one per middle field for triples', () => {
    const middles = (interactions: Interaction[], order: Order) =>
      planProducts(interactions, order).slices.map(s => s.middle);
    expect(middles(allInteractions(6, 2), 2)).toEqual([null]);
    expect(middles(allInteractions(6, 3), 3)).toEqual([1, 2, 3, 4]);
    expect(
      middles(
        [
          [0, 2, 3],
          [4, 5, 6],
        ],
        3,
      ),
    ).toEqual([2, 5]);
  });

  it('is empty without interactions', () => {
    expect(planProducts([], 2).slices).toEqual([]);
    expect(planProducts([], 3).slices).toEqual([]);
  });

  it('spans only the fields that are used', () => {
    expect(
      planProducts(
        [
          [1, 4],
          [1, 6],
        ],
        2,
      ).slices[0],
    ).toMatchObject({left: [1, 4, 6], right: [1, 4, 6]});
    expect(
      planProducts(
        [
          [0, 3, 5],
          [2, 3, 5],
        ],
        3,
      ).slices[0],
    ).toMatchObject({left: [0, 2], right: [5]});
  });

  it('computes each triple once', () => {
    const places = planProducts(allInteractions(9, 3), 3).slices.reduce(
      (sum, s) => sum + s.left.length * s.right.length,
      0,
    );
    expect(places).toBe(84);
  });

  it('covers its order without gap or overlap', () => {
    fc.assert(
      fc.property(chosen, ({order, interactions}) => {
        let next = 0;
        for (const {start, count} of planProducts(interactions, order).slices) {
          expect(start).toBe(next);
          expect(count).toBeGreaterThan(0);
          next += count;
        }
        expect(next).toBe(interactions.length);
      }),
      {seed, numRuns: 100},
    );
  });

  it('leads from the order of the list to that of the slices and back', () => {
    fc.assert(
      fc.property(chosen, ({order, interactions}) => {
        const {planned, listed} = planProducts(interactions, order);
        expect(planned === null).toBe(order === 2);
        expect(listed === null).toBe(order === 2);
        planned?.forEach((i, p) => expect(listed![i]).toBe(p));
      }),
      {seed, numRuns: 100},
    );
  });

  it('says for each place of T which interaction it holds, and for each interaction its place', () => {
    fc.assert(
      fc.property(chosen, ({order, interactions}) => {
        const {slices, listed} = planProducts(interactions, order);
        const found: Interaction[] = [];
        for (const {left, middle, right, count, flat, places} of slices) {
          expect(places).toHaveLength(left.length * right.length);
          flat.forEach((place, p) => {
            const a = Math.floor(place / right.length);
            const b = place % right.length;
            expect(places[place]).toBe(p);
            if (middle === null) expect(places[b * right.length + a]).toBe(p);
            found.push(middle === null ? [left[a], right[b]] : [left[a], middle, right[b]]);
          });
          // Every other place, for pairs the diagonal among them, holds none.
          expect([...places].filter(p => p !== count)).toHaveLength(middle === null ? 2 * count : count);
        }
        expect(found).toEqual(interactions.map((_, i) => interactions[listed?.[i] ?? i]));
      }),
      {seed, numRuns: 100},
    );
  });
});
