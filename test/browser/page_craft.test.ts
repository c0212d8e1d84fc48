import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import type {Page} from 'playwright-core';
import {choose, csv, jumps, openPage, press, Served, servePage, textOf} from '../helpers/page';

let served: Served;
beforeAll(async () => {
  served = await servePage();
});
afterAll(() => served.close());

const axe = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
const SCHEMES = ['light', 'dark'] as const;
const WIDTHS = [360, 1280, 3840];

/** Serious and critical findings of axe in both schemes, and what is wider than the window. */
async function faultsOf(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
    if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe);
    const violations = (await page.evaluate('axe.run().then(({violations}) => violations)')) as Array<{
      id: string;
      impact: string;
      nodes: Array<{html: string; failureSummary: string}>;
    }>;
    faults.push(
      ...violations
        .filter(({impact}) => ['serious', 'critical'].includes(impact))
        .flatMap(({id, nodes}) =>
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
      ...(await page.$$eval('.figures dd, .figures dt, .heat button, .actions button', all =>
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

it(
  'in every state, light and dark, at 360 and at 3840 pixels: ' + 'axe finds nothing serious, nothing is cut off',
  async () => {
    const {page, errors} = await openPage(served, {query: '?passes=50&dimension=4&order=both'});
    const faults: {[state: string]: string[]} = {};
    faults['start'] = await faultsOf(page);
    await choose(page, 'bad.csv', '');
    await page.waitForSelector('#data-error:not([hidden])');
    faults['refused'] = await faultsOf(page);
    await press(page, 'sample');
    await textOf(page, 'data-status', /^flights/);
    faults['table'] = await faultsOf(page);
    await choose(page, 'table.csv', csv());
    await textOf(page, 'data-status', /^table/);
    await press(page, 'start');
    await textOf(page, 'run-saved', /Saved after pass [2-9]/);
    await press(page, 'pause');
    await textOf(page, 'run-status', /^Paused$/);
    faults['running'] = await faultsOf(page);
    await page.reload();
    await textOf(page, 'run-status', /^Interrupted$/);
    faults['interrupted'] = await faultsOf(page);
    await press(page, 'continue');
    await textOf(page, 'run-status', /^Searching$/);
    await press(page, 'stop');
    await page.waitForSelector('#result:not([hidden])');
    faults['searched'] = await faultsOf(page);
    await choose(page, 'table.csv', csv());
    await page.fill('[name=passes]', '2');
    await press(page, 'start');
    await press(page, 'retrain');
    await page.waitForSelector('.comparison:not(.waiting)');
    faults['done'] = await faultsOf(page);
    expect(faults).toEqual({start: [], refused: [], table: [], running: [], interrupted: [], searched: [], done: []});
    expect(errors).toEqual([]);
    await page.context().close();
  },
);

it('is used by keys alone', async () => {
  const {page, errors} = await openPage(served, {query: '?passes=4&dimension=4', viewport: {width: 360, height: 740}});
  const focused = () => page.evaluate(() => document.activeElement?.id ?? '');
  const tabTo = async (id: string) => {
    for (let i = 0; i < 60 && (await focused()) !== id; i++) await page.keyboard.press('Tab');
    expect(await focused()).toBe(id);
  };
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement!.className)).toBe('skip');
  await page.keyboard.press('Enter');
  await tabTo('file');
  await choose(page, 'table.csv', csv());
  await page.waitForSelector('#start:not([disabled])');
  await tabTo('use-3');
  await page.keyboard.press('End');
  await textOf(page, 'counts', /^2 fields/);
  expect(await focused()).toBe('use-3');
  await page.keyboard.press('Home');
  await textOf(page, 'counts', /^3 fields/);
  await tabTo('start');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#result:not([hidden])');
  // The start sends the focus to the search, whose map of gates is one stop with arrows inside.
  const label = () => page.evaluate(() => document.activeElement!.getAttribute('aria-label') ?? '');
  for (let i = 0; i < 20 && !(await label()).startsWith('first × second: '); i++) await page.keyboard.press('Tab');
  expect(await label()).toMatch(/^first × second: /);
  expect(await page.textContent('#tip strong')).toBe('first × second');
  await page.keyboard.press('Escape');
  expect(await page.isHidden('#tip')).toBe(true);
  await page.keyboard.press('ArrowDown');
  expect(await label()).toMatch(/^first × third: /);
  await page.keyboard.press('ArrowRight');
  expect(await label()).toMatch(/^second × third: /);
  const was = await page.evaluate(() => document.activeElement!.getAttribute('aria-pressed'));
  await page.keyboard.press('Space');
  await page.waitForFunction(before => document.activeElement!.getAttribute('aria-pressed') !== before, was);
  await tabTo('reset-gates');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#reset-gates[disabled]');
  await tabTo('retrain');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#files a[download="report.html"]');
  expect(await jumps(page)).toEqual([]);
  expect(errors).toEqual([]);
  await page.context().close();
});

/** Milliseconds of the processor that each task of the page's main thread took, from a trace. */
function mainThreadTasks(trace: Buffer): number[] {
  interface Event {
    name: string;
    ph: string;
    pid: number;
    tid: number;
    tdur?: number;
    args: {name?: string; data?: {documentLoaderURL?: string}};
  }
  const {traceEvents} = JSON.parse(String(trace)) as {traceEvents: Event[]};
  const main = traceEvents
    .filter(({name, args}) => name === 'thread_name' && args.name === 'CrRendererMain')
    .map(({pid, tid}) => `${pid}:${tid}`);
  return traceEvents
    .filter(({name, ph, pid, tid}) => /RunTask$/.test(name) && ph === 'X' && main.includes(`${pid}:${tid}`))
    .flatMap(({tdur}) => (tdur === undefined ? [] : [tdur / 1000]));
}

it(
  'answers while it trains: no task of the main thread takes 100 ms of processor time, ' + 'and nothing jumps',
  async () => {
    const {page, errors} = await openPage(served, {query: '?passes=2&dimension=4'});
    // The time that passes would also hold what other programs of the machine take meanwhile.
    await served.browser.startTracing(page, {categories: ['toplevel']});
    await press(page, 'sample');
    await press(page, 'start');
    await page.waitForSelector('#result:not([hidden])');
    await press(page, 'retrain');
    await page.waitForSelector('#files a[download="report.html"]');
    const tasks = mainThreadTasks(await served.browser.stopTracing());
    expect(tasks.length).toBeGreaterThan(200);
    expect(Math.max(...tasks)).toBeLessThan(100);
    expect(await jumps(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  },
);
