import type {ModelRecord, RunRecord} from '../record/run_record';
import {isUncertain} from '../select/decision';
import {areCopied} from '../warnings/copied_rows';
import {figuresOf} from './figures';
import type {Text} from './text';

/** The position of the one model of a role; -1 where there is none. */
export function modelIndex(run: RunRecord, role: Exclude<ModelRecord['role'], 'other'>): number {
  return run.models.findIndex(model => model.role === role);
}

/** The position of the test rows among the parts. */
export function testIndex(run: RunRecord): number {
  return run.data.parts.findIndex(({name}) => name === 'test');
}

/** "day × destination". */
export function nameOf(run: RunRecord, path: string): Text {
  const f = figuresOf(run);
  const length = f(`${path}/fields/length`).value as number;
  return Array.from({length}, (_, k) => [...(k === 0 ? [] : [' × ']), f(`${path}/fields/${k}`)]).flat();
}

/** Positions of the kept interactions, the strongest first. */
export function openPositions({interactions}: RunRecord): number[] {
  return [...interactions.keys()]
    .filter(i => interactions[i].kept)
    .sort((a, b) => interactions[b].evidence.gain - interactions[a].evidence.gain || a - b);
}

/** Positions of the kept interactions that held-out rows show to help by themselves. */
export function certainOf(run: RunRecord): number[] {
  return hasCopies(run) ? [] : openPositions(run).filter(i => !isUncertain(run.interactions[i].evidence));
}

/** Check whether test rows are copies of training rows: a report then calls no interaction certain. */
export function hasCopies({copied}: RunRecord): boolean {
  return areCopied(copied);
}
