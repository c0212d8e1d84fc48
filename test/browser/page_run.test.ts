import type {Page} from 'playwright-core';
import {choose, csv, isReady, openPage, press, Served, servePage, textOf} from '../helpers/page';

let served: Served;
beforeAll(async () => {
  served = await servePage();
});
afterAll(() => served.close());

const isFinished = (page: Page) => page.waitForSelector('body[data-state=finished]');
const stepsOf = (page: Page) => page.$$eval('#steps li', all => all.map(({textContent}) => textContent!));
/** The number that a text of the page is. */
const toNumber = (text: string) => Number(text.replaceAll(',', '').replace('−', '-').replace('+', ''));
const doing = (page: Page) => page.textContent('#task');

async function start(): Promise<{page: Page; errors: string[]}> {
  const opened = await openPage(served);
  await choose(opened.page, 'table.csv', csv({rows: 30_000}));
  await press(opened.page, 'start');
  return opened;
}

/** All that a finished run shows. */
async function outcome(page: Page): Promise<unknown> {
  return {
    steps: await stepsOf(page),
    text: await Promise.all(['answer', 'models', 'kept'].map(id => page.textContent(`#${id}`))),
    map: await page.$$eval('#map [data-pair]', all => all.map(each => each.getAttribute('aria-label'))),
    path: await page.getAttribute('#path svg', 'aria-label'),
  };
}

