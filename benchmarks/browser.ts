/**
 * Measures searches in a browser, a headless Chromium, on 100,000 flights: `npm run bench:browser`.
 *
 *     --quick       three searches in a row instead of ten
 *     --json FILE   also writes {machine, rows, bars}
 *
 * Writes docs/benchmarks.browser.md, unless --quick is given. A bar that does not hold is shown as such; the exit code stays 0.
 */
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {parseArgs} from 'node:util';
import type {Browser} from 'playwright-core';
import {readFlights} from '../examples/flights/data';
import {Summary, writeText} from '../examples/flights/summary';
import {buildBrowser} from '../scripts/build_browser';
import {launchBrowser} from '../test/helpers/browser';
import {pageScript} from '../test/helpers/page_code';
import {scriptSite} from '../test/helpers/tf_page';
import {atLeast, atMost, quotient} from './bars';
import type {SearchFigures} from './browser/page';
import {pageItself} from './browser/page_itself';
import {Tab} from './browser/tab';
import {describeMachine} from './machine';
import {page, Row, Section, sectionText} from './report';
import {spread} from './statistics';

/** Rows to train on; the sample has a fifth more for a test, which a search does not read. */
const ROWS = 100_000;
const SEARCH = {passes: 3, batchSize: 417};
const CPU_STEPS = 100;

/** The first steps of a search compile what the others run. */
const warm = (ms: readonly number[]) => spread(ms.slice(3));

function rowOf(section: string, name: string, ms: readonly number[], ours: number, note: string): Row {
  const times = warm(ms);
  return {
    section,
    name,
    ms: times,
    examples: (SEARCH.batchSize / times.median) * 1e3,
    ratio: times.median / ours,
    note,
  };
}

const strongest = (kept: readonly string[][]) => kept.slice(0, 3).map(fields => fields.join(' x '));
const list = (values: readonly number[], digits = 0) => values.map(value => value.toFixed(digits)).join(', ');

async function searches(browser: Browser, url: string, count: number): Promise<Section> {
  const title = 'Searches in a row';
  const tab = await Tab.open(browser, url, 'wasm');
  const found: SearchFigures[] = [];
  const resident: number[] = [];
  for (let i = 0; i < count; i++) {
    found.push(await tab.search(SEARCH));
    resident.push((await tab.residentMB()) ?? NaN);
  }
  await tab.close();
  const single = await Tab.open(browser, url, 'wasm', false);
  const onOne = await single.search(SEARCH);
  await single.close();
  const cpu = await Tab.open(browser, url, 'cpu');
  const onCpu = await cpu.search({...SEARCH, passes: 1, steps: CPU_STEPS});
  await cpu.close();

  const seconds = spread(found.map(each => each.seconds));
  const [first] = found;
  const last = found[count - 1];
  const all = found.flatMap(({ms}) => ms);
  const ours = warm(all).median;
  const demo = (JSON.parse(readFileSync('docs/demo/summary.json', 'utf8')) as Summary).kept.map(({fields}) => fields);
  return {
    title,
    what:
      `${count} searches of AutoFM, one after the other in one tab: ${ROWS.toLocaleString('en')} flights, 8 fields, d 16, ` +
      `${SEARCH.passes} passes in batches of ${SEARCH.batchSize}, strength 2, on the main thread. Then the same step in other ways.`,
    rows: [
      rowOf(title, 'a step on wasm', all, ours, tab.reason),
      rowOf(title, 'the same without threads', onOne.ms, ours, 'WebAssembly (wasm), on one thread'),
      rowOf(
        title,
        'the same on cpu',
        onCpu.ms,
        ours,
        `this library on tfjs' cpu backend, all of whose kernels are its own, ${CPU_STEPS} steps`,
      ),
    ],
    remark:
      `Seconds a search: ${list(
        found.map(each => each.seconds),
        1,
      )}. Memory of the tab after each: ${list(resident)} MB. ` +
      `Kept: ${first.kept.length} of 28, the strongest ${strongest(first.kept).join(', ')}.`,
    bars: [
      atMost('seconds a search takes, the slowest of all', seconds.max, 15),
      atLeast('the same step: time on cpu / on wasm', quotient(warm(onCpu.ms).median, ours), 5),
      atMost('memory of the tab in MB, the most after a search', Math.max(...resident), 1000),
      atMost(
        'memory of the tab: after the last search / after the second',
        quotient(resident[count - 1], resident[1]),
        1.05,
      ),
      atMost(`tensors gained in ${count - 1} searches`, last.tensors - first.tensors, 0),
      atLeast(
        'of the three strongest interactions, those of the Node demo',
        strongest(first.kept).filter(name => strongest(demo).includes(name)).length,
        3,
      ),
    ],
  };
}

const HEAD = [
  '# In a browser',
  'Written by `npm run bench:browser`. All figures are from that one run. Times are medians of single steps after the first ' +
    'three, with the fastest and slowest step; compare the ratios, not the milliseconds.',
];
const CONTESTANTS =
  '## How\nA headless Chromium opens a page that loads tfjs, its wasm backend and dist/browser/tfjs-autofis.umd.js by script tags, with ' +
  "the headers that threads need. Memory is what the system says is resident of the tab's process, garbage collected.";

async function main(): Promise<void> {
  const {values} = parseArgs({options: {quick: {type: 'boolean', default: false}, json: {type: 'string'}}});
  const machine = describeMachine();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-bench-browser-'));
  process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
  const {fields, train} = await readFlights({rows: (ROWS * 5) / 4, seed: 1});
  const file = (name: string, contents: string | Uint8Array) => writeFileSync(path.join(folder, name), contents);
  file('fields.json', JSON.stringify(fields));
  file('ids.bin', new Uint8Array(train.ids.buffer));
  file('labels.bin', new Uint8Array(train.labels.buffer));
  await buildBrowser(folder);
  const site = await scriptSite(
    folder,
    {'page.js': await pageScript("export * from './benchmarks/browser/page';")},
    {'/data/': `${folder}/`},
  );
  const browser = await launchBrowser();
  machine['Chromium'] = browser.version();
  const section = await searches(browser, site.url, values.quick ? 3 : 10);
  await browser.close();
  await site.close();
  const sections = [section, await pageItself()];
  sections.forEach(each => console.log(sectionText(each)));
  if (!values.quick)
    await writeText(
      'docs/benchmarks.browser.md',
      page({command: 'npm run bench:browser', machine, sections}, HEAD, CONTESTANTS),
    );
  if (values.json !== undefined)
    await writeText(
      values.json,
      `${JSON.stringify({machine, rows: section.rows, bars: sections.flatMap(({bars}) => bars)}, null, 1)}\n`,
    );
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
