import * as fc from 'fast-check';
import {allInteractions, interactionName} from 'tfjs-autofis';
import {canonicalInteractions, Interaction, Order} from '../src/interactions';

const seed = 20200823;

/** m, an order, and a shuffled choice of interactions whose fields are shuffled as well. */
const choices = fc
  .integer({min: 3, max: 9})
  .chain(m =>
    fc
      .constantFrom<Order>(2, 3)
      .chain(order =>
        fc
          .shuffledSubarray(allInteractions(m, order))
          .chain(chosen =>
            fc
              .tuple(...chosen.map(i => fc.shuffledSubarray(i, {minLength: order})))
              .map(shuffled => ({m, order, chosen, shuffled})),
          ),
      ),
  );

describe('allInteractions', () => {
  it('lists pairs in the order of itertools.combinations', () => {
    expect(allInteractions(4, 2).join(' ')).toBe('0,1 0,2 0,3 1,2 1,3 2,3');
  });

  it('lists triples in the order of itertools.combinations', () => {
    expect(allInteractions(5, 3).join(' ')).toBe('0,1,2 0,1,3 0,1,4 0,2,3 0,2,4 0,3,4 1,2,3 1,2,4 1,3,4 2,3,4');
  });

  it('finds pair (i, j) at i (2m - i - 1) / 2 + j - i - 1, the place it has in a comb_mask', () => {
    fc.assert(
      fc.property(fc.integer({min: 2, max: 40}), m => {
        allInteractions(m, 2).forEach(([i, j], p) => expect(p).toBe((i * (2 * m - i - 1)) / 2 + j - i - 1));
      }),
      {seed, numRuns: 20},
    );
  });

  it('has m over order members, none when there are too few fields', () => {
    expect(allInteractions(39, 2)).toHaveLength(741);
    expect([allInteractions(39, 3).length, allInteractions(12, 4).length]).toEqual([9139, 495]);
    expect(allInteractions(2, 3)).toEqual([]);
  });

  it('refuses another order', () => {
    expect(() => allInteractions(4, 5 as never)).toThrow(
      'allInteractions: `order` must be one of 2, 3, 4. Received: 5.',
    );
  });
});

describe('canonicalInteractions', () => {
  const canonical = (list: unknown, m = 4, order: Order = 2) =>
    canonicalInteractions('Layer', list as Interaction[], m, order);

  it('gives the chosen ones in the order of allInteractions, however they are shuffled', () => {
    fc.assert(
      fc.property(choices, ({m, order, chosen, shuffled}) => {
        const keys = new Set(chosen.map(String));
        expect(canonical(shuffled, m, order)).toEqual(allInteractions(m, order).filter(i => keys.has(String(i))));
      }),
      {seed, numRuns: 100},
    );
  });

  it('leaves the given list as it was', () => {
    const given = [
      [3, 1],
      [1, 0],
    ];
    canonical(given);
    expect(given.join(' ')).toBe('3,1 1,0');
  });

  const rule = 'Layer: `interactions` must hold 2 different field positions from 0 to 3 each. Received: ';
  const sizes = ' The input has 4 fields and the layer is of order 2.';
  it.each([
    ['a field that is not there', [[0, 4]], `${rule}[0,4].${sizes}`],
    [
      'one field twice',
      [
        [0, 1],
        [2, 2],
      ],
      `${rule}[2,2].${sizes}`,
    ],
    ['too many fields', [[0, 1, 2]], `${rule}[0,1,2].${sizes}`],
    ['a name', [['hour', 'origin']], `${rule}["hour","origin"].${sizes}`],
    [
      'the same twice',
      [
        [0, 1],
        [2, 3],
        [1, 0],
      ],
      'Layer: `interactions` holds [0,1] twice. Remove one.',
    ],
    [
      'no list',
      'all',
      'Layer: `interactions` must be a list of field positions such as [[0, 1], [0, 2]]. Received: "all".',
    ],
  ])('refuses %s', (_, list, message) => {
    expect(() => canonical(list)).toThrow(new Error(message));
  });
});

describe('interactionName', () => {
  it('joins the names of the fields', () => {
    expect(interactionName(['hour', 'origin'])).toBe('hour x origin');
    expect(interactionName(['a', 'b', 'c'])).toBe('a x b x c');
  });
});
