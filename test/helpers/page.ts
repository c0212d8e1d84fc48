import {ChildProcess, execFile, spawn} from 'node:child_process';
import {existsSync, mkdirSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import type {Browser, Page} from 'playwright-core';
import {seededRandom} from '../../src/random';
import {launchBrowser} from './browser';

const root = path.resolve(__dirname, '../..');
const config = path.join('examples', 'browser', 'vite.config.mts'), vite = path.join('node_modules', 'vite', 'bin', 'vite.js');
const site = path.join('runs', 'page', `test-site-${process.pid}`);

/** The built page behind a server, and a browser. */
export interface Served {
  url: string;
  browser: Browser;
  /** The folder of the built page. */
  site: string;
  close(): Promise<void>;
}

/** Builds the page with its sample, serves it and starts a browser. */
export async function servePage(): Promise<Served> {
  const run = promisify(execFile);
  mkdirSync(path.join(root, 'runs', 'page', 'assets'), {recursive: true});
  if (!existsSync(path.join(root, 'runs/page/assets/flights.parquet'))) {
    await run('node', [path.join('node_modules', 'tsx', 'dist', 'cli.mjs'), path.join('examples', 'browser', 'make_sample.ts')], {cwd: root});
  }
  const outDir = path.join(root, site);
  await run('node', [vite, 'build', '--config', config, '--outDir', outDir, '--logLevel', 'error'], {cwd: root});
  const server = spawn('node', [vite, 'preview', '--config', config, '--outDir', outDir], {cwd: root, stdio: ['ignore', 'pipe', 'inherit']});
  const url = await addressOf(server);
  const browser = await launchBrowser();
  return {
    url, browser, site: outDir,
    async close() {
      await browser.close();
      server.kill();
      await run('rm', ['-rf', outDir]);
    },
  };
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stdout!.on('data', data => {
      said += String(data).replace(/\u001b\[\d*m/g, '');
      const found = /http:\/\/localhost:\d+\//.exec(said);
      if (found !== null) resolve(found[0]);
    });
    server.on('exit', code => reject(new Error(`vite preview ended with ${code}: ${said}`)));
  });
}

/** A page whose errors are gathered. */
export async function openPage(
    {browser, url}: Served, {query = '', width = 1280, height = 900} = {}): Promise<{page: Page, errors: string[]}> {
  const context = await browser.newContext({viewport: {width, height}, acceptDownloads: true});
  // Long enough for any machine; without a limit a page that hangs would hold up all other tests.
  context.setDefaultTimeout(600_000);
  const page = await context.newPage(), errors: string[] = [];
  page.on('console', message => { if (message.type() === 'error') errors.push(message.text()); });
  page.on('pageerror', error => errors.push(error.message));
  page.on('request', request => { if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) errors.push(`asks for ${request.url()}`); });
  await page.goto(`${url}${query}`);
  await page.waitForSelector('html[data-ready]');
  return {page, errors};
}

/** Waits until a button can be pressed, and presses it. */
export async function press(page: Page, id: string): Promise<void> {
  await page.waitForSelector(`#${id}:not([disabled]):not([hidden])`);
  await page.click(`#${id}`);
}

/** A table of three fields in which only a and b matter together. */
export function csv({rows = 1500, separator = ',', line = (_row: number, text: string) => text} = {}): string {
  const random = seededRandom(1), below = (n: number) => Math.floor(random() * n);
  const values = () => {
    const a = below(5), b = below(6), c = below(4);
    return [random() < ((a * b + a) % 3 === 0 ? 0.8 : 0.2) ? 1 : 0, `a${a}`, `b${b}`, `c${c}`].join(separator);
  };
  return [['clicked', 'first', 'second', 'third'].join(separator), ...Array.from({length: rows}, (_, row) => line(row, values()))].join('\n');
}

/** Chooses a file by its contents. */
export async function choose(page: Page, name: string, content: string | Uint8Array): Promise<void> {
  await page.setInputFiles('#file', {name, mimeType: '', buffer: Buffer.from(content)});
}
