import {execFile} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {compiled} from '../helpers/compiled';

type Weights = Record<'partitioned' | 'search', number[][]>;

let folder: string;

async function train(phase: 'straight' | 'begin' | 'resume'): Promise<Weights> {
  await promisify(execFile)(process.execPath, [await compiled('test/process/training.ts'), phase, folder], {
    cwd: path.resolve(__dirname, '../..'),
  });
  return JSON.parse(fs.readFileSync(path.join(folder, `${phase}.json`), 'utf8')) as Weights;
}

describe('save/load with the optimizer in another process', () => {
  let straight: Weights;
  let begun: Weights;
  let resumed: Weights;

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-resume-'));
    [straight, begun] = await Promise.all([train('straight'), train('begin')]);
    resumed = await train('resume');
  });

  afterAll(() => fs.rmSync(folder, {recursive: true}));

  it.each(['partitioned', 'search'] as const)('%s: continues the run to the same weights', kind => {
    expect(resumed[kind].map(weight => weight.length)).toEqual(straight[kind].map(weight => weight.length));
    // Not bit for bit: after loading, Adam computes powers of its betas that it had summed up by multiplication.
    const difference = (a: number[][], b: number[][]) =>
      Math.max(...a.flatMap((weight, i) => weight.map((v, j) => Math.abs(v - b[i][j]))));
    expect(difference(resumed[kind], straight[kind])).toBeLessThan(1e-6);
    expect(difference(begun[kind], straight[kind])).toBeGreaterThan(1e-2);
  });
});
