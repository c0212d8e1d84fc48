import {readText} from '../../../examples/browser/worker/read_text';

const read = (text: string) => readText(new Blob([text]), () => undefined);

it('a row keeps its number where rows before it are left out', async () => {
  const lines = Array.from({length: 30}, (_, row) => (row === 3 ? 'too,few' : `a,b,${row + 1}`));
  const {columns, numbers, problems} = await read(['x,y,z', ...lines.slice(0, 10), '', ...lines.slice(10)].join('\n'));
  expect(problems).toEqual(['1 row with too few or too many values is left out: 4.']);
  const [, , {values, codes}] = columns;
  expect(Array.from(codes, code => Number(values[code]))).toEqual(Array.from(numbers));
  expect(Array.from(numbers)).not.toContain(4);
});