it('finds the one pair that matters, and goes on after a pause, a stop and a reload, no step made twice', async () => {
  const unbroken = await start();
  await isFinished(unbroken.page);
  const expected = await outcome(unbroken.page);
  expect(await unbroken.page.textContent('#answer')).toMatch(
    /^The model with 1 of 3 interactions is better than logistic regression: /,
  );
  // Only the gate of the chosen pair can be pressed.
  expect(await unbroken.page.$$eval('#map [data-pair]', all => all.map(each => each.ariaPressed))).toEqual([
    'true',
    null,
    null,
  ]);
  const trainRows = toNumber((await unbroken.page.textContent('.parts tbody tr:first-child td:nth-child(2)'))!);
  await unbroken.page.context().close();

  const {page, errors} = await start();
  await press(page, 'pause');
  await textOf(page, 'run-status', /^Paused$/);
  const paused = await doing(page);
  await page.waitForTimeout(400);
  expect(await doing(page)).toBe(paused);
  expect(await page.textContent('#pause')).toBe('Resume');
  // The page itself stops the run when the components are fitted: a run is over before a test has looked twice.
  await page.evaluate(() => {
    const steps = document.getElementById('steps')!;
    const stop = new MutationObserver(() => {
      // The components without the held-out part, and the decision.
      if (steps.children.length < 2) return;
      stop.disconnect();
      document.getElementById('stop')!.click();
    });
    stop.observe(steps, {childList: true});
  });
  await press(page, 'pause');
  await textOf(page, 'run-status', /^Interrupted$/);
  const before = await stepsOf(page);
  expect(before.length).toBeGreaterThanOrEqual(2);
  expect(before.at(-1)).not.toMatch(/^Reads/);
  await page.reload();
  await isReady(page);
  await textOf(page, 'run-status', /^Interrupted$/);
  expect(await stepsOf(page)).toEqual(before);
  expect(await page.textContent('#summary-text')).toBe('table.csv: 30,000 rows, 3 fields');
  expect(await page.textContent('#run-settings')).toBe('Effort quick, seed 1.');
  // Another table does not belong to the run that continues.
  await choose(page, 'other.csv', csv({rows: 600}));
  await textOf(page, 'data-status', /^other\.csv/);
  const trained: string[] = [];
  await page.exposeFunction('trains', (name: string) => trained.push(name));
  await page.evaluate(() => {
    const {trains} = globalThis as unknown as {trains(name: string): void};
    const task = document.getElementById('task')!;
    new MutationObserver(() => trains(task.textContent!.split(':')[0])).observe(task, {childList: true});
  });
  await press(page, 'continue');
  await isFinished(page);
  expect(trained).not.toContain('Training 1 of 3');
  expect(await outcome(page)).toEqual(expected);

  await page.reload();
  await isReady(page);
  await isFinished(page);
  expect(await outcome(page)).toEqual(expected);

  // The pair stands beside the map with its effect in the chosen model: every training row is in one of 5 x 6 cells.
  expect(await page.textContent('#effect h3')).toBe('first × second');
  expect(await page.textContent('#effect .facts')).toMatch(
    /^gain \+0\.\d{4} ± 0\.\d{4} on unseen rows, in 4 of 4 parts$/,
  );
  const cells = () => page.$$eval('#effect [data-cell]', all => all.map(each => each.ariaLabel!));
  const effects = await cells();
  expect(effects).toHaveLength(30);
  const figures = effects.map(text =>
    /^a(\d) with b(\d): ([+−][\d.]+); ([\d.]+) % of ([\d,]+) rows positive$/.exec(text)!.slice(1).map(toNumber),
  );
  expect(figures.reduce((sum, [, , , , rows]) => sum + rows, 0)).toBe(trainRows);
  // Rates are 80 % or 20 % by the two values together, and nearly the same for each value alone.
  for (const [a, b, effect, observed] of figures) {
    const isEven = (a + b) % 2 === 0;
    expect(Math.abs(observed - (isEven ? 80 : 20))).toBeLessThan(6);
    expect(Math.sign(effect)).toBe(isEven ? 1 : -1);
  }
  await page.hover('#map [data-pair="1"]');
  await textOf(page, 'effect', /^first × third/);
  await page.waitForFunction(() => document.querySelectorAll('#effect [data-cell]').length === 20);
  expect(await page.textContent('#effect caption')).toMatch(/^The chosen model adds nothing here; /);
  // What stands beside the map needs no tip.
  expect(await page.isHidden('#tip')).toBe(true);

  // Gates by hand: the AUC moves, on the map itself, and comes back.
  const gate = page.locator('#map [data-pair="0"]');
  await gate.click();
  const closed = await textOf(page, 'map', /with your gates/);
  const [, chosen, now] = /as chosen (\d\.\d{4}), with your gates (\d\.\d{4})/.exec(closed)!;
  expect(Number(now)).toBeLessThan(Number(chosen) - 0.1);
  expect(await page.textContent('#map .heat .effect')).toMatch(new RegExp(`^AUC ${now} \\(−0\\.\\d{4}\\)$`));
  expect(await gate.getAttribute('aria-pressed')).toBe('false');
  expect(await page.textContent('#effect .facts')).toMatch(/^gate closed; /);
  await press(page, 'undo-gate');
  await textOf(page, 'map', new RegExp(`is now ${chosen}`));
  expect(await gate.getAttribute('aria-pressed')).toBe('true');
  await page.waitForSelector('#undo-gate[disabled]');
  await gate.click();
  await textOf(page, 'map', /with your gates/);
  await press(page, 'reset-gates');
  await textOf(page, 'map', new RegExp(`is now ${chosen}`));
  expect(await outcome(page)).toEqual(expected);

  // A row: what the fields and the pair add up to is the probability.
  await page.click('#row summary');
  const predicted = async () => toNumber(/[\d.]+/.exec((await page.textContent('#row .probability'))!)![0]);
  const shares = () => page.$$eval('#row .shares .number', all => all.map(each => each.textContent!));
  const chooseBoth = async (...values: string[]) => {
    for (const [f, label] of values.entries()) {
      await page.focus(`#row-${f}`);
      const before = await page.textContent('#row .probability');
      if ((await page.$eval(`#row-${f} option:checked`, each => each.textContent)) === label) continue;
      await page.selectOption(`#row-${f}`, {label});
      await page.waitForFunction(old => document.querySelector('#row .probability')!.textContent !== old, before);
    }
    const [base, share] = (await shares()).map(toNumber);
    expect(await predicted()).toBeCloseTo(100 / (1 + Math.exp(-base - share)), 0);
    return {probability: await predicted(), share};
  };
  await page.waitForSelector('#row-2');
  expect(await page.textContent('#row .shares tr:nth-child(2) th')).toBe('first × second');
  const even = await chooseBoth('a1', 'b3');
  const odd = await chooseBoth('a1', 'b2');
  expect(even.probability).toBeGreaterThan(70);
  expect(odd.probability).toBeLessThan(30);
  expect(even.share - odd.share).toBeGreaterThan(1);

  // To forget a run is asked for twice.
  await press(page, 'discard');
  await page.click('#forget button[value=no]');
  expect(await page.isVisible('#run')).toBe(true);
  await press(page, 'discard');
  await page.click('#forget-yes');
  await page.waitForSelector('#run', {state: 'hidden'});
  await page.reload();
  await isReady(page);
  expect(await page.isHidden('#run')).toBe(true);
  expect(errors).toEqual([]);
  await page.context().close();
});

