import {type DataName, dataNames} from './data';
import type {Plan, PlanOptions} from './plan';
import {plans} from './plans';
import {tablesOf} from './unseen/tables';

/** What the command line says of the runs. */
export interface Flags {
  data?: string;
  seeds?: string;
  workers: string;
  folder?: string;
  label?: string;
  part?: string;
}

/** An experiment that is to be run. */
export interface Chosen {
  plan: Plan;
  options: PlanOptions;
  /** Processes that run its jobs at the same time. */
  workers: number;
  /** What is said before it runs. */
  notes: string[];
}

/**
 * The experiments that a command names, with the options of each.
 * @throws Error where a name or an option is wrong for one of them.
 */
export function chosenExperiments(names: readonly string[], flags: Flags): Chosen[] {
  const chosen = plansOf(names);
  const workers = Number(flags.workers);
  if (!Number.isInteger(workers) || workers < 1)
    throw new Error(`--workers must be an integer >= 1. Received: ${flags.workers}.`);
  const several = chosen.length > 1;
  if (several) checkShared(chosen, flags.data);
  return chosen.map(plan => {
    const options = optionsOf(plan, flags, several);
    // It throws where a data set does not suit the experiment.
    plan.jobs(options);
    const notes: string[] = [];
    const alone = plan.alone === true && workers > 1;
    if (alone) notes.push('One worker: another one would take its share of the machine from the times measured.');
    if (plan.defaults.data.length > 0 && options.data.length === 0) notes.push('None of its data sets is in --data.');
    return {plan, options, workers: alone ? 1 : workers, notes};
  });
}

function plansOf(names: readonly string[]): Plan[] {
  const known = plans.map(({name}) => name);
  const wrong = names.filter(name => !known.includes(name));
  if (names.length === 0 || wrong.length > 0) {
    const received = names.length === 0 ? 'none' : wrong.join(', ');
    throw new Error(`Name one or more experiments out of: ${known.join(', ')}. Received: ${received}.`);
  }
  return [...new Set(names)].map(name => plans.find(plan => plan.name === name)!);
}

/** Several experiments share their flags. */
function checkShared(chosen: readonly Plan[], data: string | undefined): void {
  const ofTables = chosen.find(plan => plan.ofTables === true);
  if (ofTables !== undefined) {
    throw new Error(
      `${ofTables.name} runs on the tables of --folder, which the other experiments do not: name it alone. ` +
        `Received: ${chosen.map(({name}) => name).join(', ')}.`,
    );
  }
  const foreign = data === undefined ? [] : namesOf(data).filter(name => chosen.every(plan => !isOwn(plan, name)));
  if (foreign.length === 0) return;
  const words = chosen.map(({name, defaults}) => `${name}: ${defaults.data.join(', ') || 'none'}`);
  throw new Error(
    `--data: each of several experiments runs on the named data sets that are its own (${words.join('; ')}). ` +
      `To run an experiment on others, name it alone. Received: ${foreign.join(', ')}.`,
  );
}

function isOwn({defaults}: Plan, name: DataName): boolean {
  return defaults.data.includes(name);
}

function optionsOf(plan: Plan, flags: Flags, several: boolean): PlanOptions {
  const {defaults, ofTables} = plan;
  const seeds = seedsOf(flags.seeds, defaults.seeds);
  const {folder, label, part} = flags;
  if (ofTables === true) {
    const names = tablesOf(folder, flags.data?.split(','));
    return {data: [], seeds, tables: {folder: folder!, names, label, part}};
  }
  if (label !== undefined || part !== undefined)
    throw new Error('--label and --part are for the experiment unseen: the data sets of the others have theirs.');
  if (flags.data === undefined) return {data: defaults.data, seeds};
  return {data: namesOf(flags.data).filter(name => !several || isOwn(plan, name)), seeds};
}

function namesOf(text: string): DataName[] {
  const data = [...new Set(text.split(','))];
  const unknown = data.find(name => !dataNames.includes(name as DataName));
  if (unknown !== undefined)
    throw new Error(`--data: the data sets are ${dataNames.join(', ')}. Received: ${unknown}.`);
  return data as DataName[];
}

function seedsOf(text: string | undefined, usual: readonly number[]): number[] {
  const seeds = [...new Set(text?.split(',').map(Number) ?? usual)];
  if (seeds.some(seed => !Number.isInteger(seed) || seed < 0))
    throw new Error(`--seeds must be integers >= 0. Received: ${text}.`);
  return seeds;
}
