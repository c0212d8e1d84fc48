import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {writeText} from '../../examples/flights/summary';
import type {Machine} from '../machine';
import {markdownTable, page, Section} from '../report';

/** The latest measurement of each section, and the page made of it. */
const FILE = path.join('docs', 'benchmarks.data.json');
const PAGE = path.join('docs', 'benchmarks.data.md');

const CONTESTANTS = `## The contestants
Each is a process of its own; they take turns, one at a time, each into an empty folder.
- Ours: \`prepare\` with a preset, in Node with DuckDB, its defaults untouched.
- pandas and scikit-learn: \`read_csv\` by PyArrow, \`value_counts\`, \`OrdinalEncoder\`. pandas alone: \`factorize\` and look-ups in tables instead, which is the faster way.
- polars: \`read_csv\`, \`group_by\`, \`replace_strict\`.
- FuxiCTR: \`build_dataset\` with \`CustomizedFeatureProcessor\` of its own Criteo module, in blocks; Ray is started before the time begins.

pandas and polars write the same Arrow shards by PyArrow, so that \`openShards\` reads them and all ids can be compared.`;

const DOCUMENT = path.join('docs', 'data.md');
const BEGIN = '<!-- made by npm run bench:data -->';
const END = '<!-- end -->';

/** The table of docs/data.md: what rows of Criteo's form take, and the full data sets by their rate. */
export function sizesTable({criteo}: {criteo?: {section: Section}}): string {
  return markdownTable(
    ['', 'minutes', 'rows a second', ''],
    (criteo?.section.rows ?? []).map(({name, ms, examples, note}) => [
      name,
      ms === undefined ? '-' : (ms.median / 60_000).toFixed(1),
      examples === undefined ? '-' : Math.round(examples).toLocaleString('en'),
      note ?? '',
    ]),
  );
}

/** One measurement of a section, with where and how it was made. */
interface Measured {
  /** Day, month and year in Greenwich, as 2014-10-21. */
  date: string;
  command: string;
  machine: Machine;
  section: Section;
}

/** Replaces the sections that were measured in docs/benchmarks.data.json, and writes docs/benchmarks.data.md anew, in this order. */
export async function writeResults(
  order: readonly string[],
  measured: Readonly<Record<string, Measured>>,
): Promise<void> {
  const before = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Measured>) : {};
  const all = {...before, ...measured};
  const kept = Object.fromEntries(order.filter(name => name in all).map(name => [name, all[name]]));
  await writeText(FILE, `${JSON.stringify(kept, null, 1)}\n`);
  const list = Object.values(kept);
  const machine = Object.assign({}, ...list.map(each => each.machine)) as Machine;
  const sections = list.map(({date, command, section, machine: {'load average at the start': load}}) => ({
    ...section,
    remark: `${section.remark === undefined ? '' : `${section.remark} `}Measured on ${date} by \`${command}\`, load average before it ${load}.`,
  }));
  delete machine['load average at the start'];
  const document = readFileSync(DOCUMENT, 'utf8');
  await writeText(
    DOCUMENT,
    `${document.slice(0, document.indexOf(BEGIN))}${BEGIN}\n${sizesTable(kept)}\n${document.slice(document.indexOf(END))}`,
  );
  await writeText(
    PAGE,
    page(
      {command: '', machine, sections},
      [
        '# Benchmarks of the data preparation',
        'Written by `npm run bench:data` from [benchmarks.data.json](benchmarks.data.json). Contestants of one section are measured in one run, in turns; ' +
          'sections may be from several runs. Times are medians of whole runs; compare the ratios, not the milliseconds.',
      ],
      CONTESTANTS,
    ),
  );
}
