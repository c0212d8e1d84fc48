import type {Page} from 'playwright-core';
import {choose, csv, figuresOf, isReady, openPage, press, Served, servePage, textOf} from '../helpers/page';

let served: Served;
beforeAll(async () => {
  served = await servePage();
});
afterAll(() => served.close());

const stepOf = async (page: Page) => Number((await figuresOf(page))['step'].split(' of ')[0].replaceAll(',', ''));
const isSearched = (page: Page) => page.waitForSelector('#result:not([hidden])');

/** Waits until a run has made some steps. */
async function atStep(page: Page, least: number): Promise<number> {
  await page.waitForFunction(
    at => Number(document.querySelector('#figures dd')!.textContent!.split(' of ')[0].replaceAll(',', '')) >= at,
    least,
  );
  return stepOf(page);
}

async function start(query: string): Promise<{page: Page; errors: string[]}> {
  const opened = await openPage(served, {query});
  await choose(opened.page, 'table.csv', csv());
  await press(opened.page, 'start');
  return opened;
}

/** What a finished run comes to, without what a clock says. */
async function outcome(page: Page): Promise<string[]> {
  return [
    ...(await page.$$eval('.comparison tbody tr:not(:last-child)', all => all.map(({textContent}) => textContent!))),
    (await page.textContent('#kept'))!,
  ];
}

it('pauses, resumes and stops', async () => {
  const {page, errors} = await start('?passes=50&dimension=4');
  await atStep(page, 50);
  await press(page, 'pause');
  await textOf(page, 'run-status', /^Paused$/);
  const paused = await stepOf(page);
  await page.waitForTimeout(400);
  expect(await stepOf(page)).toBe(paused);
  expect(await page.textContent('#pause')).toBe('Resume');
  await press(page, 'pause');
  await textOf(page, 'run-status', /^Searching$/);
  expect(await atStep(page, paused + 1)).toBeGreaterThan(paused);
  await press(page, 'stop');
  await isSearched(page);
  const [, stopped] = /^You stopped the search after ([\d,]+) of 3,750 steps: the gates are as they were then\.$/.exec(
    (await page.textContent('#warnings p'))!,
  )!;
  expect(Number(stopped.replaceAll(',', ''))).toBeGreaterThan(paused);
  expect(await page.isHidden('#stop')).toBe(true);

  await press(page, 'retrain');
  await textOf(page, 'run-status', /^Retraining: the model of the kept interactions$/);
  await press(page, 'stop');
  await textOf(page, 'run-status', /^Search finished$/);
  expect(await page.isVisible('.comparison.waiting')).toBe(true);
  expect(errors).toEqual([]);
  await page.context().close();
});

it(
  'a reload in the middle of a search or a retraining loses nothing that was shown as saved, ' +
    'and what follows is the same',
  async () => {
    const query = '?passes=12&dimension=4&strength=1.5';
    const unbroken = await start(query);
    await isSearched(unbroken.page);
    await press(unbroken.page, 'retrain');
    await unbroken.page.waitForSelector('.comparison:not(.waiting)');
    const expected = await outcome(unbroken.page);
    await unbroken.page.context().close();

    const {page, errors} = await start(query);
    const passOf = (text: string) => Number(/after pass (\d+) of/.exec(text)![1]);
    const interrupt = async (saved: RegExp) => {
      const shown = await textOf(page, 'run-saved', saved);
      await page.reload();
      await isReady(page);
      await textOf(page, 'run-status', /^Interrupted$/);
      const found = (await page.textContent('#run-saved'))!;
      expect(passOf(found)).toBeGreaterThanOrEqual(passOf(shown));
      return found;
    };
    expect(await interrupt(/^Saved after pass \d+ of 12\.$/)).toMatch(
      /^The search on table\.csv is saved after pass \d+ of 12\. Continue it, or choose other data\.$/,
    );
    expect((await stepOf(page)) % 75).toBe(0);
    expect((await figuresOf(page))['validation AUC']).toMatch(/^0\.\d{4}$/);
    // Another table is no part of the run that goes on.
    await choose(page, 'other.csv', csv({rows: 600}));
    await textOf(page, 'data-status', /^other\.csv/);
    await press(page, 'continue');
    await isSearched(page);

    await press(page, 'retrain');
    expect(await interrupt(/over the model of kept/)).toMatch(
      /^The retraining on table\.csv is saved after pass \d+ of 13 over the model of kept interactions\./,
    );
    await press(page, 'continue');
    await textOf(page, 'run-status', /^Retraining: the model of all interactions, to compare$/);
    expect(await interrupt(/over the model of all/)).toMatch(/over the model of all interactions/);
    await press(page, 'continue');
    await page.waitForSelector('.comparison:not(.waiting)');
    expect(await outcome(page)).toEqual(expected);

    await page.reload();
    await page.waitForSelector('.comparison:not(.waiting)');
    expect(await outcome(page)).toEqual(expected);
    await press(page, 'discard');
    await page.waitForSelector('#run', {state: 'hidden'});
    await page.reload();
    await isReady(page);
    expect(await page.isHidden('#run')).toBe(true);
    expect(errors).toEqual([]);
    await page.context().close();
  },
);

