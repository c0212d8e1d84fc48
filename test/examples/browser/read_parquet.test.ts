import {readParquet} from '../../../examples/browser/worker/read_parquet';

const VALUES = {
  site: ['a', null, 5n],
  day: [new Date('2014-10-21'), new Date('2014-10-21T05:30Z'), undefined],
  tags: [[1n, null, 2n], [], null],
  place: [{zip: 5n, name: 'x'}, {zip: null, name: 'y'}, undefined],
};

// Jest reads no modules of ES. A column of whole numbers has BigInts.
jest.mock('hyparquet-compressors', () => ({compressors: {}}), {virtual: true});
jest.mock(
  'hyparquet',
  () => ({
    parquetMetadataAsync: async () => ({num_rows: 3n, row_groups: [{num_rows: 3n}]}),
    parquetSchema: () => ({children: Object.keys(VALUES).map(name => ({element: {name}}))}),
    parquetRead: async ({onChunk}: {onChunk: (chunk: object) => void}) => {
      for (const [columnName, columnData] of Object.entries(VALUES)) onChunk({columnName, columnData, rowStart: 0});
    },
  }),
  {virtual: true},
);

it('values have the text of the data stage, structs of whole numbers, too', async () => {
  const {columns, numbers} = await readParquet(new Blob([]), () => undefined);
  expect(columns.map(({name, values}) => [name, values])).toEqual([
    ['site', ['a', '5']],
    ['day', ['2014-10-21', '2014-10-21 05:30:00']],
    ['tags', ['1,2']],
    ['place', ["{'zip': 5, 'name': x}", "{'zip': NULL, 'name': y}"]],
  ]);
  expect(Array.from(numbers)).toEqual([1, 2, 3]);
});
