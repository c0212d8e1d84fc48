import {checkForMask} from '../../src/cli/steps/export';
import {allInteractions, type Order} from '../../src/interactions';
import {selectInteractions} from '../../src/stages/selection';

function selectionOf(...orders: Order[]) {
  const fieldNames = ['a', 'b', 'c', 'd'];
  return selectInteractions(
    orders.map(order => {
      const interactions = allInteractions(fieldNames.length, order);
      return {interactions, order, fieldNames, alpha: interactions.map(() => 1)};
    }),
  );
}

it('a mask holds pairs, triples or nothing, but not both', () => {
  expect(() => [[], selectionOf(2), selectionOf(3)].forEach(checkForMask)).not.toThrow();
  expect(() => checkForMask(selectionOf(2, 3))).toThrow(
    '--format npy holds pairs or triples, but the run keeps both: 6 and 4. Choose json or csv.',
  );
});
