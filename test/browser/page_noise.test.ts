import {seededRandom} from '../../src/random';
import {choose, openPage, press, Served, servePage} from '../helpers/page';

let served: Served;
beforeAll(async () => {
  served = await servePage();
});
afterAll(() => served.close());

/** A table of labels that no column has to do with. */
function noise(fields: number, rows: number): string {
  const random = seededRandom(5);
  const line = () => [
    random() < 0.3 ? 1 : 0,
    ...Array.from({length: fields}, (_, f) => `v${Math.floor(random() * (3 + f))}`),
  ];
  const head = ['clicked', ...Array.from({length: fields}, (_, f) => `field ${f}`)];
  return [head, ...Array.from({length: rows}, line)].map(values => values.join(',')).join('\n');
}

it('of pure noise it says that no pair helps, and shows that as a result like any other', async () => {
  const {page, errors} = await openPage(served);
  await choose(page, 'noise.csv', noise(5, 6000));
  await press(page, 'start');
  await page.waitForSelector('#report a');
  expect(await page.textContent('#answer')).toMatch(
    /^None of 10 interactions is shown to help: logistic regression remains/,
  );
  // In place of an empty map stands what each field does: its gain, and its effect by values.
  expect(await page.locator('#map [data-pair]').count()).toBe(0);
  expect((await page.locator('#map [data-bar] span').allTextContents()).sort()).toEqual(
    Array.from({length: 5}, (_, f) => `field ${f}`),
  );
  await page.hover('#map li:has-text("field 4") button');
  await page.waitForFunction(() => document.querySelectorAll('#effect [data-cell]').length === 7);
  expect(await page.textContent('#effect h3')).toBe('field 4');
  await page.click('#row summary');
  await page.waitForSelector('#row .shares');
  expect(await page.textContent('#row caption')).toBe('The model has no interactions.');
  const [base] = await page.$$eval('#row .shares .number', all => all.map(each => each.textContent!.replace('−', '-')));
  const shown = Number(/[\d.]+/.exec((await page.textContent('#row .probability'))!)![0]);
  expect(shown).toBeCloseTo(100 / (1 + Math.exp(-Number(base))), 0);
  expect(await page.$$eval('a[download]', all => all.map(each => each.textContent))).not.toContain('selection.json');
  expect(errors).toEqual([]);
  await page.context().close();
});
