import {Conformance, Sanitized, tables} from '../conformance/figures';
import {read} from './markdown';

const figures = <T>(name: string) => JSON.parse(read(`benchmarks/results/${name}.json`)) as T;

test(
  'docs/conformance.md shows the figures of benchmarks/results/conformance.json, ' + 'without a newly failing spec',
  () => {
    const conformance = figures<Conformance>('conformance');
    expect(read('docs/conformance.md')).toContain(tables.conformance(conformance));
    expect(Object.values(conformance.backends).map(({newlyFailing}) => newlyFailing)).toEqual([{}, {}, {}]);
    expect(conformance.tfjsCore).toBe(
      (JSON.parse(read('package.json')) as {devDependencies: Record<string, string>}).devDependencies[
        '@tensorflow/tfjs-core'
      ],
    );
  },
);

test('docs/conformance.md shows the figures of benchmarks/results/sanitizers.json, without a finding', () => {
  const sanitized = figures<Sanitized>('sanitizers');
  expect(read('docs/conformance.md')).toContain(tables.sanitizers(sanitized));
  expect(Object.values(sanitized).map(({findings}) => findings)).toEqual([0, 0, 0]);
});
