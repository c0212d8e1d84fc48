/**
 * Makes the pictures of docs/browser.md, docs/page/*.png: the page in a headless Chromium while it runs on the flights,
 * and finished on a phone and on a wide screen. Writes sample_result.json, too, the finished map that the page begins
 * with. `npm run page:pictures`.
 */
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {Page} from 'playwright-core';
import {openPage, press, servePage} from '../../test/helpers/page';

const FOLDER = path.resolve('docs/page');
const SAMPLE = path.resolve('examples/browser/sample_result.json');

/** The finished map as it stands on the page. */
async function sampleOf(page: Page) {
  const toNumber = (text: string | null) => Number(text!.replace('−', '-'));
  const names = (selector: string) => page.locator(`#map .heat ${selector}`).allTextContents();
  const [[first], others] = await Promise.all([names('thead th'), names('tbody th[scope=row]')]);
  // The cells stand row by row, the pairs column by column.
  const cells = await page.$$eval('#map [data-pair]', all =>
    all.map(each => [Number((each as HTMLElement).dataset['pair']), each.textContent] as const),
  );
  const bars = await page.$$eval('#map [data-bar]', all =>
    all.map(each => [each.firstChild!.textContent!, each.lastChild!.textContent] as const),
  );
  return {
    answer: (await page.textContent('#answer'))!,
    fields: [first, ...others],
    strength: cells.sort(([a], [b]) => a - b).map(([, text]) => toNumber(text)),
    larger: bars.map(([name, text]) => ({name, value: toNumber(text)})),
  };
}

async function main(): Promise<void> {
  mkdirSync(FOLDER, {recursive: true});
  const served = await servePage();
  const {page, errors} = await openPage(served, {
    viewport: {width: 1440, height: 900},
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  const picture = (name: string) => page.screenshot({path: path.join(FOLDER, `${name}.png`)});
  await picture('start');
  await press(page, 'sample');
  await page.waitForFunction(() => /pass 4 /.test(document.getElementById('task')!.textContent!));
  await picture('learning');
  await page.waitForSelector('#path:not([hidden])', {state: 'attached'});
  await picture('decided');
  await page.waitForSelector('#report a');
  const top = () => page.evaluate(() => scrollTo(0, 0));
  await top();
  await picture('finished');
  writeFileSync(SAMPLE, `${JSON.stringify(await sampleOf(page), null, 2)}\n`);
  for (const [name, width, height] of [
    ['phone', 390, 844],
    ['wide', 3840, 2160],
  ] as const) {
    await page.setViewportSize({width, height});
    await top();
    await picture(name);
  }
  await served.close();
  if (errors.length > 0) throw new Error(errors.join('\n'));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
