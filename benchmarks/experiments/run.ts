/**
 * Runs an experiment and writes its results: `npm run experiment -- table1`. Finished runs are kept, so that a run that was
 * stopped goes on where it was. Options: --data frappe,adult and --seeds 1,2,3 for other ones than the experiment's own,
 * --folder PATH for the data files, --out FOLDER for the results, --report to write the report of the finished runs alone.
 */
import path from 'node:path';
import {parseArgs} from 'node:util';
import {useBackend} from 'tfjs-autofis/runtime';
import {DataName, dataNames, defaultFolder, missingFile} from './data';
import {Journal} from './journal';
import {Lab} from './lab';
import type {Plan, PlanOptions} from './plan';
import {oneLevel} from './plans/one_level';
import {recipe} from './plans/recipe';
import {rq3} from './plans/rq3';
import {sensitivity} from './plans/sensitivity';
import {synthetic} from './plans/synthetic';
import {table1} from './plans/table1';
import {transfer} from './plans/transfer';
import {trees} from './plans/trees';
import {verdict} from './plans/verdict';
import {journalFile, writeReport} from './report';

const plans: Plan[] = [recipe, table1, trees, verdict, rq3, oneLevel, transfer, synthetic, sensitivity];

async function main(): Promise<void> {
  const {positionals, values} = parseArgs({allowPositionals: true, options: {
    data: {type: 'string'}, seeds: {type: 'string'}, folder: {type: 'string', default: defaultFolder},
    out: {type: 'string', default: path.join('docs', 'results')}, report: {type: 'boolean', default: false},
  }});
  const plan = plans.find(({name}) => name === positionals[0]);
  if (plan === undefined || positionals.length > 1) {
    throw new Error(`Name one experiment: ${plans.map(({name}) => name).join(', ')}. Received: ${positionals.join(' ') || 'none'}.`);
  }
  const journal = new Journal(journalFile(plan.name, values.out));
  if (!values.report) await runJobs(plan, optionsOf(plan, values), values.folder, journal, values.out);
  if (journal.entries.length > 0) await writeReport(plan, journal.entries, values.out);
  console.log(`${journal.entries.length} finished runs; report in ${path.join(values.out, `${plan.name}.md`)}.`);
}

function optionsOf({defaults}: Plan, values: {data?: string, seeds?: string}): PlanOptions {
  const data = values.data?.split(',') ?? defaults.data;
  const unknown = data.find(name => !dataNames.includes(name as DataName));
  if (unknown !== undefined) throw new Error(`--data: the data sets are ${dataNames.join(', ')}. Received: ${unknown}.`);
  const seeds = values.seeds?.split(',').map(Number) ?? defaults.seeds;
  if (seeds.some(seed => !Number.isInteger(seed) || seed < 0)) throw new Error(`--seeds must be integers >= 0. Received: ${values.seeds}.`);
  return {data: data as DataName[], seeds};
}

async function runJobs(plan: Plan, options: PlanOptions, folder: string, journal: Journal, out: string): Promise<void> {
  const present = options.data.filter(name => {
    const missing = missingFile(name, folder);
    if (missing !== null) console.log(`Without ${name}: there is no ${missing}; --folder says where the data is.`);
    return missing === null;
  });
  const jobs = plan.jobs({...options, data: present}).filter(job => !journal.has(job.key));
  if (jobs.length === 0) return;
  const {backend, reason} = await useBackend();
  console.log(`${reason}\n${jobs.length} runs to do.`);
  const lab = new Lab(folder);
  for (const [i, job] of jobs.entries()) {
    const start = performance.now();
    const result = await job.run(lab);
    const wall = (performance.now() - start) / 1000;
    journal.add({key: job.key, data: job.data, seed: job.seed, backend, wall, result});
    await writeReport(plan, journal.entries, out);
    console.log(`${i + 1} of ${jobs.length}: ${job.key}, ${wall.toFixed(0)} s`);
  }
  lab.dispose();
}

main().catch(error => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
