import {rm} from 'node:fs/promises';
import {type Estimate, estimatedScores, jaccard, mean} from '../../statistics';
import {decisionInWords} from '../../select/decision';
import type {Invocation} from '../command';
import {encodeStep, type EncodePlan, type EncodeResult} from './encode';
import {RunFolder} from './run_folder';
import {type SelectResult, selectStep, selectPlanOf, selectSettings} from './select';

/** A model of all rows before one period, on that period. */
interface RollingStep {
  /** Where the period begins. */
  testFrom: string | number;
  /** Rows of each part. */
  rows: {[part: string]: number};
  auc: number;
  logloss: number;
  /** The chosen model in words, such as "3 of 45 pairs". */
  chosen: string;
  /** Its interactions, such as "site x hour". */
  kept: string[];
  /** Interactions that it shares with the step before, of all that one of them has; null for the first step. */
  shared: number | null;
}

/** Results of the steps, and a summary of them. */
export interface RollingResult {
  /** Oldest first; the last one is the run itself. */
  steps: RollingStep[];
  auc: Estimate;
  logloss: Estimate;
  /** Mean of the steps after the first; null for one step. */
  shared: number | null;
}

/** The encoded rows and the selection of a step. */
interface Ended {
  encoded: EncodeResult;
  selected: SelectResult;
}

/**
 * Run each step but the last, which is the run itself, in a folder of its own within FOLDER/rolling, and put the
 * steps side by side. The rows of all are encoded before any training, so that a period that cannot be scored is found
 * at once.
 */
export async function rollingStep(
  run: Invocation,
  folder: RunFolder,
  {plan, backend, last}: {plan: EncodePlan; backend: string; last: () => Promise<Ended>},
): Promise<RollingResult> {
  const {rolling} = plan;
  const starts = rolling.map(({testFrom}) => testFrom!);
  const folders = rolling.slice(0, -1).map((_, i) => new RunFolder(folder.file('rolling', String(i + 1)), true));
  const settings = selectSettings(selectPlanOf(run.values));
  const result = await folder.stage('rolling', {...settings, steps: rolling.length, from: starts[0]}, async () => {
    const note = (i: number) => run.output.note(`step ${i + 1} of ${rolling.length}: test from ${starts[i]}`);
    const encoded: EncodeResult[] = [];
    for (const [i, stepFolder] of folders.entries()) {
      note(i);
      encoded.push(await encodeStep(run, stepFolder, {...plan, split: rolling[i], assumptions: []}));
    }
    const itself = await last();
    const ended: Ended[] = [];
    for (const [i, stepFolder] of folders.entries()) {
      note(i);
      ended.push({encoded: encoded[i], selected: await selectStep(run, stepFolder, backend)});
    }
    return rollingResult([...ended, itself], starts);
  });
  // The rows of all steps together are many times those of the table.
  for (const stepFolder of folders) await rm(stepFolder.file('data'), {recursive: true, force: true});
  return result;
}

function rollingResult(ended: readonly Ended[], starts: ReadonlyArray<string | number>): RollingResult {
  const interactions = ended.map(({selected}) => selected.selection.map(({fields}) => fields.join(' x ')));
  const steps = ended.map(({encoded: {parts}, selected: {decision, models}}, i): RollingStep => {
    const {auc, logloss} = models.find(({role}) => role === 'after')!;
    return {
      testFrom: starts[i],
      rows: Object.fromEntries(Object.entries(parts).map(([part, {rows}]) => [part, rows])),
      auc,
      logloss,
      chosen: decisionInWords(decision),
      kept: interactions[i],
      shared: i === 0 ? null : jaccard(interactions[i - 1], interactions[i]),
    };
  });
  return {
    steps,
    ...estimatedScores(steps),
    shared: steps.length === 1 ? null : mean(steps.slice(1).map(({shared}) => shared!)),
  };
}
