import {readFileSync} from 'node:fs';
import path from 'node:path';
import {ServingFigures, servingText} from '../../benchmarks/bench_serve';

const docs = path.resolve(__dirname, '../../docs');
const figures = JSON.parse(
  readFileSync(path.join(docs, '../benchmarks/results/serving.json'), 'utf8'),
) as ServingFigures;

test('docs/serving.md shows the figures of benchmarks/results/serving.json, all of answered requests', () => {
  const text = readFileSync(path.join(docs, 'serving.md'), 'utf8');
  expect(text).toContain(servingText(figures));
  expect(text).toContain(`\`${figures.command}\``);
  expect(figures.loads.map(({failed}) => failed)).toEqual(figures.loads.map(() => 0));
});
