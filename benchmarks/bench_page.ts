/**
 * How long the page takes, in a headless Chromium on this machine: `npm run bench:page`.
 *
 *     --only NAME    one of the tables, such as flights
 *     --large        also 100,000 rows of 57 fields and 1,000,000 rows of 8, which take minutes
 *     --dry          prints only; otherwise benchmarks/results/page.json and the table in docs/browser.md are written
 */
import process from 'node:process';
import {parseArgs} from 'node:util';
import type {Page} from 'playwright-core';
import type {Bar} from '../examples/flights/summary';
import {choose, mainThreadTasks, openPage, press, type Served, servePage} from '../test/helpers/page';
import {atMost} from './bars';
import {describeMachine, type Machine} from './machine';
import {plantedCsv} from './page/planted_csv';
import {publish} from './publish';
import {seededRandom} from './random';
import {digits, markdownTable} from './report';

/** A table that the page is given. */
interface Table {
  name: string;
  fields: number;
  rows: number;
  /** Most seconds from Start to the verdict. */
  bar?: number;
  large?: true;
}

const tables: readonly Table[] = [
  {name: 'flights', fields: 8, rows: 100_000, bar: 15},
  {name: '57 fields', fields: 57, rows: 10_000, bar: 30},
  {name: '200 fields', fields: 200, rows: 2000},
  {name: '57 fields, more rows', fields: 57, rows: 100_000, large: true},
  {name: '8 fields, more rows', fields: 8, rows: 1_000_000, large: true},
];

/** What the page took with one table. */
interface Measured extends Pick<Table, 'name' | 'fields' | 'rows'> {
  /** Seconds from Start until the map first changed, and until the verdict stood there. */
  moving: number;
  verdict: number;
  /** Seconds that the page had foretold; null where it said nothing. */
  foretold: number | null;
  /** Milliseconds of the processor that the longest task of the tab's main thread took, from Start to the verdict. */
  longestTask: number;
  answer: string;
}

const COMMAND = 'npm run bench:page';

async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {
      only: {type: 'string'},
      large: {type: 'boolean', default: false},
      dry: {type: 'boolean', default: false},
    },
  });
  const machine = describeMachine();
  const served = await servePage();
  const runs: Measured[] = [];
  try {
    for (const table of tables) {
      if (values.only === undefined ? table.large && !values.large : values.only !== table.name) continue;
      const run = await measure(served, table);
      console.log(JSON.stringify(run));
      runs.push(run);
    }
  } finally {
    await served.close();
  }
  const figures = {command: COMMAND, machine, runs, bars: barsOf(runs)};
  await publish(figures, {
    text: pageText(runs, machine),
    file: 'benchmarks/results/page.json',
    document: 'docs/browser.md',
    dry: values.dry || values.only !== undefined,
  });
}

function barsOf(runs: readonly Measured[]): Bar[] {
  return runs.flatMap(({name, moving, verdict, foretold, longestTask}) => {
    const {bar} = tables.find(table => table.name === name)!;
    return [
      ...(name === 'flights' ? [atMost('flights: seconds from Start to a moving map', moving, 2)] : []),
      ...(bar === undefined ? [] : [atMost(`${name}: seconds to the verdict`, verdict, bar)]),
      ...(foretold === null
        ? []
        : [atMost(`${name}: estimate and time apart, times`, Math.max(verdict / foretold, foretold / verdict), 2)]),
      atMost(`${name}: longest task of the tab, ms`, longestTask, 100),
    ];
  });
}

async function measure(served: Served, {name, fields, rows}: Table): Promise<Measured> {
  const {page} = await openPage(served);
  page.context().setDefaultTimeout(1_800_000);
  if (name === 'flights') await page.setInputFiles('#file', 'runs/page/assets/flights.parquet');
  else await choose(page, 'table.csv', plantedCsv({fields, rows, random: seededRandom(7)}));
  await page.waitForSelector('#start:not([disabled]):not([hidden])');
  await page.waitForFunction(() => document.querySelector('#estimate')!.textContent !== '');
  const foretold = foretoldSeconds((await page.textContent('#estimate'))!);
  await watchMap(page);
  await served.browser.startTracing(page, {categories: ['toplevel']});
  await press(page, 'start');
  await page.waitForSelector('body[data-state=finished]');
  const longestTask = Math.max(...mainThreadTasks(await served.browser.stopTracing()));
  const {begun, moved, done} = (await page.evaluate('watched')) as {begun: number; moved: number; done: number};
  const answer = (await page.textContent('#answer'))!;
  await page.context().close();
  return {
    name,
    fields,
    rows,
    moving: (moved - begun) / 1000,
    verdict: (done - begun) / 1000,
    foretold,
    longestTask,
    answer,
  };
}

/** Note in the page when Start is pressed, when the map first changes after it was drawn, and when the run is done. */
function watchMap(page: Page): Promise<void> {
  return page.evaluate(() => {
    const watched = Object.assign(globalThis, {watched: {begun: 0, moved: 0, done: 0}}).watched;
    document.querySelector('#start')!.addEventListener('click', () => (watched.begun = performance.now()), {
      capture: true,
    });
    let changes = 0;
    new MutationObserver(() => {
      // The first change draws the map.
      if (watched.begun > 0 && watched.moved === 0 && document.querySelector('#map')!.children.length > 0)
        if (++changes > 1) watched.moved = performance.now();
    }).observe(document.querySelector('#map')!, {subtree: true, childList: true, attributes: true});
    new MutationObserver(() => {
      if (document.body.dataset['state'] === 'finished') watched.done = performance.now();
    }).observe(document.body, {attributes: true, attributeFilter: ['data-state']});
  });
}

/** The seconds of a sentence such as "About 1 min 20 s and 300 MB of memory". */
function foretoldSeconds(text: string): number | null {
  const found = /(?:([\d,]+) min )?([\d,]+) s\b/.exec(text);
  return found === null ? null : 60 * Number(found[1] ?? 0) + Number(found[2]);
}

function pageText(runs: readonly Measured[], machine: Machine): string {
  const table = markdownTable(
    ['table', 'rows', 'map moves after', 'verdict after', 'estimated before', 'longest task of the tab'],
    runs.map(({name, rows, moving, verdict, foretold, longestTask}) => [
      name,
      rows.toLocaleString('en'),
      `${digits(moving)} s`,
      `${digits(verdict)} s`,
      foretold === null ? '-' : `${digits(foretold)} s`,
      `${digits(longestTask)} ms`,
    ]),
  );
  return (
    `${table}\n\nSeconds after Start was pressed, with the page's own settings; flights are the sample, the others are ` +
    `generated (benchmarks/page/planted_csv.ts). ${machine['processor']}; load average at the start ` +
    `${machine['load average at the start']}.`
  );
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
