/**
 * Writes the report of each run in docs/report/*.json to runs/report, and pictures of it as Chromium shows it to
 * docs/report: the first screen in light and dark, as wide as a phone, and as it prints.
 */
import {mkdirSync, readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import type {BrowserContextOptions} from 'playwright-core';
import {checkRun} from '../src/record/check_run';
import {report} from '../src/report/report';
import {launchBrowser} from '../test/helpers/browser';

const root = path.resolve(__dirname, '..');
const docs = path.join(root, 'docs/report');

interface View {
  name: string;
  options: BrowserContextOptions;
  /** Height of the picture; the page goes on below. */
  height: number;
  media?: 'print';
}

const views: readonly View[] = [
  {name: 'light', options: {viewport: {width: 1440, height: 900}, colorScheme: 'light'}, height: 900},
  {name: 'dark', options: {viewport: {width: 1440, height: 900}, colorScheme: 'dark'}, height: 900},
  {
    name: 'phone',
    options: {viewport: {width: 390, height: 844}, colorScheme: 'light', deviceScaleFactor: 1.5},
    height: 1200,
  },
  // A4 at 96 dots an inch, less the margins.
  {name: 'print', options: {viewport: {width: 718, height: 1000}, colorScheme: 'dark'}, height: 1047, media: 'print'},
];
/** What a picture may take in the repository. */
const MOST_BYTES = 250_000;

async function main(): Promise<void> {
  const browser = await launchBrowser();
  try {
    for (const file of readdirSync(docs).filter(name => name.endsWith('.json'))) {
      const run = JSON.parse(readFileSync(path.join(docs, file), 'utf8')) as unknown;
      checkRun('report_pictures', run);
      const name = path.basename(file, '.json');
      const {html} = await report(run, {folder: path.join(root, 'runs/report', name)});
      console.log(html);
      for (const {name: view, options, height, media} of views) {
        const page = await browser.newPage(options);
        const {width} = options.viewport!;
        if (media !== undefined) await page.emulateMedia({media});
        await page.goto(pathToFileURL(html!).href);
        const picture = path.join(docs, `${name}.${view}.png`);
        await page.screenshot({path: picture, fullPage: true, clip: {x: 0, y: 0, width, height}});
        const {size} = statSync(picture);
        if (size > MOST_BYTES) throw new Error(`${picture} has ${size} bytes, more than ${MOST_BYTES}.`);
        console.log(`${picture}: ${size} bytes`);
        await page.close();
      }
    }
  } finally {
    await browser.close();
  }
}

mkdirSync(docs, {recursive: true});
void main();
