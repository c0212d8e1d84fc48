import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import Papa from 'papaparse';
import type {Page} from 'playwright-core';
import {loadBundle} from 'tfjs-autofis/bundle';
import {openPage, press, Served, servePage} from '../helpers/page';

let served: Served;
let folder: string;
beforeAll(async () => {
  served = await servePage();
  folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-page-'));
});
afterAll(async () => {
  await served.close();
  rmSync(folder, {recursive: true});
});

/** Downloads every file that the page offers. */
async function downloadAll(page: Page): Promise<string[]> {
  await page.waitForSelector('#files a[download="report.html"]');
  const names: string[] = [];
  for (const link of await page.$$('#files a')) {
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    names.push(download.suggestedFilename());
    await download.saveAs(path.join(folder, download.suggestedFilename()));
  }
  return names;
}

it('from a click on the sample to a model that Node loads and that predicts the same', async () => {
  const {page, errors} = await openPage(served, {query: '?passes=1&dimension=4'});
  await press(page, 'sample');
  await press(page, 'start');
  await page.waitForSelector('#result:not([hidden])');
  expect(await page.textContent('#kept li:first-child strong')).toMatch(
    /^[\w ]+ and [\w ]+ matter together \(alpha -?\d\.\d\d\)\.$/,
  );
  expect(await page.textContent('#figures')).toContain('216 of 216');
  await press(page, 'retrain');
  expect(await downloadAll(page)).toEqual([
    'model.json',
    'weights.bin',
    'schema.json',
    'selection.json',
    'bundle.json',
    'run.json',
    'predictions.csv',
    'report.html',
  ]);

  const rows = Papa.parse<{[column: string]: string}>(
    readFileSync(path.join(folder, 'predictions.csv'), 'utf8').trim(),
    {header: true},
  ).data;
  expect(rows).toHaveLength(20_000);
  const model = await tfl.loadLayersModel(`file://${folder}/model.json`);
  const ids = tf.tensor2d(
    rows.map(row => Array.from({length: 8}, (_, i) => Number(row[`id ${i}`]))),
    [rows.length, 8],
    'int32',
  );
  const predicted = (model.predict(ids, {batchSize: 5000}) as tf.Tensor).dataSync();
  rows.forEach(({probability}, i) => expect(Math.abs(predicted[i] - Number(probability))).toBeLessThan(1e-5));
  expect(new Set(rows.slice(0, 100).map(({probability}) => probability)).size).toBeGreaterThan(50);

  const bundle = await loadBundle(folder);
  const some = rows.slice(0, 500);
  (await bundle.predict(some)).forEach((p, i) => expect(Math.abs(p - Number(some[i].probability))).toBeLessThan(1e-5));
  expect(bundle.selection).toEqual(JSON.parse(readFileSync(path.join(folder, 'selection.json'), 'utf8')));
  expect(readFileSync(path.join(folder, 'report.html'), 'utf8')).toContain(
    '<h1><data value="flights.parquet: which fields matter together?"',
  );
  bundle.model.dispose();
  model.dispose();
  ids.dispose();
  expect(errors).toEqual([]);
  await page.context().close();
});
