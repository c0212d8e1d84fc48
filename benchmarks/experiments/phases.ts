import type {AutoSelection, Candidate} from 'tfjs-autofis';

/** What autoSelect does. */
export const phases = ['searches', 'searched models trained on', 'gated retrains', 'all interactions, gated', 'plain retrains', 'cross-validation, scores'] as const;
export type Phase = typeof phases[number];

/** A moment, in seconds of the wall clock and of the processor, all threads together. */
export interface Moment {
  wall: number;
  processor: number;
}

export function now(): Moment {
  const {user, system} = process.cpuUsage();
  return {wall: performance.now() / 1000, processor: (user + system) / 1e6};
}

function phaseOf({form, strength}: Candidate): Phase {
  if (form === 'searched') return 'searched models trained on';
  if (form === 'plain') return 'plain retrains';
  return strength === null ? 'all interactions, gated' : 'gated retrains';
}

/**
 * Seconds of the processor by phase. From candidate to candidate they are known; what happened between two is divided by wall-clock time: the search,
 * where the later one is the first of its strength; its training; the rest, which is cross-validation of the earlier ones, where rows are few, and scores.
 *
 * @param moments The start, one after each candidate, the end.
 */
export function secondsByPhase(moments: readonly Moment[], {candidates, searches}: Pick<AutoSelection, 'candidates' | 'searches'>): Record<Phase, number> {
  const spent = Object.fromEntries(phases.map(phase => [phase, 0])) as Record<Phase, number>;
  moments.slice(1).forEach((end, i) => {
    const wall = end.wall - moments[i].wall, perSecond = (end.processor - moments[i].processor) / wall;
    const candidate = candidates[i] as Candidate | undefined;
    const isFirst = candidates.findIndex(({strength}) => strength === candidate?.strength) === i;
    const search = isFirst ? searches.find(({strength}) => strength === candidate?.strength)?.seconds ?? 0 : 0;
    const training = candidate?.seconds ?? 0;
    spent['searches'] += perSecond * search;
    if (candidate !== undefined) spent[phaseOf(candidate)] += perSecond * training;
    spent['cross-validation, scores'] += perSecond * (wall - search - training);
  });
  return spent;
}
