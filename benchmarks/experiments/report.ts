import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {writeText} from '../../examples/flights/summary';
import {dataNames} from './data';
import {drawSvg} from './figure';
import type {Entry} from './journal';
import type {Plan, PlanOptions, Section} from './plan';

/** What to ask of a plan to get all of these runs, and perhaps more. */
function optionsOf(entries: readonly Entry[]): PlanOptions {
  return {
    data: dataNames.filter(name => entries.some(({data}) => data === name)),
    seeds: [...new Set(entries.map(({seed}) => seed))].sort((a, b) => a - b),
  };
}

/** The command that makes all of these runs. */
export function commandOf(plan: Plan, entries: readonly Entry[]): string {
  const {data, seeds} = optionsOf(entries);
  const workers = workersOf(entries);
  return (
    `npm run experiment -- ${plan.name}${data.length > 0 ? ` --data ${data.join(',')}` : ''} --seeds ${seeds.join(',')}` +
    (workers > 1 ? ` --workers ${workers}` : '')
  );
}

/** Writes tables, figures and numbers of an experiment from its finished runs into a folder, then FOLDER.md from those files. */
export async function writeReport(plan: Plan, finished: readonly Entry[], folder: string): Promise<void> {
  const command = commandOf(plan, finished);
  const keys = plan.jobs(optionsOf(finished)).map(({key}) => key);
  // In the order of the plan, whichever ended first.
  const entries = [...finished].sort((a, b) => keys.indexOf(a.key) - keys.indexOf(b.key));
  const sections = plan.report(entries);
  for (const section of sections) {
    if (section.kind === 'figure')
      await writeText(
        path.join(folder, `${section.name}.svg`),
        drawSvg({title: section.title, command, chart: section.chart}),
      );
  }
  const tables = sections.flatMap(section =>
    section.kind === 'table' ? [{title: section.title, head: section.head, rows: section.rows}] : [],
  );
  await writeText(
    path.join(folder, `${plan.name}.json`),
    `${JSON.stringify({command, runs: entries.length, tables}, null, 2)}\n`,
  );
  await writeText(path.join(folder, `${plan.name}.md`), markdown(plan, command, keys.length, entries, sections));
  await writeResults(folder);
}

function markdown(
  plan: Plan,
  command: string,
  planned: number,
  entries: readonly Entry[],
  sections: readonly Section[],
): string {
  const backends = [...new Set(entries.map(entry => entry.backend))].join('; ');
  const runs = entries.length < planned ? `${entries.length} of its ${planned} runs` : `${entries.length} runs`;
  return [
    `## ${plan.title}`,
    '',
    plan.about,
    '',
    `Made by \`${command}\`; ${runs}, ${timeOf(entries)}, backend: ${backends}. Runs: [${plan.name}.runs.jsonl](${plan.name}.runs.jsonl).`,
    '',
    ...sections.flatMap(section => [...render(section), '']),
  ].join('\n');
}

/** What the runs took from the first to the last, if none of their processes waited. */
function timeOf(entries: readonly Entry[]): string {
  const minutes = entries.reduce((sum, {wall, workers = 1}) => sum + wall / workers, 0) / 60;
  return `${Math.ceil(minutes)} min`;
}

/** The most processes that ran at once. */
function workersOf(entries: readonly Entry[]): number {
  return Math.max(...entries.map(({workers = 1}) => workers));
}

function render(section: Section): string[] {
  if (section.kind === 'text') return [section.text];
  if (section.kind === 'figure') return [`![${section.title}](${section.name}.svg)`];
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    `### ${section.title}`,
    '',
    line(section.head),
    line(section.head.map((_, i) => (i === 0 ? '---' : '---:'))),
    ...section.rows.map(line),
  ];
}

const ORDER = [
  'recipe',
  'table1',
  'trees',
  'verdict',
  'rq3',
  'onelevel',
  'transfer',
  'synthetic',
  'sensitivity',
  'regularise',
  'cost',
];

/** Next to the folder, with its name: docs/results.md for docs/results. The reports that are there, one after the other. */
async function writeResults(folder: string): Promise<void> {
  const known = readdirSync(folder)
    .filter(name => name.endsWith('.md'))
    .map(name => path.basename(name, '.md'));
  const names = [...ORDER.filter(name => known.includes(name)), ...known.filter(name => !ORDER.includes(name))];
  const own = path.basename(path.resolve(folder));
  const reports = names.map(name =>
    readFileSync(path.join(folder, `${name}.md`), 'utf8').replaceAll('](', `](${own}/`),
  );
  await writeText(
    `${path.resolve(folder)}.md`,
    [
      '# Results',
      '',
      `Written by \`npm run experiment\`, from the files in \`${own}/\` only; do not edit. Numbers are mean ± standard deviation (number of runs), ` +
        'AUC and logloss of the test rows. How models are trained: benchmarks/experiments/protocol.ts. ' +
        'Times were measured while the machine did other work: compare them within a table only.',
      '',
      ...reports,
    ].join('\n'),
  );
}

/** Where the finished runs of an experiment are kept. */
export function journalFile(name: string, folder: string): string {
  return path.join(folder, `${name}.runs.jsonl`);
}

/** Whether an experiment has finished runs. */
export function hasRuns(name: string, folder: string): boolean {
  return existsSync(journalFile(name, folder));
}
