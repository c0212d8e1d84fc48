import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import type {Page} from 'playwright-core';
import {generator} from '../helpers/random';
import {choose, csv, jumps, openPage, press, Served, servePage, textOf} from '../helpers/page';

let served: Served;
beforeAll(async () => {
  served = await servePage();
});
afterAll(() => served.close());

const axe = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
const SCHEMES = ['light', 'dark'] as const;
const WIDTHS = [360, 1280, 3840];

/** Findings of axe in both schemes, and what is wider than the window. */
async function faultsOf(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
    if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe);
    const violations = (await page.evaluate('axe.run().then(({violations}) => violations)')) as Array<{
      id: string;
      nodes: Array<{html: string; failureSummary: string}>;
    }>;
    faults.push(
      ...violations.flatMap(({id, nodes}) =>
        nodes.map(({html, failureSummary}) => `${colorScheme}: ${id}: ${html}: ${failureSummary}`),
      ),
    );
  }
  for (const width of WIDTHS) {
    await page.setViewportSize({width, height: 900});
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wider > 0) faults.push(`${wider} px wider than the window of ${width} px`);
    // A figure that is wider than its place would lie over the next one.
    faults.push(
      ...(await page.$$eval('.heat button, .actions button, .doing span', all =>
        all
          .filter(each => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
          .map(
            ({className, textContent, scrollWidth, clientWidth}) =>
              `cut off: ${className} ${textContent} ${scrollWidth} > ${clientWidth}`,
          ),
      )),
    );
  }
  await page.setViewportSize({width: 1280, height: 900});
  return faults;
}

it('in every state, light and dark, at 360 and at 3840 pixels: axe finds nothing, nothing is cut off', async () => {
  const {page, errors} = await openPage(served, {bypassCSP: true});
  const faults: {[state: string]: string[]} = {};
  faults['start'] = await faultsOf(page);
  await choose(page, 'bad.csv', '');
  await page.waitForSelector('#data-error:not([hidden])');
  faults['refused'] = await faultsOf(page);
  await page.setInputFiles('#file', path.resolve(__dirname, '../../runs/page/assets/flights.parquet'));
  await textOf(page, 'data-status', /^flights\.parquet/);
  expect(await page.textContent('#read-as')).toBe('Read: 7 categories, 1 date and the label late.');
  await textOf(page, 'estimate', /^About/);
  // Start stands within the first screen.
  const start = (await page.locator('#start').boundingBox())!;
  expect(start.y + start.height).toBeLessThan(900);
  faults['table'] = await faultsOf(page);
  await choose(page, 'table.csv', csv({rows: 50_000}));
  await textOf(page, 'data-status', /^table/);
  await press(page, 'start');
  await press(page, 'pause');
  await textOf(page, 'run-status', /^Paused$/);
  faults['running'] = await faultsOf(page);
  await page.reload();
  await textOf(page, 'run-status', /^Interrupted$/);
  faults['interrupted'] = await faultsOf(page);
  await press(page, 'continue');
  await page.waitForSelector('#report a');
  await page.click('#details > summary');
  faults['finished'] = await faultsOf(page);
  // Colours that are data are not lost in high contrast.
  const colors = () =>
    page.$$eval('.heat button, .rates td[data-cell], .ramp i, .closed-sample', all =>
      all.map(each => getComputedStyle(each).backgroundColor),
    );
  const own = await colors();
  await page.emulateMedia({forcedColors: 'active'});
  expect(await colors()).toEqual(own);
  await page.emulateMedia({forcedColors: 'none'});
  // A phone shows the verdict within its first screen.
  await page.setViewportSize({width: 390, height: 844});
  await page.evaluate(() => document.getElementById('run')!.scrollIntoView());
  const answer = (await page.locator('#answer').boundingBox())!;
  expect(answer.y + answer.height).toBeLessThan(844);
  await press(page, 'discard');
  faults['forget'] = await faultsOf(page);
  expect(faults).toEqual({start: [], refused: [], table: [], running: [], interrupted: [], finished: [], forget: []});
  expect(errors).toEqual([]);
  await page.context().close();
});

it('is used by keys alone, on a phone', async () => {
  const {page, errors} = await openPage(served, {viewport: {width: 360, height: 740}});
  const focused = () => page.evaluate(() => document.activeElement?.id ?? '');
  const tabTo = async (id: string) => {
    for (let i = 0; i < 80 && (await focused()) !== id; i++) await page.keyboard.press('Tab');
    expect(await focused()).toBe(id);
  };
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement!.className)).toBe('skip');
  await page.keyboard.press('Enter');
  await tabTo('file');
  await choose(page, 'table.csv', csv({rows: 3000}));
  await page.waitForSelector('#start:not([disabled])');
  await tabTo('start');
  await tabTo('use-3');
  await page.keyboard.press('End');
  await textOf(page, 'counts', /^2 fields/);
  expect(await focused()).toBe('use-3');
  await page.keyboard.press('Shift+Tab');
  await tabTo('use-3');
  await page.locator('#undo').focus();
  await page.keyboard.press('Enter');
  await textOf(page, 'counts', /^3 fields/);
  await tabTo('start');
  // A fast machine ends the run at once after the key.
  await page.evaluate('strict = true');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#report a');
  expect(await jumps(page)).toEqual([]);
  // The end sends the focus to the verdict, behind which the map of gates is one stop with arrows inside.
  expect(await focused()).toBe('answer');
  const label = () => page.evaluate(() => document.activeElement!.getAttribute('aria-label') ?? '');
  for (let i = 0; i < 20 && !(await label()).startsWith('first × second: '); i++) await page.keyboard.press('Tab');
  expect(await label()).toMatch(/^first × second: \d+\.\d\d, open$/);
  expect(await page.textContent('#tip strong')).toBe('first × second');
  await page.keyboard.press('Escape');
  expect(await page.isHidden('#tip')).toBe(true);
  await page.keyboard.press('ArrowDown');
  expect(await label()).toBe('first × third: closed');
  await page.keyboard.press('ArrowRight');
  expect(await label()).toBe('second × third: closed');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Space');
  await page.waitForFunction(() => document.activeElement!.getAttribute('aria-pressed') === 'false');
  await tabTo('reset-gates');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#reset-gates[disabled]');
  expect(errors).toEqual([]);
  await page.context().close();
});

