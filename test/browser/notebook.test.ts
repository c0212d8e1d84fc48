import type {Page} from 'playwright-core';
import {openPage, Served, serveNotebook} from '../helpers/page';

let served: Served;
beforeAll(async () => {
  served = await serveNotebook();
});
afterAll(() => served.close());

const states = (page: Page) =>
  page.$$eval('section', sections => sections.map(section => (section as HTMLElement).dataset.state));

/** Waits until no cell runs, and at least `count` cells have run. */
async function haveRun(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    ([least]) => {
      const all = Array.from(document.querySelectorAll<HTMLElement>('section')).map(({dataset}) => dataset.state);
      return (
        all.includes('failed') || (all.filter(state => state === 'done').length >= least && !all.includes('running'))
      );
    },
    [count],
  );
}

/** The numbers of a column of the last table below a cell. */
const column = (page: Page, cell: number, at: number) =>
  page.$$eval(`section:nth-of-type(${cell}) table:last-of-type tbody td:nth-child(${at})`, cells =>
    cells.map(({textContent}) => Number(textContent!.replaceAll(',', ''))),
  );

it('runs all cells, from the table to gates that close and a prediction, and a cell that was changed', async () => {
  const {page, errors} = await openPage(served);
  expect(await states(page)).toEqual(Array(9).fill('new'));
  await page.click('#run-all');
  await haveRun(page, 9);
  expect(await page.$$eval('.error', all => all.map(({textContent}) => textContent))).toEqual([]);
  expect(await states(page)).toEqual(Array(9).fill('done'));

  const open = await column(page, 6, 2);
  expect(open[0]).toBeLessThanOrEqual(36);
  expect(open[open.length - 1]).toBeLessThan(18);
  expect(await column(page, 7, 2)).toHaveLength(open[open.length - 1]);
  const [linear, all, few] = await column(page, 8, 3);
  expect(all).toBeGreaterThan(linear);
  expect(few).toBeGreaterThan(linear);
  const [goose, swallow] = await column(page, 9, 2);
  expect(goose).toBeGreaterThan(2 * swallow);

  // A change of one cell: those after it have to run again, and do so before the one that is asked for.
  await page.fill('section:nth-of-type(7) textarea', 'const {selection} = search;\nshow(selection[0].nothing.more);');
  await page.press('section:nth-of-type(7) textarea', 'Shift+Enter');
  await page.waitForSelector('section:nth-of-type(7)[data-state=failed]');
  expect(await page.textContent('section:nth-of-type(7) [role=alert]')).toMatch(/undefined/);
  expect(await states(page)).toEqual([...Array(6).fill('done'), 'failed', 'new', 'new']);
  await page.fill('section:nth-of-type(7) textarea', 'const selection = search.selection.slice(0, 3);');
  await page.click('section:nth-of-type(8) button');
  await haveRun(page, 8);
  expect((await column(page, 8, 2)).at(-1)).toBe(3);
  expect(errors).toEqual([]);
});
