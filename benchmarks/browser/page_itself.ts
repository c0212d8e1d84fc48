import {openPage, press, servePage} from '../../test/helpers/page';
import {atMost} from '../bars';
import type {Section} from '../report';
import {spread} from '../statistics';

/** Visits by new visitors. */
const VISITS = 9;

/** examples/browser as this machine builds and serves it: its first paint, and a run on its sample. */
export async function pageItself(): Promise<Section> {
  const served = await servePage();
  const paints: number[] = [];
  for (let i = 0; i < VISITS; i++) {
    const {page} = await openPage(served);
    paints.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime));
    await page.context().close();
  }
  const {page} = await openPage(served);
  await press(page, 'sample');
  await page.waitForSelector('#start:not([disabled])');
  const started = performance.now();
  await press(page, 'start');
  await page.waitForSelector('body[data-state=finished]');
  const seconds = (performance.now() - started) / 1000;
  await served.close();
  const {median, max} = spread(paints);
  return {
    title: 'The page',
    what:
      'examples/browser as `npm run page` serves it, in the same Chromium. The first paint is that of its contents, ' +
      "in a new visitor's browser that has kept nothing.",
    rows: [],
    remark:
      `First paint: ${median.toFixed(0)} ms (median of ${VISITS} visits). A run on its sample, ` +
      `72,000 training rows of 100,000, with the settings as they are, ` +
      `takes ${seconds.toFixed(1)} s from the click on Start to the verdict, with all that is drawn meanwhile.`,
    bars: [
      atMost(`ms to the first paint, the slowest of ${VISITS} visits`, max, 1000),
      atMost('seconds from Start to the verdict on the sample', seconds, 15),
    ],
  };
}
