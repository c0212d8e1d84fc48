import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {writeText} from '../../examples/flights/summary';
import {drawSvg} from './figure';
import type {Entry} from './journal';
import {dataOf, Plan, Section} from './plan';

/** The command that makes all of these runs. */
export function commandOf(plan: Plan, entries: readonly Entry[]): string {
  const data = dataOf(entries).filter(name => name !== 'synthetic');
  const seeds = [...new Set(entries.map(entry => entry.seed))].sort((a, b) => a - b);
  return `npm run experiment -- ${plan.name}${data.length > 0 ? ` --data ${data.join(',')}` : ''} --seeds ${seeds.join(',')}`;
}

/** Writes tables, figures and numbers of an experiment from its finished runs, then docs/results.md from those files. */
export async function writeReport(plan: Plan, entries: readonly Entry[], folder: string): Promise<void> {
  const command = commandOf(plan, entries);
  const sections = plan.report(entries);
  for (const section of sections) {
    if (section.kind === 'figure') await writeText(path.join(folder, `${section.name}.svg`), drawSvg({title: section.title, command, chart: section.chart}));
  }
  const tables = sections.flatMap(section => section.kind === 'table' ? [{title: section.title, head: section.head, rows: section.rows}] : []);
  await writeText(path.join(folder, `${plan.name}.json`), `${JSON.stringify({command, runs: entries.length, tables}, null, 2)}\n`);
  await writeText(path.join(folder, `${plan.name}.md`), markdown(plan, command, entries, sections));
  await writeResults(folder);
}

function markdown(plan: Plan, command: string, entries: readonly Entry[], sections: readonly Section[]): string {
  const backends = [...new Set(entries.map(entry => entry.backend))].join('; ');
  return [
    `## ${plan.title}`, '', plan.about, '',
    `Made by \`${command}\`; ${entries.length} runs, backend: ${backends}. Runs: [${plan.name}.runs.jsonl](${plan.name}.runs.jsonl).`, '',
    ...sections.flatMap(section => [...render(section), '']),
  ].join('\n');
}

function render(section: Section): string[] {
  if (section.kind === 'text') return [section.text];
  if (section.kind === 'figure') return [`![${section.title}](${section.name}.svg)`];
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [`### ${section.title}`, '', line(section.head), line(section.head.map((_, i) => i === 0 ? '---' : '---:')), ...section.rows.map(line)];
}

const ORDER = ['recipe', 'table1', 'trees', 'verdict', 'rq3', 'onelevel', 'transfer', 'synthetic', 'sensitivity'];

/** docs/results.md: the reports that are there, one after the other. */
async function writeResults(folder: string): Promise<void> {
  const known = readdirSync(folder).filter(name => name.endsWith('.md')).map(name => path.basename(name, '.md'));
  const names = [...ORDER.filter(name => known.includes(name)), ...known.filter(name => !ORDER.includes(name))];
  const reports = names.map(name => readFileSync(path.join(folder, `${name}.md`), 'utf8').replaceAll('](', '](results/'));
  await writeText(path.join(folder, '..', 'results.md'), ['# Results', '',
    'Written by `npm run experiment`, from the files in `results/` only; do not edit. Numbers are mean ± standard deviation (number of runs), ' +
    'AUC and logloss of the test rows. How models are trained: benchmarks/experiments/protocol.ts. ' +
    'Times were measured while the machine did other work: compare them within a table only.', '', ...reports].join('\n'));
}

/** Where the finished runs of an experiment are kept. */
export function journalFile(name: string, folder: string): string {
  return path.join(folder, `${name}.runs.jsonl`);
}

/** Whether an experiment has finished runs. */
export function hasRuns(name: string, folder: string): boolean {
  return existsSync(journalFile(name, folder));
}
