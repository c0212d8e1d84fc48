import type {InteractionRecord} from './run_record';

type Measured = Pick<InteractionRecord, 'alpha' | 'evidence'>;

/** Measure an interaction: by its gain on held-out rows, or after a search by alpha. */
export function measureOf({alpha, evidence}: Measured): number {
  return evidence === null ? alpha : evidence.gain;
}

/** Rank an interaction: by its gain on held-out rows, or after a search by |alpha|. */
export function strengthOf({alpha, evidence}: Measured): number {
  return evidence === null ? Math.abs(alpha) : evidence.gain;
}
