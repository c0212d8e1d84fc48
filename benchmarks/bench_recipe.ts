/**
 * Where the time of `autoSelect` goes: `npm run bench:recipe`. Prints the CPU seconds of each step, and compares all
 * with one plain training of the chosen base: as the recipe trains it, and by `fitDataset` of TensorFlow.js, where it
 * is the median of three. Where the choice has longer vectors than its base, it is also compared with all pairs in
 * these.
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
import {baseOf, productForm} from './experiments/chosen_base';
import {DataName, defaultFolder} from './experiments/data';
import {Lab} from './experiments/lab';
import {batchesOf, plainTrainer, rowsIn} from './internals';
import {describeMachine, type Machine} from './machine';
import {publish} from './publish';
import {digits, markdownTable} from './report';
import {spread} from './statistics';

/** As the experiments have it: sums are then the same on all machines, and small steps are faster. */
process.env['TF_NUM_INTRAOP_THREADS'] ??= '1';

interface Step {
  words: string;
  /** CPU seconds, user and system. */
  seconds: number;
  /** Those of them in which a model was trained. */
  training: number;
}

/** One training with all pairs by `fitDataset`. */
interface Plain {
  name: string;
  /** The median of `runs`, in which the same is trained from the same start. */
  byOps: number;
  runs: number[];
}

/** `autoSelect` on one data set; all seconds are of the processor. */
interface Measured {
  data: string;
  seed: number;
  chosen: string;
  seconds: number;
  trainings: number;
  /** The base of the choice, as {@link baseOf} has it, with the seconds of the recipe's own training of it. */
  base: Plain & {inLoops: number};
  /** The form of the choice where its vectors are longer than those of its base; else null. */
  longer: Plain | null;
}

/** The bar: `autoSelect` takes at most this many times one plain training. */
const MOST_TIMES = 3;
const REPEATS = 3;
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
  const bars = runs.flatMap(run =>
    plainOf(run).map(({name, byOps}) =>
      atMost(`${run.data}: autoSelect / one training of ${name} by fitDataset`, run.seconds / byOps, MOST_TIMES),
    ),
  );
  const figures = {command: COMMAND, machine, effort: values.effort, runs, bars};
  await publish(figures, {
    text: recipeText(runs, machine),
    file: 'benchmarks/results/recipe_time.json',
    document: 'docs/recipe.md',
    dry: values.dry,
  });
}

const plainOf = ({base, longer}: Measured): Plain[] => [base, ...(longer === null ? [] : [longer])];

function recipeText(runs: readonly Measured[], machine: Machine): string {
  const table = markdownTable(
    [
      ...['data', 'chosen', 'trainings', 'CPU s', 'one training of', 'in loops', 'by `fitDataset`'],
      ...['all / in loops', 'all / by `fitDataset`', `bar: at most ${MOST_TIMES}`],
    ],
    runs.flatMap(({data, chosen, trainings, seconds, base, longer}) => {
      const row = ({name, byOps, runs: own}: Plain, {inLoops, all}: Record<'inLoops' | 'all', string>): string[] => [
        ...[data, chosen, String(trainings), digits(seconds), name, inLoops],
        `${digits(byOps)} (${digits(spread(own).min)} - ${digits(spread(own).max)})`,
        ...[all, digits(seconds / byOps), seconds / byOps <= MOST_TIMES ? 'holds' : '**does not hold**'],
      ];
      return [
        row(base, {inLoops: digits(base.inLoops), all: digits(seconds / base.inLoops)}),
        ...(longer === null ? [] : [row(longer, {inLoops: '-', all: '-'})]),
      ];
    }),
  );
  return (
    `${table}\n\nCPU seconds on one thread. "One training" is that of the base of the choice with all pairs: in ` +
    'loops as the recipe trains it; by `fitDataset` the same training through TensorFlow.js, as `model.fit` does it, ' +
    `the median of ${REPEATS} (fastest - slowest). Where the choice has longer vectors than its base, a second row ` +
    `has all pairs with these. ${machine['processor']}; load average at the start ` +
    `${machine['load average at the start']}.`
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
  const own = baseOf(found);
  if (own === null) throw new Error(`${name}: the recipe trained no model with all pairs, so there is no base.`);
  const {seconds: inLoops, job} = trainings.get(own.name)!;
  const forms = libraryForms(fields, job.schedule, rowsIn(parts.train));
  const byOps = (form: string) => secondsByOps(job, forms, form);
  const base = {...(await byOps(own.form)), inLoops};
  const itself = productForm(found.chosen);
  const longer = itself.startsWith(`${own.form}, d `) ? await byOps(itself) : null;
  console.log(`\n${name}, seed ${seed}: ${found.chosen.name}, test AUC ${found.test!.auc.toFixed(4)}`);
  console.log(stepsText(steps, total, base));
  return {
    data: name,
    seed,
    chosen: found.chosen.name,
    seconds: total,
    trainings: trainings.size,
    base,
    longer,
  };
}

/** The seconds of each step and of all, also in units of one training of the base. */
function stepsText(steps: readonly Step[], total: number, base: Measured['base']): string {
  const all = {words: 'all', seconds: total, training: steps.reduce((sum, step) => sum + step.training, 0)};
  return markdownTable(
    ['step', 'CPU s', 'of them training', `times ${base.name}`],
    [...steps, all].map(({words, seconds, training}) => [
      words,
      seconds.toFixed(1),
      training.toFixed(1),
      (seconds / base.inLoops).toFixed(2),
    ]),
  );
}

/** CPU seconds of a training of all pairs in a form, on the rows of one of the recipe, as TensorFlow.js makes it. */
async function secondsByOps(
  {train, schedule, seed}: TrainingJob,
  {every}: LibraryForms,
  formName: string,
): Promise<Plain> {
  const form = every.find(({name}) => name === formName)!;
  const runs: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const model = form.build(form.all, seed);
    const started = cpuSeconds();
    await model.fitDataset(batchesOf(train, schedule.batchSize, seed) as never, {epochs: schedule.epochs, verbose: 0});
    runs.push(cpuSeconds() - started);
    model.dispose();
  }
  return {name: `${form.name}, all ${form.all.length}`, byOps: spread(runs).median, runs};
}

main().catch(error => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
