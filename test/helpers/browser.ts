import {existsSync} from 'node:fs';
import {Browser, chromium} from 'playwright-core';

/** Where systems have a Chromium of their own. */
const system = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * A headless Chromium: the system's where there is one, else the one in the npm package @sparticuz/chromium (Linux).
 */
export async function launchBrowser(options: {args?: string[]} = {}): Promise<Browser> {
  const own = system.find(file => existsSync(file));
  // The package's own arguments are for a single process, which does not outlive its first page.
  const executablePath = own ?? (await (await import('@sparticuz/chromium')).default.executablePath());
  return chromium.launch({executablePath, args: ['--no-sandbox', ...(options.args ?? [])]});
}
