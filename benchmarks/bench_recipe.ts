/**
 * Where the time of `autoSelect` goes: `npm run bench:recipe`. Prints the CPU seconds of each step, and compares all
 * with one plain training of products of all pairs: in loops as `autoSelect` makes it, and by `fitDataset` of
 * TensorFlow.js, the median of three.
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
import {autoSelect, type Effort, type FieldSpec, type LabeledRows} from 'tfjs-autofis';
import {ffm} from 'tfjs-autofis/models';
import {useBackend} from 'tfjs-autofis/runtime';
import {atMost} from './bars';
import {DataName, defaultFolder} from './experiments/data';
import {inMemory, Lab} from './experiments/lab';
import {batchesOf, decisionInWords, joinRows, plainTrainer, type TrainingJob} from './internals';
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

/** `autoSelect` on one data set; all seconds are of the processor. */
interface Measured {
  data: string;
  seed: number;
  /** The decision in words. */
  chosen: string;
  seconds: number;
  trainings: number;
  /** One training of products of all pairs on all rows but the test rows. */
  products: {
    inLoops: number;
    /** The median of `runs`, in which the same is trained by `fitDataset`. */
    byOps: number;
    runs: number[];
  };
}

/** The bar: `autoSelect` takes at most this many times one plain training. */
const MOST_TIMES = 3;
const REPEATS = 3;
/** Length of the vectors of products. */
const LENGTH = 8;
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
  const bars = runs.map(({data, seconds, products: {byOps}}) =>
    atMost(`${data}: autoSelect / one training of all pairs by fitDataset`, seconds / byOps, MOST_TIMES),
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
    [
      ...['data', 'chosen', 'trainings', 'CPU s', 'all pairs in loops', 'all pairs by `fitDataset`'],
      ...['all / in loops', 'all / by `fitDataset`', `bar: at most ${MOST_TIMES}`],
    ],
    runs.map(({data, chosen, trainings, seconds, products: {inLoops, byOps, runs: each}}) => [
      ...[data, chosen, String(trainings), digits(seconds), digits(inLoops)],
      `${digits(byOps)} (${digits(spread(each).min)} - ${digits(spread(each).max)})`,
      ...[digits(seconds / inLoops), digits(seconds / byOps)],
      seconds / byOps <= MOST_TIMES ? 'holds' : '**does not hold**',
    ]),
  );
  return (
    `${table}\n\nCPU seconds on one thread, test rows and rivals included. "All pairs" is one training of products of ` +
    'all pairs: in loops as `autoSelect` makes it; by `fitDataset` the same training through TensorFlow.js, the ' +
    `median of ${REPEATS} (fastest - slowest). ${machine['processor']}; load average at the start ` +
    `${machine['load average at the start']}.`
  );
}

async function measure(lab: Lab, name: DataName, {seed, effort}: {seed: number; effort: Effort}): Promise<Measured> {
  const {fields, parts} = await lab.data(name, seed, {bins: 'spikes'});
  const steps: Step[] = [];
  const trainings: Array<{seconds: number; job: TrainingJob}> = [];
  let begun = cpuSeconds();
  let training = 0;
  const onStep = (words: string) => {
    const now = cpuSeconds();
    steps.push({words, seconds: now - begun, training});
    [begun, training] = [now, 0];
  };
  const start = begun;
  const {model, rivals, decision, test} = await autoSelect({
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
      trainings.push({seconds, job});
    },
  });
  onStep('scored the test rows');
  const total = begun - start;
  [model, ...rivals.map(rival => rival.model)].forEach(each => each.dispose());
  // The rival of all pairs is trained last.
  const last = trainings.at(-1);
  if (last === undefined) throw new Error(`${name}: rows are too few for products, so there is nothing to compare.`);
  const byOps = await secondsByOps(fields, last.job, inMemory({fields, parts}).parts);
  console.log(`\n${name}, seed ${seed}: ${decisionInWords(decision)}, test AUC ${test!.auc.toFixed(4)}`);
  console.log(stepsText(steps, total, last.seconds));
  return {
    data: name,
    seed,
    chosen: decisionInWords(decision),
    seconds: total,
    trainings: trainings.length,
    products: {inLoops: last.seconds, byOps: spread(byOps).median, runs: byOps},
  };
}

/** The seconds of each step and of all, also in units of one training of all pairs. */
function stepsText(steps: readonly Step[], total: number, inLoops: number): string {
  const all = {words: 'all', seconds: total, training: steps.reduce((sum, step) => sum + step.training, 0)};
  return markdownTable(
    ['step', 'CPU s', 'of them training', 'times one training of all pairs'],
    [...steps, all].map(({words, seconds, training}) => [
      words,
      seconds.toFixed(1),
      training.toFixed(1),
      (seconds / inLoops).toFixed(2),
    ]),
  );
}

/** CPU seconds of trainings of products of all pairs on training and validation rows, as TensorFlow.js makes them. */
async function secondsByOps(
  fields: readonly FieldSpec[],
  {schedule, seed}: Pick<TrainingJob, 'schedule' | 'seed'>,
  {train, validation}: Record<'train' | 'validation', LabeledRows>,
): Promise<number[]> {
  const {rows, dispose} = joinRows(train, validation);
  const seconds: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const model = ffm({fields, embeddingDim: LENGTH, seed});
    const started = cpuSeconds();
    await model.fitDataset(batchesOf(rows, schedule.batchSize, seed) as never, {epochs: schedule.epochs, verbose: 0});
    seconds.push(cpuSeconds() - started);
    model.dispose();
  }
  dispose();
  return seconds;
}

main().catch(error => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
