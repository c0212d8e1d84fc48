import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import type {Browser, BrowserContextOptions, Page} from 'playwright-core';
import {seededRandom} from '../../src/random';
import {launchBrowser} from './browser';
import {serve, Site} from './site';

const root = path.resolve(__dirname, '../..');
/** What the built pages are made of. */
const SOURCES = ['examples/browser', 'src', 'layers', 'optimizers', 'package-lock.json'];
const SAMPLE = 'runs/page/assets/flights.parquet';

/** The built page behind a server, and a browser. */
export interface Served {
  url: string;
  browser: Browser;
  /** Shuts the server down, as if there were no network. */
  disconnect(): Promise<void>;
  close(): Promise<void>;
}

/** Serves the page with its sample, and starts a browser. */
export async function servePage(): Promise<Served> {
  mkdirSync(path.join(root, path.dirname(SAMPLE)), {recursive: true});
  if (!existsSync(path.join(root, SAMPLE)))
    await node('node_modules/tsx/dist/cli.mjs', 'examples/browser/make_sample.ts');
  return serveBuilt('examples/browser/vite.config.mts', 'runs/page');
}

/** Serves the notebook, and starts a browser. */
export function serveNotebook(): Promise<Served> {
  return serveBuilt('examples/browser/notebook/vite.config.mts', 'runs/notebook');
}

async function serveBuilt(config: string, parent: string): Promise<Served> {
  const folder = await built(config, path.join(root, parent));
  const site: Site = await serve({'/': `${folder}/`}, {'/': readFileSync(path.join(folder, 'index.html'), 'utf8')});
  const browser = await launchBrowser();
  let connected = true;
  const disconnect = async () => {
    if (connected) await site.close();
    connected = false;
  };
  return {
    url: `${site.url}/`,
    browser,
    disconnect,
    async close() {
      await browser.close();
      await disconnect();
    },
  };
}

/**
 * The folder of a page that Vite has built by its configuration, as people get it; it is built where that was not done
 * for these sources yet. What another process builds is waited for; where two begin in one moment, one of them stays.
 */
