import {choose, csv, openPage, press, Served, servePage} from '../helpers/page';

let served: Served;
beforeAll(async () => { served = await servePage(); });
afterAll(() => served.close());

it('a file that is no table is refused in words, and the next one is searched', async () => {
  const {page, errors} = await openPage(served, {query: '?passes=8&dimension=4'});
  await choose(page, 'empty.csv', '');
  await page.waitForSelector('#data-error:not([hidden])');
  expect(await page.textContent('#data-error')).toContain('The file is empty.');
  expect(await page.isDisabled('#start')).toBe(true);

  await choose(page, 'table.csv', csv());
  await press(page, 'start');
  await page.waitForSelector('#result:not([hidden])');
  expect(await page.isHidden('#data-error')).toBe(true);
  expect(await page.textContent('#data-status')).toContain('table.csv: 1,500 rows, 4 columns.');
  expect(await page.textContent('#kept li:first-child strong')).toMatch(/^first and second matter together \(alpha -?\d\.\d\d\)\.$/);
  expect(errors).toEqual([]);
  await page.context().close();
});
