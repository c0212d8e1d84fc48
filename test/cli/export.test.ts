import {checkForMask, textFields} from '../../src/cli/steps/export';
import {allInteractions, type Order} from '../../src/interactions';
import type {FittedSchema} from '../../src/schema/vocabulary';
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
    '--format npy holds pairs or triples alone, but the run keeps sets of 2 and 3 fields. Choose json or csv.',
  );
});

it('says which categorical fields stay text where whole numbers are asked for', () => {
  const rule = (name: string, type: 'categorical' | 'numeric') =>
    type === 'categorical'
      ? {type, name, column: name}
      : {type, name, column: name, bucketing: 'quantiles' as const, buckets: 4};
  const field = (name: string, values?: string[]) => ({name, size: 4, ...(values === undefined ? {} : {values})});
  expect(
    textFields({
      schema: {
        version: 1,
        label: {column: 'y'},
        fields: [rule('id', 'categorical'), rule('zip', 'categorical'), rule('f', 'categorical'), rule('n', 'numeric')],
      },
      fields: [field('id', ['5', '12']), field('zip', ['05', '6']), field('f', ['1.0', '2.0']), field('n')],
    } as unknown as FittedSchema),
  ).toEqual([
    'zip stays text: its value "05" is not written as whole numbers are.',
    'f stays text: its value "1.0" is not written as whole numbers are. A table whose values are 1, without a ' +
      'fraction, has whole numbers.',
  ]);
});
