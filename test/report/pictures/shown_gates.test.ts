import {shownGates} from '../../../src/report/pictures/shown_gates';
import type {InteractionRecord} from '../../../src/record/run_record';

const pair = (i: number, j: number, kept = false) =>
  ({gate: 0, order: 2, interaction: [i, j], fields: [`f${i}`, `f${j}`], kept}) as unknown as InteractionRecord;

it('shows the fields that may interact, also where others stand between them', () => {
  const interactions = [pair(2, 700), pair(2, 9), pair(9, 700, true)];
  expect(shownGates({interactions})).toEqual([
    {order: 2, interactions: [0, 1, 2], fields: ['f2', 'f9', 'f700'], positions: [2, 9, 700], isPart: false},
  ]);
});

it('of more than forty fields shows those of kept interactions', () => {
  const chain = Array.from({length: 40}, (_, f) => pair(f, f + 1, f === 7 || f === 20));
  expect(shownGates({interactions: chain})[0]).toMatchObject({positions: [7, 8, 20, 21], isPart: true});
  expect(shownGates({interactions: chain.slice(1)})[0]).toMatchObject({positions: {length: 40}, isPart: false});
});

it('shows pairs and triples of one gate apart, and only where one is kept', () => {
  const triple = (kept: boolean) => ({
    ...pair(0, 1, kept),
    order: 3 as const,
    interaction: [0, 1, 2],
    fields: ['a', 'b', 'c'],
  });
  expect(shownGates({interactions: [pair(0, 1, true), triple(true)]}).map(({order}) => order)).toEqual([2, 3]);
  expect(shownGates({interactions: [pair(0, 1, true), triple(false)]}).map(({order}) => order)).toEqual([2]);
});
