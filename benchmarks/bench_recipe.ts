/**
 * Where the time of `autoSelect` goes: `npm run bench:recipe`. Prints the CPU seconds of each step, and how many times
 * one plain training of the chosen base they are. Options: --data frappe,adult for other data sets than these, --seed
 * 2,
 * --effort quick, --folder PATH for the data files.
 */
import path from 'node:path';
import process from 'node:process';
import {parseArgs} from 'node:util';
import {autoSelect} from 'tfjs-autofis';
import {useBackend} from 'tfjs-autofis/runtime';
import {plainTrainer} from './internals';
import {DataName, defaultFolder} from './experiments/data';
import {Lab} from './experiments/lab';
import {markdownTable} from './report';

/** As the experiments have it: sums are then the same on all machines, and small steps are faster. */
process.env['TF_NUM_INTRAOP_THREADS'] ??= '1';

interface Step {
  words: string;
  /** CPU seconds, user and system. */
  seconds: number;
  /** Those of them in which a model was trained. */
  training: number;
}

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
    },
  });
  console.log((await useBackend()).reason);
  const lab = new Lab(path.normalize(values.folder));
  for (const name of values.data.split(',')) await measure(lab, name as DataName, Number(values.seed), values.effort);
  lab.dispose();
}

async function measure(lab: Lab, name: DataName, seed: number, effort: string): Promise<void> {
  const {fields, parts} = await lab.data(name, seed, 'spikes');
  const steps: Step[] = [];
  const trainings = new Map<string, number>();
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
    effort: effort as never,
    onStep,
    trainer: async job => {
      const started = cpuSeconds();
      await plainTrainer(job);
      const spent = cpuSeconds() - started;
      training += spent;
      trainings.set(job.name, spent);
    },
  });
  onStep('scored the test rows');
  const total = begun - start;
  [found.model, ...found.rivals.map(({model}) => model)].forEach(model => model.dispose());
  const base = [...trainings].filter(([job]) => / all \d+$/.test(job));
  const own = base.find(([job]) => job.startsWith(`${found.chosen.form},`)) ?? base[0];
  console.log(`\n${name}, seed ${seed}: ${found.chosen.name}, test AUC ${found.test!.auc.toFixed(4)}`);
  const ratio = (seconds: number) => (own === undefined ? '' : (seconds / own[1]).toFixed(2));
  console.log(
    markdownTable(
      ['step', 'CPU s', 'of them training', own === undefined ? '' : `times ${own[0]}`],
      [...steps, {words: 'all', seconds: total, training: [...trainings.values()].reduce((a, b) => a + b, 0)}].map(
        step => [step.words, step.seconds.toFixed(1), step.training.toFixed(1), ratio(step.seconds)],
      ),
    ),
  );
}

main().catch(error => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
