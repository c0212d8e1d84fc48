import {isUncertain} from '../select/stability';
import {INTERVAL} from '../statistics';

/** What held-out rows say of an interaction: how much of the logloss it saves, and how many half-samples keep it. */
interface Evidence {
  gain: number;
  standardError: number;
  stability: {kept: number; samples: number};
}

/** Interactions that are listed where held-out rows confirm none of many, or only few. */
export const LISTED = 20;

/** Whether held-out rows show by themselves that an interaction helps. */
export function isConfirmed({gain, standardError, stability}: Evidence): boolean {
  return gain > INTERVAL * standardError && !isUncertain(stability);
}