it('a link restores what is seen once its file is dropped, and says what of it cannot be used', async () => {
  const {page, errors} = await openPage(served, {permissions: ['clipboard-read', 'clipboard-write']});
  await choose(page, 'table.csv', csv());
  await page.click('#setup summary');
  await page.fill('[name=seed]', '7');
  await page.selectOption('#use-3', 'category');
  await page.selectOption('#positive', '0');
  await press(page, 'start');
  await page.waitForSelector('#report a');
  await page.click('#row summary');
  await page.focus('#row-1');
  await page.selectOption('#row-1', {label: 'b3'});
  await page.click('#map [data-pair="0"]');
  await page.hover('#map [data-pair="2"]');
  const shown = async () => {
    await textOf(page, 'map', /with your gates/);
    await page.waitForFunction(() => document.querySelectorAll('#effect [data-cell]').length === 24);
    return page.locator('#answer, #map, #effect, #row .shares').allInnerTexts();
  };
  const expected = await shown();
  await press(page, 'link');
  await textOf(page, 'share-status', /^The link was copied\.$/);
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link.slice(served.url.length)).toMatch(
    /^#file=table\.csv&seed=7&positive=\d&use=3-category&fields=1\.2&closed=0&row=\d\.\d\.\d$/,
  );
  await press(page, 'discard');
  await page.click('#forget-yes');
  await page.waitForSelector('#run', {state: 'hidden'});
  await page.goto(link);
  await textOf(page, 'data-status', /^The link shows a run of table\.csv\. Choose that file, or drop it here\.$/);
  await choose(page, 'table.csv', csv());
  await page.waitForSelector('#row .shares');
  expect(await shown()).toEqual(expected);
  await page.goto('about:blank');
  await page.goto(link.replace('seed', 'effort'));
  await isReady(page);
  expect(await page.textContent('#run-notice')).toBe(
    'The link has an invalid setting: effort. The defaults are used instead.',
  );
  expect(errors).toEqual([]);
  await page.context().close();
});

it('a second tab says that it saves nothing, and nothing else of saving', async () => {
  const {page} = await openPage(served);
  const second = await page.context().newPage();
  await second.goto(served.url);
  await isReady(second);
  expect(await second.textContent('#data-notice')).toBe(
    'This page is also open in another tab, which saves its run. A reload of this tab loses the run.',
  );
  expect(await page.isHidden('#data-notice')).toBe(true);
  await choose(second, 'table.csv', csv());
  await press(second, 'start');
  await isFinished(second);
  expect(await second.textContent('#run-notice')).toMatch(/^This page is also open in another tab/);
  expect(await second.textContent('#run-saved')).toBe('');
  await page.context().close();
});

it('runs where the browser forbids to save anything, and says so', async () => {
  const {page, errors} = await openPage(served, {serviceWorkers: 'block'});
  await page.route('**/assets/worker-*.js', async route => {
    const response = await route.fetch();
    const forbid = "Object.defineProperty(self, 'indexedDB', {value: {open() { throw new Error('denied'); }}});";
    await route.fulfill({response, body: `${forbid}\n${await response.text()}`});
  });
  await page.reload();
  await isReady(page);
  const said = 'This browser cannot save the run: it has no room, or does not allow it. A reload loses the run.';
  expect(await page.textContent('#data-notice')).toBe(said);
  await choose(page, 'table.csv', csv());
  await press(page, 'start');
  await isFinished(page);
  expect(await page.textContent('#run-notice')).toBe(said);
  expect(await page.isHidden('#run-error')).toBe(true);
  expect(await page.textContent('#run-saved')).toBe('');
  expect(errors).toEqual([]);
  await page.context().close();
});

it('keeps its workers, too, from asking elsewhere, once the service worker serves them', async () => {
  const {page} = await openPage(served);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.reload();
  await isReady(page);
  const violated = await page.workers()[0].evaluate(async () => {
    const found = new Promise(resolve => {
      addEventListener('securitypolicyviolation', event =>
        resolve((event as unknown as SecurityPolicyViolationEvent).effectiveDirective),
      );
    });
    await fetch('https://elsewhere.invalid/').catch(() => undefined);
    return Promise.race([found, new Promise(resolve => setTimeout(resolve, 2000))]);
  });
  expect(violated).toBe('connect-src');
  await page.context().close();
});

it('works without a network after the first load', async () => {
  const {page, errors} = await openPage(served, {query: '#file=table.csv&seed=4'});
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await served.disconnect();
  await expect(fetch(served.url)).rejects.toThrow();
  await page.reload();
  await isReady(page);
  expect(await page.inputValue('[name=seed]')).toBe('4');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await press(page, 'sample');
  await textOf(page, 'summary-text', /^flights\.parquet: 100,000 rows, 8 fields$/);
  await press(page, 'stop');
  await press(page, 'change');
  await choose(page, 'table.csv', csv());
  await press(page, 'start');
  await page.waitForSelector('#report a');
  expect(errors).toEqual([]);
  await page.context().close();
});
