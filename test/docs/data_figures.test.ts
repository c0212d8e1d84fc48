import {readFileSync} from 'node:fs';
import path from 'node:path';
import {sizesTable} from '../../benchmarks/data/results';

const docs = path.resolve(__dirname, '../../docs');
const figures = JSON.parse(
  readFileSync(path.join(docs, '../benchmarks/results/benchmarks.data.json'), 'utf8'),
) as Parameters<typeof sizesTable>[0];

test("docs/data.md shows what was measured on Criteo's form, as benchmarks/results/benchmarks.data.json has it", () => {
  const table = sizesTable(figures);
  expect(table.split('\n')).toHaveLength(6);
  expect(table).toMatch(/all of Criteo \(Kaggle\): extrapolated/);
  expect(readFileSync(path.join(docs, 'data.md'), 'utf8')).toContain(table);
});