it('pairs and triples beside an MLP: gates are opened and closed by hand, and stay so', async () => {
  const {page, errors} = await start('?passes=4&dimension=4&order=both&mlp=true&strength=3');
  await isSearched(page);
  const now = async () => Number(/with your gates (\d\.\d{4})/.exec((await page.textContent('#what-if'))!)![1]);
  const searched = await now();
  const gates = page.locator('#heat [data-cell]');
  expect(await page.textContent('#what-if')).toBe(
    `Validation AUC as searched ${searched.toFixed(4)}, with your gates ${searched.toFixed(4)} (+0.0000)`,
  );
  expect(await gates.count()).toBe(4);
  expect(await page.textContent('.triple-list h3')).toMatch(/^Triples: [01] of 1 open$/);

  for (let i = 0; i < 4; i++) {
    const before = await gates.nth(i).getAttribute('aria-pressed');
    await gates.nth(i).click();
    await page.waitForFunction(
      ([k, was]) => document.querySelectorAll('#heat [data-cell]')[k as number].getAttribute('aria-pressed') !== was,
      [i, before],
    );
    expect(await gates.nth(i).textContent()).toMatch(before === 'true' ? /^\D*$/ : /0\.60$/);
    expect(await now()).not.toBe(searched);
    if (i < 3) await press(page, 'reset-gates');
    else break;
    await page.waitForSelector('#reset-gates[disabled]');
    expect(await now()).toBe(searched);
  }
  const byHand = await now();
  await page.reload();
  await isReady(page);
  await isSearched(page);
  expect(await now()).toBe(byHand);
  expect(await page.isEnabled('#reset-gates')).toBe(true);
  // A second map hears each press once.
  await choose(page, 'table.csv', csv());
  await press(page, 'start');
  await isSearched(page);
  await page.locator('#heat .closed[data-cell]').first().click();
  await textOf(page, 'what-if', /with your gates/);
  await page.waitForSelector('#reset-gates:not([disabled])');
  const open = await page.locator('#heat [aria-pressed=true]').count();
  await press(page, 'retrain');
  await page.waitForSelector('.comparison:not(.waiting)');
  expect(await page.textContent('.comparison tbody tr:first-child')).toBe(`Interactions4 of 4${open} of 4`);
  expect(errors).toEqual([]);
  await page.context().close();
});

it('a link carries the settings', async () => {
  const {page, errors} = await openPage(served, {permissions: ['clipboard-read', 'clipboard-write']});
  await choose(page, 'table.csv', csv());
  await page.fill('[name=strength]', '3.5');
  await page.selectOption('[name=order]', 'both');
  await page.fill('[name=dimension]', '8');
  await page.selectOption('[name=mlp]', 'true');
  await page.fill('[name=passes]', '5');
  await page.fill('[name=seed]', '7');
  await press(page, 'link');
  await textOf(page, 'settings-status', /^The link was copied\.$/);
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(`${served.url}?strength=3.5&order=both&dimension=8&mlp=true&passes=5&seed=7`);
  await page.goto('about:blank');
  await page.goto(link);
  await isReady(page);
  expect(
    await page.$$eval('#settings [name]', all =>
      Object.fromEntries(all.map(each => [(each as HTMLInputElement).name, (each as HTMLInputElement).value])),
    ),
  ).toEqual({strength: '3.5', order: 'both', dimension: '8', mlp: 'true', passes: '5', seed: '7'});
  expect(await page.textContent('#data-status')).toBe('The settings of the link are in place. Choose the data.');
  await choose(page, 'table.csv', csv());
  await page.fill('[name=passes]', '0');
  await page.click('#link');
  expect(page.url()).toBe(link);
  expect(errors).toEqual([]);
  await page.context().close();
});

it('a second tab says that it saves nothing', async () => {
  const {page} = await openPage(served);
  const second = await page.context().newPage();
  await second.goto(served.url);
  await isReady(second);
  expect(await second.textContent('#data-notice')).toBe(
    'This page is open in another tab, too. That one saves its run; in this one a reload loses it.',
  );
  expect(await page.isHidden('#data-notice')).toBe(true);
  await page.context().close();
});

it('works without a network after the first load', async () => {
  const {page, errors} = await openPage(served, {query: '?passes=1&dimension=4'});
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await served.disconnect();
  await expect(fetch(served.url)).rejects.toThrow();
  await page.reload();
  await isReady(page);
  expect(await page.inputValue('[name=dimension]')).toBe('4');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await press(page, 'sample');
  await textOf(page, 'data-status', /^flights\.parquet: 100,000 rows, 10 columns\.$/);
  await choose(page, 'table.csv', csv());
  await press(page, 'start');
  await isSearched(page);
  expect(errors).toEqual([]);
  await page.context().close();
});
