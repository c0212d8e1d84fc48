import {readFileSync} from 'node:fs';
import type {Browser, Page} from 'playwright-core';
import {megabytes} from '../memory';
import type {SearchFigures, SearchSettings} from './page';

/** A tab of a headless Chromium with the library on one backend. */
export class Tab {
  private constructor(
    private readonly browser: Browser,
    private readonly page: Page,
    readonly reason: string,
  ) {}

  /** @param threads Whether wasm may use threads. */
  static async open(browser: Browser, url: string, backend: string, threads = true): Promise<Tab> {
    const page = await browser.newPage();
    await page.goto(url);
    if (!threads) await page.evaluate("tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)");
    const reason = (await page.evaluate(`autofis.useBackend('${backend}').then(({reason}) => reason)`)) as string;
    return new Tab(browser, page, reason);
  }

  search(settings: SearchSettings): Promise<SearchFigures> {
    return this.page.evaluate(`testing.search(${JSON.stringify(settings)})`) as Promise<SearchFigures>;
  }

  /**
   * The resident memory of the tab's process in MB, garbage collected, by what Linux says of it; the largest of the
   * browser's renderers is the tab's. Undefined where the system does not tell.
   */
  async residentMB(): Promise<number | undefined> {
    const own = await this.page.context().newCDPSession(this.page);
    await own.send('HeapProfiler.collectGarbage');
    await own.detach();
    const session = await this.browser.newBrowserCDPSession();
    const {processInfo} = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    try {
      return Math.max(
        ...processInfo
          .filter(({type}) => type === 'renderer')
          .map(({id}) => megabytes(readFileSync(`/proc/${id}/status`, 'utf8'), 'VmRSS')),
      );
    } catch {
      return undefined;
    }
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
