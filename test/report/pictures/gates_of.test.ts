import {gatesOf} from '../../../src/report/pictures/gates_of';
import type {InteractionRecord} from '../../../src/record/run_record';

const pair = (i: number, j: number, kept = false) =>
  ({gate: 0, order: 2, interaction: [i, j], fields: [`f${i}`, `f${j}`], kept}) as unknown as InteractionRecord;

it('shows the fields that may interact, also where others stand between them', () => {
  const interactions = [pair(2, 700), pair(2, 9), pair(9, 700, true)];
  expect(gatesOf({interactions})).toEqual([
    {order: 2, fields: ['f2', 'f9', 'f700'], positions: [2, 9, 700], isPart: false},
  ]);
});

it('of more than forty fields shows those of kept interactions', () => {
  const chain = Array.from({length: 40}, (_, f) => pair(f, f + 1, f === 7 || f === 20));
  expect(gatesOf({interactions: chain})[0]).toMatchObject({positions: [7, 8, 20, 21], isPart: true});
  expect(gatesOf({interactions: chain.slice(1)})[0]).toMatchObject({positions: {length: 40}, isPart: false});
});
