import {type RayFigures, rayText} from '../../benchmarks/bench_ray';
import {type ScaleFigures, scaleText} from '../../benchmarks/bench_ray_scale';
import {type ServingFigures, servingText} from '../../benchmarks/bench_serve';
import {sizesTable} from '../../benchmarks/data/results';
import {formatTable, type Summary} from '../../examples/flights/summary';
import {type Conformance, type Sanitized, tables} from '../conformance/figures';
import {holds, type Outcomes} from '../process/corruption';
import type {Kills} from '../process/kills';
import {type TrainingFigures, trainingText} from '../python/ray_training';
import {read} from './markdown';

const figures = <T>(name: string) => JSON.parse(read(`benchmarks/results/${name}.json`)) as T;
const summary = JSON.parse(read('docs/demo/summary.json')) as Summary;

it.each<[document: string, from: string, text: string]>([
  ['README.md', 'docs/demo/summary.json', formatTable(summary.models)],
  ['docs/cluster.md', 'ray', rayText(figures<RayFigures>('ray'))],
  ['docs/cluster.md', 'ray_scale', scaleText(figures<ScaleFigures>('ray_scale'))],
  ['docs/cluster.md', 'ray_training', trainingText(figures<TrainingFigures>('ray_training'))],
  ['docs/conformance.md', 'conformance', tables.conformance(figures<Conformance>('conformance'))],
  ['docs/conformance.md', 'sanitizers', tables.sanitizers(figures<Sanitized>('sanitizers'))],
  ['docs/data.md', 'benchmarks.data', sizesTable(figures('benchmarks.data'))],
  ['docs/serving.md', 'serving', servingText(figures<ServingFigures>('serving'))],
])('%s shows the figures of %s', (document, _, text) => {
  expect(read(document)).toContain(text);
});

test('docs/checkpoints.md has the figures of kills, and every kill gave the same result', () => {
  const {kills, same, whileWriting, places} = figures<Kills>('kills');
  const hits = (stage: string) => places.filter(place => place.startsWith(stage)).length;
  expect(read('docs/checkpoints.md')).toContain(
    `Of ${kills} kills, ${hits('search')} in the search and ${hits('retrain')} in the retrain, ` +
      `${whileWriting} of them while a checkpoint was being written, ` +
      `${same} gave the same result`,
  );
  expect([places.length, same]).toEqual([kills, kills]);
});

test('every measured bar holds, and nothing failed', () => {
  const bars = [...summary.bars, ...figures<TrainingFigures>('ray_training').bars];
  expect(bars.filter(bar => !bar.holds)).toEqual([]);
  const {backends} = figures<Conformance>('conformance');
  expect(Object.values(backends).map(({newlyFailing}) => newlyFailing)).toEqual([{}, {}, {}]);
  expect(Object.values(figures<Sanitized>('sanitizers')).map(({findings}) => findings)).toEqual([0, 0, 0]);
  expect(figures<ServingFigures>('serving').loads.filter(({failed}) => failed > 0)).toEqual([]);
  expect(holds(figures<{checked: Outcomes; unchecked: Outcomes}>('corruption'))).toBe(true);
});
