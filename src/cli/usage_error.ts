import {closestName} from '../closest_name';

/** A mistake in what the user typed or configured: exit code 2, where other errors have 1. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** "Did you mean x?", or the list of choices. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = closestName(word, known);
  return near === null ? `The choices are: ${known.join(', ')}.` : `Did you mean ${near}?`;
}