/** Counts what is drawn of a map on a canvas, and elements of the chart of gates. */
function countDrawing(page: Page): Promise<void> {
  return page.evaluate(() => {
    const counts = Object.assign(globalThis, {drawing: {names: 0, cells: 0, path: 0}}).drawing;
    const {prototype} = CanvasRenderingContext2D;
    const {fillText, putImageData} = prototype;
    prototype.fillText = function (...args) {
      counts.names++;
      fillText.apply(this, args);
    };
    prototype.putImageData = function (this: CanvasRenderingContext2D, ...args: Parameters<typeof putImageData>) {
      counts.cells++;
      putImageData.apply(this, args);
    } as typeof putImageData;
    new MutationObserver(changes => {
      counts.path += changes.reduce((sum, {addedNodes}) => sum + addedNodes.length, 0);
    }).observe(document.getElementById('path-picture')!, {childList: true, subtree: true});
  });
}

const drawn = (page: Page) => page.evaluate('drawing') as Promise<{names: number; cells: number; path: number}>;
const boxOf = async (page: Page, selector: string) => (await page.locator(selector).boundingBox())!;
/** Waits until what was asked for is painted. */
const nextFrame = (page: Page) =>
  page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))));

it('a table of 42 columns: a canvas that zooms, is filtered and is read by keys', async () => {
  const {page, errors} = await openPage(served);
  // Two more than the map shows in a grid.
  const names = Array.from({length: 42}, (_, i) => `column ${i}`);
  const next = generator(1);
  const rows = Array.from({length: 2400}, () => {
    const values = names.map((_, i) => Math.floor(next() * (2 + (i % 5))));
    // One pair matters, so that the map stays to the end.
    return [(values[0] + values[1]) % 2, ...values.map(value => `v${value}`)];
  });
  await choose(page, 'wide.csv', [['clicked', ...names].join(','), ...rows.map(row => row.join(','))].join('\n'));
  await press(page, 'start');
  await page.waitForSelector('#map canvas');
  // The page itself pauses: the gates are decided before a test has looked twice.
  await page.waitForFunction(() => {
    const isLearning = /Not yet a result/.test(document.getElementById('map')!.textContent!);
    if (isLearning) document.getElementById('pause')!.click();
    return isLearning;
  });
  await textOf(page, 'run-status', /^Paused$/);
  // What was learnt before the pause is painted first.
  await nextFrame(page);
  await countDrawing(page);
  await page.focus('#map canvas');
  await nextFrame(page);
  for (let i = 0; i < 9; i++) await page.keyboard.press(i % 2 === 0 ? 'ArrowDown' : 'ArrowRight');
  expect(await page.textContent('#tip strong')).toMatch(/^column \d+ × column \d+$/);
  // A tip is beside the map.
  const [map, tip] = await Promise.all([boxOf(page, '#map canvas'), boxOf(page, '#tip')]);
  expect(tip.x >= map.x + map.width || tip.y >= map.y + map.height || tip.y + tip.height <= map.y).toBe(true);
  // The frame moves without a stroke on the canvas.
  await nextFrame(page);
  expect(await drawn(page)).toEqual({names: 0, cells: 0, path: 0});
  await press(page, 'pause');
  // Cells change with the decision, and names do not; the chart is drawn once, with its cursor.
  await page.waitForSelector('#path .cursor[x1]', {state: 'attached'});
  await nextFrame(page);
  const {names: redrawn, cells, path} = await drawn(page);
  expect(redrawn).toBe(0);
  expect(cells).toBeGreaterThan(0);
  expect(path).toBe(2);
  await page.waitForSelector('body[data-state=finished]');
  await page.focus('#map canvas');
  for (const key of ['+', '+', 'ArrowDown', 'ArrowRight', '-']) await page.keyboard.press(key);
  await page.fill('#filter-rows', '7');
  await page.fill('#filter-columns', 'column 12');
  await page.focus('#map canvas');
  await page.keyboard.press('ArrowDown');
  expect(await page.textContent('#effect h3')).toMatch(/7.* × column 12|column 12\d? × .*7/);
  expect(errors).toEqual([]);
  await page.context().close();
});
