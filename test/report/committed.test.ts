import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import type {Browser} from 'playwright-core';
import type {RunRecord} from 'tfjs-autofis';
import {report} from 'tfjs-autofis/report';
import {launchBrowser} from '../helpers/browser';
import {openQuietly} from '../helpers/quiet_page';
import {at, expectTrueFigures, strangeTips} from './figures';
import {ReportFiles} from '../../src/report/report';

/** The runs whose reports the documents show. */
const docs = path.resolve(__dirname, '../../docs/report');
const names = readdirSync(docs)
  .filter(name => name.endsWith('.json'))
  .map(name => path.basename(name, '.json'));

let folder: string;
let browser: Browser;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'autofis-committed-'));
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, {recursive: true});
});

it('There is the flights demo', () => {
  expect(names).toEqual(['flights']);
});

describe.each(names)('the report of %s', name => {
  let run: RunRecord;
  let files: ReportFiles;
  let html: string;
  let address: string;
  beforeAll(async () => {
    run = JSON.parse(readFileSync(path.join(docs, `${name}.json`), 'utf8')) as RunRecord;
    files = await report(run, {folder: path.join(folder, name)});
    html = readFileSync(files.html!, 'utf8');
    address = pathToFileURL(files.html!).href;
  });

  it('is a page under 3 MB of a JSON under 300 kB', () => {
    expect(statSync(files.html!).size).toBeLessThan(3e6);
    expect(statSync(path.join(docs, `${name}.json`)).size).toBeLessThan(300_000);
  });

  it('shows no number but those of the JSON', () => {
    expectTrueFigures(html, run);
    expect(strangeTips(html, run)).toEqual([]);
  });

  it.each([
    ['light', 900],
    ['dark', 900],
    ['light', 360],
    ['dark', 360],
  ] as const)('shows them in a browser, %s, %d px, and no error', async (colorScheme, width) => {
    await openQuietly(browser, address, {viewport: {width, height: 740}, colorScheme}, async page => {
      const shown = await page.evaluate(() =>
        Array.from(document.querySelectorAll('data')).map(({value, dataset}) => ({value, pointer: dataset['run']!})),
      );
      expect(shown.length).toBeGreaterThan(300);
      expect(shown.filter(({value, pointer}) => String(at(run, pointer)) !== value)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      expect(await page.locator('section:has(#examples) tbody tr').count()).toBe(Math.min(5, run.selection.length));
    });
  });

  it('is complete without scripts: each picture, and the numbers behind its marks', async () => {
    const wanted = ['models', 'top', 'gains', 'calibration'];
    await openQuietly(browser, address, {viewport: {width: 900, height: 740}, javaScriptEnabled: false}, async page => {
      for (const picture of wanted) {
        const svg = page.locator(`#picture-${picture} .wide svg`);
        expect(await svg.isVisible()).toBe(true);
        const {width, height} = (await svg.boundingBox())!;
        const marks = await svg.locator('[data-tip] title').count();
        expect(marks).toBeGreaterThan(0);
        expect(width).toBeGreaterThan(200);
        expect(height).toBeGreaterThan(Math.min(120, 24 * marks));
      }
    });
    expect(Object.keys(files.svg).sort()).toEqual([...wanted].sort());
    expect(Object.keys(files.png).sort()).toEqual([...wanted].sort());
  });

  it('decides on the first screen of a desk, and shows all but the appendix on the first four', async () => {
    await openQuietly(browser, address, {viewport: {width: 1440, height: 900}}, async page => {
      const bottom = (selector: string) =>
        page.locator(selector).evaluateAll(all => Math.max(...all.map(each => each.getBoundingClientRect().bottom)));
      expect(await bottom('.verdict, .next, .facts, #picture-models, #picture-top')).toBeLessThan(900);
      expect(await page.locator('#picture-top .wide [data-tip]').count()).toBe(5);
      expect(await page.locator('#appendix').evaluate(each => each.getBoundingClientRect().top)).toBeLessThan(3600);
      const verdict = await page.locator('.verdict').innerText();
      expect(verdict.split(' ').length).toBeLessThanOrEqual(20);
      for (const {role, auc} of run.models.filter(model => ['after', 'linear'].includes(model.role)))
        expect([role, verdict]).toEqual([role, expect.stringContaining(auc.toFixed(4))]);
    });
  });

  it('shows the verdict, the models and the strongest interactions on the first two screens of a phone', async () => {
    await openQuietly(browser, address, {viewport: {width: 390, height: 844}}, async page => {
      const {y, height} = (await page.locator('#picture-top').boundingBox())!;
      expect(y + height).toBeLessThan(2 * 844);
      expect(
        await page
          .locator('h2')
          .first()
          .evaluate(each => each.getBoundingClientRect().top),
      ).toBeGreaterThan(y);
    });
  });

  it('has pictures in the documents, each under 250 kB', () => {
    for (const view of ['light', 'dark', 'phone', 'print'])
      expect(statSync(path.join(docs, `${name}.${view}.png`)).size).toBeLessThan(250_000);
  });
});
