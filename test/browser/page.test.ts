import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import Papa from 'papaparse';
import type {Page} from 'playwright-core';
import type {RunRecord} from 'tfjs-autofis';
import {loadBundle} from 'tfjs-autofis/bundle';
import {isReady, jumps, mainThreadTasks, openPage, press, Served, servePage} from '../helpers/page';

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

/** Words that only the details have. */
const JARGON = /logloss|log-odds|held-out|FFM/i;
const read = (name: string) => readFileSync(path.join(folder, name));

/** Downloads every file that the page offers. */
async function downloadAll(page: Page): Promise<string[]> {
  await page.waitForSelector('#report a[download="report.html"]');
  await page.click('#details > summary');
  const names: string[] = [];
  for (const link of await page.$$('a[download]')) {
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    names.push(download.suggestedFilename());
    await download.saveAs(path.join(folder, download.suggestedFilename()));
  }
  return names;
}

it('from a click on the sample to a verdict, and to a model that Node loads and that predicts the same', async () => {
  const {page, errors} = await openPage(served);
  expect(await page.textContent('#sample-answer')).toMatch(
    /^The model with \d+ of 51 interactions is better than logistic regression: /,
  );
  expect(await page.innerText('body')).not.toMatch(JARGON);
  // The time that passes would also hold what other programs of the machine take meanwhile.
  await served.browser.startTracing(page, {categories: ['toplevel']});
  // The sample starts at once.
  await press(page, 'sample');
  await page.waitForSelector('body[data-state=finished]');
  const tasks = mainThreadTasks(await served.browser.stopTracing());
  expect(tasks.length).toBeGreaterThan(200);
  expect(Math.max(...tasks)).toBeLessThan(100);

  // A phone shows all but the details on one screen and a half, and others on one, in plain words.
  await page.setViewportSize({width: 390, height: 844});
  expect(await page.evaluate(() => document.getElementById('details')!.offsetTop)).toBeLessThan(1.5 * 844);
  await page.setViewportSize({width: 1440, height: 900});
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(900);
  expect(await page.innerText('body')).not.toMatch(JARGON);

  // The page says what the report says, and shows what the run holds.
  const names = await downloadAll(page);
  // From the first step to the files nothing has jumped: the page scrolls to its verdict.
  expect(await jumps(page)).toEqual([]);
  expect(names.slice(0, 2)).toEqual(['report.html', 'autofis.zip']);
  const rest = 'bundle.json model.json predictions.csv report.html run.json schema.json selection.json weights.bin';
  expect([...names].sort()).toEqual(['autofis.zip', ...rest.split(' ')]);
  const answer = (await page.textContent('#answer'))!;
  const run = JSON.parse(String(read('run.json'))) as RunRecord;
  const kept = run.interactions.filter(each => each.kept);
  expect(answer).toMatch(new RegExp(`^The model with ${kept.length} of 51 interactions is better than `));
  expect(String(read('report.html')).replace(/<[^>]+>/g, '')).toContain(answer);
  // The rows are seeded and the models nearly so: the figures are those of the run's own record, to the last digit.
  const [{auc, comparison}] = run.models.filter(({role}) => role === 'linear');
  expect(comparison!.verdict).toBe('better');
  expect(comparison!.auc.difference).toBeGreaterThan(0.03);
  expect(await page.textContent('#models li:first-child')).toBe(
    `logistic regression${auc.toFixed(4)}chosen is better: ` +
      `+${comparison!.auc.difference.toFixed(4)} ± ${(1.96 * comparison!.auc.standardError).toFixed(4)}`,
  );
  // Those behind the first twelve are folded.
  for (const fold of await page.$$('#kept summary')) await fold.click();
  await page.waitForSelector(`#kept tbody tr >> nth=${kept.length - 1}`);
  expect(
    await page.$$eval('#kept tbody th', all => all.map(each => each.firstChild!.textContent)).then(all => all.sort()),
  ).toEqual(kept.map(({fields}) => fields.join(' × ')).sort());
  // Larger sets are bars beneath the map; each gate has its gain, also one below 0.
  expect(await page.locator('#map [data-bar]').count()).toBe(kept.filter(({order}) => order > 2).length);
  const shown = await page.$$eval('#map [aria-pressed=true]', all =>
    all.map(each => /−?\d+\.\d\d$/.exec(each.textContent!)![0].replace('−', '-')),
  );
  expect(shown.sort()).toEqual(kept.map(({evidence}) => (1000 * Math.fround(evidence.gain)).toFixed(2)).sort());
  expect(await page.textContent('#kept tbody td')).toMatch(/^\+0\.\d{4} ± 0\.\d{4}$/);
  // A row begins as one that occurs, in which the strongest interaction has its share.
  await page.click('#row summary');
  const strongest = await page.textContent('#kept tbody th');
  const share = await page.textContent(`#row .shares tr:has(th:text-is("${strongest}")) .number`);
  expect(Math.abs(Number(share!.replace('−', '-')))).toBeGreaterThan(0.5);
  // The archive begins with the report.
  expect(String(read('autofis.zip').subarray(30, 41))).toBe('report.html');

  const rows = Papa.parse<{[column: string]: string}>(String(read('predictions.csv')).trim(), {header: true}).data;
  expect(rows).toHaveLength(20_000);
  const numbers = rows.map(({row}) => Number(row));
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
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
  expect(bundle.selection).toHaveLength(kept.length);
  bundle.model.dispose();
  model.dispose();
  ids.dispose();
  const [picture] = await Promise.all([page.waitForEvent('download'), page.click('#picture')]);
  await picture.saveAs(path.join(folder, picture.suggestedFilename()));
  // The header of a PNG holds its width and height.
  expect([8, 16, 20].map(at => read('flights.png').readUInt32BE(at))).toEqual([13, 2400, 1350]);
  expect(errors).toEqual([]);
  await page.context().close();
});

it('loads less than 1 MB by gzip before there is a run, and runs no script that was written into it', async () => {
  const context = await served.browser.newContext({serviceWorkers: 'block'});
  const page = await context.newPage();
  const asked = new Set<string>();
  context.on('request', request => {
    if (request.url().startsWith('http')) asked.add(request.url());
  });
  await page.goto(served.url);
  await isReady(page);
  const sizes = await Promise.all(
    [...asked].map(async url => gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length),
  );
  expect([...asked].filter(url => /\.wasm$|worker-/.test(url))).toHaveLength(2);
  expect([...asked].filter(url => /draw_worker|parquet/.test(url))).toEqual([]);
  expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(1e6);
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.body.dataset.ran = "yes"';
    document.body.append(script);
    return document.body.dataset['ran'] ?? null;
  });
  expect(ran).toBeNull();
  await context.close();
});
