import type {Browser, BrowserContextOptions, Page} from 'playwright-core';

/** Opens a page of one file, and fails when it logs, throws or asks for anything but itself. */
export async function openQuietly(
  browser: Browser,
  address: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage(options);
  const faults: string[] = [];
  page.on('console', message => faults.push(message.text()));
  page.on('pageerror', error => faults.push(error.message));
  page.on('request', request => {
    if (request.url() !== address) faults.push(request.url());
  });
  await page.goto(address);
  await look(page);
  expect(faults).toEqual([]);
  await page.close();
}
