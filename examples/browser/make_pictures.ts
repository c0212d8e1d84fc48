/**
 * Makes the pictures of docs/browser.md, docs/page/*.png: the page in a headless Chromium while it searches the flights,
 * paused at some shares of its steps. `npm run page:pictures`.
 */
import {mkdirSync} from 'node:fs';
import path from 'node:path';
import {openPage, press, servePage} from '../../test/helpers/page';

/** Shares of the steps at which a picture is made, and what it is called. */
const MOMENTS = [
  [0.45, 'early'],
  [0.7, 'half'],
  [1, 'end'],
] as const;

async function main(): Promise<void> {
  const folder = path.resolve('docs/page');
  mkdirSync(folder, {recursive: true});
  const served = await servePage();
  const {page, errors} = await openPage(served, {
    viewport: {width: 1100, height: 900},
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  await press(page, 'sample');
  await press(page, 'start');
  for (const [share, name] of MOMENTS) {
    await page.waitForFunction(
      least => Number((document.querySelector('#run-progress') as HTMLProgressElement).value) >= least,
      share,
    );
    const last = share === 1;
    if (last) {
      await page.waitForSelector('#result:not([hidden])');
      await page.waitForTimeout(1500);
    } else {
      await press(page, 'pause');
      await page.waitForFunction("document.querySelector('#run-status').textContent === 'Paused'");
      await page.waitForTimeout(1500);
    }
    // What lies lower on the page would be cut through.
    await page.$$eval('#what-if, .picture', all =>
      all.forEach((each, i) => {
        if (each.id === 'what-if' || i > 1) (each as HTMLElement).style.visibility = 'hidden';
      }),
    );
    const [figures, heat] = await Promise.all([
      page.locator('#figures').boundingBox(),
      page.locator('.heat').boundingBox(),
    ]);
    const picture = await page.locator('.picture').first().boundingBox();
    const top = figures!.y - 8;
    const bottom = Math.max(heat!.y + heat!.height, picture!.y + picture!.height) + 32;
    const clip = {x: 0, y: top + (await page.evaluate(() => scrollY)), width: 1100, height: bottom - top};
    await page.screenshot({path: path.join(folder, `${name}.png`), fullPage: true, clip});
    if (!last) await press(page, 'pause');
  }
  await served.close();
  if (errors.length > 0) throw new Error(errors.join('\n'));
  console.log(`docs/page: ${MOMENTS.map(([, name]) => `${name}.png`).join(', ')}`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
