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

  const hasTriples = () => run.interactions.some(({order, kept}) => order === 3 && kept);
  /** A map of pairs, and beside it one of triples where there are any. */
  const maps = () => (hasTriples() ? ['interactions-1', 'interactions-2'] : ['interactions']);

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
      expect(await page.locator('section:has(#interactions) tbody tr').count()).toBe(run.selection.length);
    });
  });

  it('is complete without scripts: each picture, and the numbers behind its marks', async () => {
    const wanted = [...maps(), 'calibration', 'alone'];
    await openQuietly(browser, address, {viewport: {width: 900, height: 740}, javaScriptEnabled: false}, async page => {
      for (const picture of wanted) {
        const svg = page.locator(`#picture-${picture} .wide svg`);
        expect(await svg.isVisible()).toBe(true);
        const {width, height} = (await svg.boundingBox())!;
        const marks = await svg.locator('[data-tip] title').count();
        expect(marks).toBeGreaterThan(0);
        expect(width).toBeGreaterThan(200);
        // A picture of four bars is low.
        expect(height).toBeGreaterThan(Math.min(200, 24 * marks));
      }
    });
    expect(Object.keys(files.svg).sort()).toEqual([...wanted].sort());
    expect(Object.keys(files.png).sort()).toEqual([...wanted].sort());
  });

  it('answers in one sentence which interactions matter, and whether they do better on the test rows', async () => {
    await openQuietly(browser, address, {viewport: {width: 900, height: 740}}, async page => {
      const answer = await page.locator('.answer').innerText();
      const kept = run.selection.length;
      expect(answer).toContain(
        `Of ${run.interactions.length} ${hasTriples() ? 'pairs and triples of fields' : 'pairs of fields'}, ${kept} are kept to predict ${run.positive}`,
      );
      const named = run.interactions.filter(each => each.kept && answer.includes(each.fields.join(' × ')));
      expect(named.length).toBeGreaterThanOrEqual(3);
      for (const {role, auc} of run.models.filter(model => model.role !== 'other')) {
        expect([role, answer]).toEqual([role, expect.stringContaining(`${auc.toFixed(4)})`)]);
      }
      expect(answer.match(/\.(\s|$)/g)).toHaveLength(1);
    });
  });

  it('shows the answer and the map on the first two screens of a phone, before any other section', async () => {
    await openQuietly(browser, address, {viewport: {width: 360, height: 740}}, async page => {
      const map = (await page.locator(`#picture-${maps()[0]}`).boundingBox())!;
      expect(map.y).toBeLessThan(2 * 740);
      const above = await page
        .locator('h2')
        .evaluateAll((all, y) => all.filter(each => each.getBoundingClientRect().top < y).map(({id}) => id), map.y);
      expect(above).toEqual(['interactions']);
    });
  });

  it('has pictures in the documents, each under 250 kB', () => {
    for (const view of ['light', 'dark', 'phone', 'print'])
      expect(statSync(path.join(docs, `${name}.${view}.png`)).size).toBeLessThan(250_000);
  });
});
