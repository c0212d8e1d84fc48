/**
 * Runs an experiment and writes its results: `npm run experiment -- table1`. Finished runs are kept, so that a run that
 * was stopped continues from there. Options: --data frappe,adult and --seeds 1,2,3 for other ones than the experiment's
 * own,
 * --only FM for the runs whose names begin with FM, --workers 2 for two processes at once, --folder PATH for the data
 * files,
 * --out FOLDER for runs and report, --report to write the report of the finished runs alone. --data criteo,avazu are
 * Kaggle's files, PATH/criteo/train.txt and PATH/avazu/train.csv, which are encoded into PATH once; training rows are
 * then read from disk. `unseen` runs on tables of anyone's: --folder is where the CSV files are, --data names some of
 * them, --label and --part their columns of labels and parts where the library is not to guess.
 */
import path from 'node:path';
import {parseArgs} from 'node:util';
import {useBackend} from 'tfjs-autofis/runtime';
import {DataName, dataNames, defaultFolder, missingFile} from './data';
import {Journal} from './journal';
import {Lab} from './lab';
import type {Job, Plan, PlanOptions} from './plan';
import {plans} from './plans';
import {journalFile, Places, RESULTS, writeReport} from './report';
import {encodeStreamed, isStreamed} from './streamed';
import {tablesOf} from './unseen/tables';
import {Finished, runInWorkers, timed} from './workers';

/**
 * TensorFlow sums in as many pieces as it has threads, so figures would depend on the machine; and with one, small
 * steps are faster.
 */
process.env['TF_NUM_INTRAOP_THREADS'] ??= '1';

async function main(): Promise<void> {
  const {positionals, values} = parseArgs({
    allowPositionals: true,
    options: {
      data: {type: 'string'},
      seeds: {type: 'string'},
      only: {type: 'string', default: ''},
      workers: {type: 'string', default: '1'},
      folder: {type: 'string'},
      label: {type: 'string'},
      part: {type: 'string'},
      out: {type: 'string'},
      report: {type: 'boolean', default: false},
    },
  });
  const plan = plans.find(({name}) => name === positionals[0]);
  if (plan === undefined || positionals.length > 1) {
    throw new Error(
      `Name one experiment: ${plans.map(({name}) => name).join(', ')}. Received: ${positionals.join(' ') || 'none'}.`,
    );
  }
  const places = placesOf(values.out);
  const journal = new Journal(journalFile(plan.name, places.numbers));
  const {folder = defaultFolder} = values;
  if (!values.report) await runJobs(plan, optionsOf(plan, values), {...values, folder, places}, journal);
  if (journal.entries.length === 0) {
    console.log('No finished runs, so no report.');
    return;
  }
  await writeReport(plan, journal.entries, places);
  console.log(`${journal.entries.length} finished runs; report in ${path.join(places.pages, `${plan.name}.md`)}.`);
}

/** Runs, report and the list of experiments of this project, or everything but the list in a folder of the caller's. */
function placesOf(out: string | undefined): Places {
  if (out !== undefined) return {numbers: out, pages: out};
  return {
    numbers: RESULTS,
    pages: path.join('docs', 'results'),
    index: path.join('docs', 'results.md'),
  };
}

interface Flags {
  data?: string;
  seeds?: string;
  folder?: string;
  label?: string;
  part?: string;
}

function optionsOf({defaults, ofTables}: Plan, values: Flags): PlanOptions {
  const seeds = seedsOf(values.seeds, defaults.seeds);
  const {folder, label, part} = values;
  if (ofTables === true) {
    const names = tablesOf(folder, values.data?.split(','));
    return {data: [], seeds, tables: {folder: folder!, names, label, part}};
  }
  if (label !== undefined || part !== undefined)
    throw new Error('--label and --part are for the experiment unseen: the data sets of the others have theirs.');
  const data = [...new Set(values.data?.split(',') ?? defaults.data)];
  const unknown = data.find(name => !dataNames.includes(name as DataName));
  if (unknown !== undefined)
    throw new Error(`--data: the data sets are ${dataNames.join(', ')}. Received: ${unknown}.`);
  return {data: data as DataName[], seeds};
}

function seedsOf(text: string | undefined, usual: readonly number[]): number[] {
  const seeds = [...new Set(text?.split(',').map(Number) ?? usual)];
  if (seeds.some(seed => !Number.isInteger(seed) || seed < 0))
    throw new Error(`--seeds must be integers >= 0. Received: ${text}.`);
  return seeds;
}

interface Setting {
  only: string;
  workers: string;
  folder: string;
  places: Places;
}

async function runJobs(
  plan: Plan,
  options: PlanOptions,
  {only, workers, folder, places}: Setting,
  journal: Journal,
): Promise<void> {
  const count = Number(workers);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`--workers must be an integer >= 1. Received: ${workers}.`);
  const data = options.data.filter(name => {
    const missing = missingFile(name, folder);
    if (missing !== null) console.log(`Without ${name}: there is no ${missing}; --folder says where the data is.`);
    return missing === null;
  });
  const jobs = plan
    .jobs({...options, data})
    .filter(({key}) => `${key} `.startsWith(only === '' ? '' : `${only} `) && !journal.has(key));
  console.log(`${jobs.length} runs to do.`);
  // Once, before several processes read it.
  for (const name of data.filter(isStreamed)) await encodeStreamed(name, folder);
  let done = 0;
  let report = Promise.resolve();
  const finish = async ({key, data, seed}: Job, {backend, wall, result}: Finished) => {
    journal.add({key, data, seed, backend, wall, workers: count, result});
    // One after another, where two workers end at the same time.
    report = report.then(() => writeReport(plan, journal.entries, places));
    await report;
    console.log(`${++done} of ${jobs.length}: ${key}, ${wall.toFixed(0)} s`);
  };
  if (count > 1) return runInWorkers(jobs, count, {plan: plan.name, options: {...options, data}, folder}, finish);
  if (jobs.length === 0) return;
  const {backend, reason} = await useBackend();
  console.log(reason);
  const lab = new Lab(folder);
  for (const job of jobs) await finish(job, await timed(job, lab, backend));
  lab.dispose();
}

main().catch(error => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
