import {readFileSync} from 'node:fs';
import path from 'node:path';
import {holds, type Outcomes} from '../process/corruption';
import {CHECKED, UNCHECKED} from '../process/corruption_reader';

it(
  'benchmarks/results/corruption.json has every kind of file, 200 times, and nothing silent, ' + 'unnamed or hanging',
  () => {
    const result = JSON.parse(readFileSync(path.resolve('benchmarks/results/corruption.json'), 'utf8')) as {
      checked: Outcomes;
      unchecked: Outcomes;
    };
    expect([Object.keys(result.checked), Object.keys(result.unchecked)]).toEqual([
      Object.keys(CHECKED),
      Object.keys(UNCHECKED),
    ]);
    expect(
      [...Object.values(result.checked), ...Object.values(result.unchecked)].every(({cases}) => cases >= 200),
    ).toBe(true);
    expect(holds(result)).toBe(true);
  },
);
