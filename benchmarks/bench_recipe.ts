/**
 * Where the time of `autoSelect` goes: `npm run bench:recipe`. Prints the CPU seconds of each step, and compares all
 * with one plain training of the chosen base: as the recipe trains it, and by `fitDataset` of TensorFlow.js.
 *
 *     --data frappe,adult    other data sets than these
 *     --seed N               default 1
 *     --effort quick         default normal
 *     --folder PATH          of the data files
 *     --dry                  prints only; otherwise benchmarks/results/recipe_time.json and the table in docs/recipe.md
 *                            are written
 */
import path from 'node:path';
import process from 'node:process';
import {parseArgs} from 'node:util';
import {autoSelect, type Effort, type LibraryForms, libraryForms, type TrainingJob} from 'tfjs-autofis';
import {useBackend} from 'tfjs-autofis/runtime';
import {atMost} from './bars';
import {DataName, defaultFolder} from './experiments/data';
import {Lab} from './experiments/lab';
import {batchesOf, plainTrainer, rowsIn} from './internals';
import {describeMachine, type Machine} from './machine';
import {publish} from './publish';
import {digits, markdownTable} from './report';

/** As the experiments have it: sums are then the same on all machines, and small steps are faster. */
process.env['TF_NUM_INTRAOP_THREADS'] ??= '1';

interface Step {
  words: string;
  /** CPU seconds, user and system. */
  seconds: number;
  /** Those of them in which a model was trained. */
  training: number;
}

/** `autoSelect` on one data set; all seconds are of the processor. */
interface Measured {
  data: string;
  seed: number;
  chosen: string;
  seconds: number;
  trainings: number;
  /** One training of the chosen form, or of the best base where that is logistic regression, with all interactions. */
  base: {name: string; inLoops: number; byOps: number};
}

const COMMAND = 'npm run bench:recipe';

const cpuSeconds = () => {
  const {user, system} = process.cpuUsage();
  return (user + system) / 1e6;
};

async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {
      data: {type: 'string', default: 'frappe,adult'},
      seed: {type: 'string', default: '1'},
      effort: {type: 'string', default: 'normal'},
      folder: {type: 'string', default: defaultFolder},
      dry: {type: 'boolean', default: false},
    },
  });
  console.log((await useBackend()).reason);
  const machine = describeMachine();
  const lab = new Lab(path.normalize(values.folder));
  const runs: Measured[] = [];
  for (const name of values.data.split(','))
    runs.push(await measure(lab, name as DataName, {seed: Number(values.seed), effort: values.effort as Effort}));
  lab.dispose();
  const bars = runs.map(({data, seconds, base}) =>
    atMost(`${data}: autoSelect / one training by fitDataset`, seconds / base.byOps, 3),
  );
  const figures = {command: COMMAND, machine, effort: values.effort, runs, bars};
  await publish(figures, {
    text: recipeText(runs, machine),
    file: 'benchmarks/results/recipe_time.json',
    document: 'docs/recipe.md',
    dry: values.dry,
  });
}

function recipeText(runs: readonly Measured[], machine: Machine): string {
  const table = markdownTable(
    ['data', 'chosen', 'trainings', 'CPU s', 'one training', 'by `fitDataset`', 'all / one', 'all / by `fitDataset`'],
    runs.map(({data, chosen, trainings, seconds, base: {inLoops, byOps}}) => [
      data,
      chosen,
      String(trainings),
      ...[seconds, inLoops, byOps, seconds / inLoops, seconds / byOps].map(digits),
    ]),
  );
  return (
    `${table}\n\nCPU seconds on one thread. "One training" is that of the chosen form with all pairs, as the recipe ` +
    'trains it in loops; "by `fitDataset`" is the same training through TensorFlow.js, as `model.fit` does it. ' +
    `${machine['processor']}; load average at the start ${machine['load average at the start']}.`
  );
}

async function measure(lab: Lab, name: DataName, {seed, effort}: {seed: number; effort: Effort}): Promise<Measured> {
  const {fields, parts} = await lab.data(name, seed, {bins: 'spikes'});
  const steps: Step[] = [];
  const trainings = new Map<string, {seconds: number; job: TrainingJob}>();
  let begun = cpuSeconds();
  let training = 0;
  const onStep = (words: string) => {
    const now = cpuSeconds();
    steps.push({words, seconds: now - begun, training});
    [begun, training] = [now, 0];
  };
  const start = begun;
  const found = await autoSelect({
    fields,
    ...parts,
    seed,
    effort,
    onStep,
    trainer: async job => {
      const started = cpuSeconds();
      await plainTrainer(job);
      const seconds = cpuSeconds() - started;
      training += seconds;
      trainings.set(job.name, {seconds, job});
    },
  });
  onStep('scored the test rows');
  const total = begun - start;
  [found.model, ...found.rivals.map(({model}) => model)].forEach(model => model.dispose());
  const bases = [...trainings].filter(([job]) => / all \d+$/.test(job));
  const {form} = found.chosen.mean?.[0] ?? found.chosen;
  const own = bases.find(([job]) => job.startsWith(`${form.replace(/, d \d+$/, '')},`)) ?? bases[0];
  const [baseName, {seconds: inLoops, job}] = own;
  const byOps = await secondsByOps(job, libraryForms(fields, job.schedule, rowsIn(parts.train)));
  console.log(`\n${name}, seed ${seed}: ${found.chosen.name}, test AUC ${found.test!.auc.toFixed(4)}`);
  const all = {words: 'all', seconds: total, training: steps.reduce((sum, step) => sum + step.training, 0)};
  console.log(
    markdownTable(
      ['step', 'CPU s', 'of them training', `times ${baseName}`],
      [...steps, all].map(step => [
        step.words,
        step.seconds.toFixed(1),
        step.training.toFixed(1),
        (step.seconds / inLoops).toFixed(2),
      ]),
    ),
  );
  return {
    data: name,
    seed,
    chosen: found.chosen.name,
    seconds: total,
    trainings: trainings.size,
    base: {name: baseName, inLoops, byOps},
  };
}

/** CPU seconds of a training of the recipe made once more, as TensorFlow.js makes it. */
async function secondsByOps({name, train, schedule, seed}: TrainingJob, {every}: LibraryForms): Promise<number> {
  const form = every.find(({name: own, all}) => `${own}, all ${all.length}` === name)!;
  const model = form.build(form.all, seed);
  const started = cpuSeconds();
  await model.fitDataset(batchesOf(train, schedule.batchSize, seed) as never, {epochs: schedule.epochs, verbose: 0});
  const seconds = cpuSeconds() - started;
  model.dispose();
  return seconds;
}

main().catch(error => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
