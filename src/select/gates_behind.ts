import {allInteractionsOf, type Candidate, GA2M} from './candidate';
import {keyOf} from '../stages/selection';
import {byLoss, type GateRecord, type Gates, type GateSet} from './fit_gates';

/** Gates, and one penalty on their path. */
export interface GatesAt {
  gates: Gates;
  set: GateSet;
}

/**
 * Where a candidate's selection comes from: the gates and the penalty that left it open, first in the order of V2; for
 * a selection of all interactions, or of none, those on its own form, or else those that V2 prefers, at their chosen
 * penalty. Gates of the folds come before all others: they are given only together with the candidate that they found,
 * and gates of V2 may leave the same set open. Gates on tables and gates on bases may do so, too: those on tables are
 * behind candidates with tables only. A mean has one entry for each of its models.
 */
export function gatesBehind(
  gates: readonly Gates[],
  {form, selection, tables, mean}: Pick<Candidate, 'form' | 'selection' | 'tables' | 'mean'>,
): GatesAt[] {
  if (mean !== null) return mean.flatMap(each => gatesBehind(gates, each));
  const kept = new Set(selection.map(keyOf));
  const inFolds = gates.filter(({by}) => by === 'folds');
  const all = [...inFolds, ...byLoss(gates)].flatMap(own => own.sets.map(set => ({gates: own, set})));
  const isOf = ({gates: {base}, set}: {gates: Gates; set: GateSet}) => {
    const own = set.interactions.filter(({kept: is}) => is);
    const isOfKind = kept.size === 0 || (base === GA2M) === (tables !== null);
    return isOfKind && own.length === kept.size && own.every(gate => kept.has(keyOf(gate)));
  };
  return [all.find(isOf) ?? all.find(({gates: {base}}) => base === form) ?? all[0]];
}

/** Every interaction that some gates judge, as the first of these has it that leave it open; else as the first. */
export function evidenceOf(behind: readonly GatesAt[]): GateRecord[] {
  const found = new Map<string, GateRecord>();
  for (const record of behind.flatMap(({set}) => set.interactions)) {
    const known = found.get(keyOf(record));
    if (known === undefined || (known.alpha === 0 && record.alpha > 0)) found.set(keyOf(record), record);
  }
  return [...found.values()];
}

/**
 * How many interactions a candidate may have: those that gates on its form judge, which with tables are also the
 * triples that rows have evidence for; without gates of its own all that candidates have.
 */
export function mostInteractions(
  {form, mean}: Candidate,
  candidates: readonly Candidate[],
  gates: readonly Gates[],
): number {
  if (mean !== null) return Math.max(...mean.map(each => mostInteractions(each, candidates, gates)));
  return gates.find(({base}) => base === form)?.sets[0].interactions.length ?? allInteractionsOf(candidates);
}