async function built(config: string, parent: string): Promise<string> {
  const prefix = 'test-site-';
  const folder = path.join(parent, `${prefix}${hashOf(SOURCES)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(parent, {recursive: true});
  while (readdirSync(parent).some(name => name.startsWith(`${path.basename(folder)}.`) && isOfLiving(name)))
    await new Promise(resolve => setTimeout(resolve, 200));
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial);
  for (const other of readdirSync(parent)) {
    // What is being built elsewhere has a dot, and may be of these sources.
    if (other.startsWith(prefix) && !other.includes('.'))
      rmSync(path.join(parent, other), {recursive: true, force: true});
  }
  const options = ['--config', config, '--outDir', partial, '--logLevel', 'error'];
  try {
    await node('node_modules/vite/bin/vite.js', 'build', ...options);
    renameSync(partial, folder);
  } catch (error) {
    rmSync(partial, {recursive: true, force: true});
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Whether the process that a folder is named after is still there. */
function isOfLiving(name: string): boolean {
  try {
    return process.kill(Number(name.split('.')[1]), 0);
  } catch {
    return false;
  }
}

function node(...args: string[]): Promise<unknown> {
  // jest's NODE_ENV would leave out what only the published page has, its service worker.
  return promisify(execFile)('node', args, {cwd: root, env: {...process.env, NODE_ENV: 'production'}});
}

function hashOf(names: readonly string[]): string {
  const hash = createHash('sha256');
  const add = (name: string): void => {
    const file = path.join(root, name);
    if (statSync(file).isDirectory())
      return readdirSync(file)
        .sort()
        .forEach(each => add(path.join(name, each)));
    hash.update(name).update('\0').update(readFileSync(file));
  };
  names.forEach(add);
  return hash.digest('hex').slice(0, 16);
}

/** A page whose errors are gathered; what it asks for elsewhere is one of them. */
export async function openPage(
  {browser, url}: Served,
  {query = '', ...options}: {query?: string} & BrowserContextOptions = {},
): Promise<{page: Page; errors: string[]}> {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, acceptDownloads: true, ...options});
  // Long enough for any machine; without a limit a page that hangs would hold up all other tests.
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  sayWhatIsShown(page);
  const errors: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', error => errors.push(error.message));
  page.on('request', request => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url()))
      errors.push(`asks for ${request.url()}`);
  });
  await page.addInitScript(() => {
    const shifts: string[] = Object.assign(globalThis, {shifts: []}).shifts;
    new PerformanceObserver(list => {
      for (const {value, hadRecentInput, sources} of list.getEntries() as Array<PerformanceEntry & Shift>) {
        if (!hadRecentInput || 'strict' in globalThis)
          shifts.push(
            `${value.toFixed(4)} ${sources.map(({node}) => node?.id || node?.className || node?.nodeName).join(', ')}`,
          );
      }
    }).observe({type: 'layout-shift', buffered: true});
  });
  await page.goto(`${url}${query}`);
  await isReady(page);
  return {page, errors};
}

/** Lets waits that fail say what the page shows instead. */
function sayWhatIsShown(page: Page): void {
  for (const name of ['waitForSelector', 'waitForFunction'] as const) {
    const wait = page[name].bind(page) as (...args: unknown[]) => Promise<unknown>;
    const waitAndSay = async (...args: unknown[]) => {
      try {
        return await wait(...args);
      } catch (error) {
        const shown = await page.innerText('body', {timeout: 10_000}).catch(() => 'nothing: it does not answer');
        throw new Error(`${(error as Error).message}\nThe page shows:\n${shown.slice(0, 3000)}`);
      }
    };
    Object.assign(page, {[name]: waitAndSay});
  }
}

/** What Chromium reports of a layout shift. */
interface Shift {
  value: number;
  hadRecentInput: boolean;
  sources: Array<{node?: {id: string; className: string; nodeName: string}}>;
}

/** Of the height and width of a window, what counts as a jump: less is a line of text that grows. */
const LEAST_JUMP = 0.001;

/**
 * The layout shifts since the page was loaded, with what moved. Those within half a second of a click or a key do not
 * count, unless the page has a global `strict`.
 */
export async function jumps(page: Page): Promise<string[]> {
  const shifts = (await page.evaluate('shifts')) as string[];
  return shifts.filter(shift => parseFloat(shift) >= LEAST_JUMP);
}

/** Waits until the page's worker has started. */
export async function isReady(page: Page): Promise<void> {
  await page.waitForSelector('html[data-ready]');
}

/** Waits until a button can be pressed, and presses it. */
export async function press(page: Page, id: string): Promise<void> {
  await page.waitForSelector(`#${id}:not([disabled]):not([hidden])`);
  await page.click(`#${id}`);
}

/** Waits until a text of the page matches, and gives it. */
export async function textOf(page: Page, id: string, pattern: RegExp): Promise<string> {
  await page.waitForFunction(
    ([selector, source]) => new RegExp(source).test(document.querySelector(selector)?.textContent ?? ''),
    [`#${id}`, pattern.source],
  );
  return (await page.textContent(`#${id}`))!;
}

/** Milliseconds of the processor that each task of the page's main thread took, from a trace. */
export function mainThreadTasks(trace: Buffer): number[] {
  interface Event {
    name: string;
    ph: string;
    pid: number;
    tid: number;
    tdur?: number;
    args: {name?: string};
  }
  const {traceEvents} = JSON.parse(String(trace)) as {traceEvents: Event[]};
  const main = traceEvents
    .filter(({name, args}) => name === 'thread_name' && args.name === 'CrRendererMain')
    .map(({pid, tid}) => `${pid}:${tid}`);
  return traceEvents
    .filter(({name, ph, pid, tid}) => /RunTask$/.test(name) && ph === 'X' && main.includes(`${pid}:${tid}`))
    .flatMap(({tdur}) => (tdur === undefined ? [] : [tdur / 1000]));
}

/** A table of three fields in which only a and b matter together. */
export function csv({rows = 1500, separator = ',', line = (_row: number, text: string) => text} = {}): string {
  const random = seededRandom(1);
  const below = (n: number) => Math.floor(random() * n);
  const values = () => {
    const a = below(5);
    const b = below(6);
    const c = below(4);
    return [random() < ((a + b) % 2 === 0 ? 0.8 : 0.2) ? 1 : 0, `a${a}`, `b${b}`, `c${c}`].join(separator);
  };
  return [
    ['clicked', 'first', 'second', 'third'].join(separator),
    ...Array.from({length: rows}, (_, row) => line(row, values())),
  ].join('\n');
}

/** Chooses a file by its contents. */
export async function choose(page: Page, name: string, content: string | Uint8Array): Promise<void> {
  await page.setInputFiles('#file', {name, mimeType: '', buffer: Buffer.from(content)});
}
