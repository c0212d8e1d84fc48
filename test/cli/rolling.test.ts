import {existsSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {EncodeResult} from '../../src/cli/steps/encode';
import type {RollingResult} from '../../src/cli/steps/rolling';
import {cli} from '../helpers/cli';
import {datedClicks} from '../helpers/dated_clicks';
import {sharedFolder} from '../helpers/folders';
import {captureWarnings} from '../helpers/search';

captureWarnings();
const base = sharedFolder();

it('run --rolling predicts each of the last days by a model of those before it, and compares selections', async () => {
  const folder = path.join(base, 'run');
  const clicks = path.join(base, 'clicks.csv');
  writeFileSync(clicks, datedClicks());
  const flags = '--label clicked --split time --rolling 2 --effort quick --quiet'.split(' ');
  const run = (...more: string[]) => cli('run', clicks, ...flags, ...more);
  const {code, stdout, stderr} = await run('--folder', folder);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^test from +training rows +test rows +AUC +logloss +chosen +shared interactions$/m);
  expect(stdout).toMatch(/^2014-10-04 +6000 +1000 +0\.\d{4} +0\.\d{4} +[12] of 6 pairs .*- *$/m);
  expect(stdout).toMatch(/^2014-10-05 +7000 +1000 +0\.\d{4} +0\.\d{4} +1 of 6 pairs .*(0\.50|1\.00)$/m);
  expect(stdout).toMatch(
    /^Mean AUC 0\.\d{4} \(95 %: 0\.\d{4} to [01]\.\d{4}\), logloss .*; a step shares [01]\.\d\d of its interactions with the step before \(Jaccard\)\.$/m,
  );
  const again = await run('--folder', folder, '--resume', '--json');
  const {rolling, select, encode} = JSON.parse(again.stdout) as {
    rolling: RollingResult;
    select: {models: Array<{auc: number}>};
    encode: EncodeResult;
  };
  expect(rolling.steps.map(({testFrom}) => testFrom)).toEqual(['2014-10-04', '2014-10-05']);
  // The pair that was planted, and hardly another one.
  for (const {kept} of rolling.steps) expect(kept).toContain('site x hour');
  expect(rolling.steps.filter(({kept}) => kept.length === 1)).not.toEqual([]);
  const [before, last] = rolling.steps.map(({kept}) => kept);
  const shared = last.filter(pair => before.includes(pair)).length;
  const jaccard = shared / (last.length + before.length - shared);
  expect(stdout).toContain(`a step shares ${jaccard.toFixed(2)} of its interactions`);
  // The last step is the run itself.
  expect(rolling.steps[1].auc).toBe(select.models[0].auc);
  expect(rolling.steps[1].rows).toEqual({train: 6000, valid: 1000, test: 1000});
  expect(encode.parts['test'].rows).toBe(1000);
  expect(rolling.auc.mean).toBeCloseTo(
    rolling.steps.reduce((sum, {auc}) => sum + auc / 2, 0),
    12,
  );
  expect(existsSync(path.join(folder, 'rolling/1/bundle/bundle.json'))).toBe(true);
  expect(existsSync(path.join(folder, 'rolling/1/data'))).toBe(false);

  // Steps of other settings are not those of a selection that is made again.
  rmSync(path.join(folder, 'select'), {recursive: true});
  expect(await run('--folder', folder, '--resume', '--seed', '3')).toEqual({
    code: 2,
    stdout: '',
    stderr:
      `error: ${path.join(folder, 'rolling')} was made with seed 1, now it is 3. Use the same settings, give ` +
      'another --folder, or remove it.\n',
  });
});
