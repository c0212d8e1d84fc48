/**
 * Runs experiments and writes their results: `npm run experiment -- table1`, or several: `table1 timings trees large`.
 * Finished runs are kept, so that a run that was stopped continues from there. Options: --data frappe,adult and
 * --seeds 1,2,3 for other ones than the experiment's own, --only FM for the runs whose names begin with FM, --workers 2
 * for two processes at once, --folder PATH for the data files, --out FOLDER for runs and report, --report to write the
 * report of the finished runs alone. --data criteo,avazu are Kaggle's files, PATH/criteo/train.txt and
 * PATH/avazu/train.csv, which are encoded into PATH once; training rows are then read from disk. `unseen` runs on
 * tables of anyone's: --folder is where the CSV files are, --data names some of them, --label and --part their columns
 * of labels and parts where the library is not to guess.
 */
import path from 'node:path';
import {parseArgs} from 'node:util';
import {useBackend} from 'tfjs-autofis/runtime';
import {type Chosen, chosenExperiments} from './chosen';
import {defaultFolder, missingFile} from './data';
import {Journal} from './journal';
import {Lab} from './lab';
import type {Job} from './plan';
import {journalFile, Places, RESULTS, writeReport} from './report';
import {encodeStreamed, isStreamed} from './streamed';
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
  const {folder = defaultFolder, only, report} = values;
  // All are checked before the first one runs, which may take hours.
  for (const chosen of chosenExperiments(positionals, values))
    await experiment(chosen, {only, folder, places: placesOf(values.out)}, report);
}

async function experiment(chosen: Chosen, setting: Setting, reportOnly: boolean): Promise<void> {
  const {plan, notes} = chosen;
  const {places} = setting;
  const journal = new Journal(journalFile(plan.name, places.numbers));
  if (!reportOnly) {
    [`${plan.name}: ${plan.title}`, ...notes].forEach(line => console.log(line));
    await runJobs(chosen, setting, journal);
  }
  if (journal.entries.length === 0) {
    console.log(`${plan.name}: no finished runs, so no report.`);
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

interface Setting {
  only: string;
  folder: string;
  places: Places;
}

async function runJobs(
  {plan, options, workers}: Chosen,
  {only, folder, places}: Setting,
  journal: Journal,
): Promise<void> {
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
    journal.add({key, data, seed, backend, wall, workers, result});
    // One after another, where two workers end at the same time.
    report = report.then(() => writeReport(plan, journal.entries, places));
    await report;
    console.log(`${++done} of ${jobs.length}: ${key}, ${wall.toFixed(0)} s`);
  };
  if (workers > 1) return runInWorkers(jobs, workers, {plan: plan.name, options: {...options, data}, folder}, finish);
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
