/** A mistake in what the user typed or configured: exit code 2, where other errors have 1. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The known word that a misspelt one is nearest to, or null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const ranked = known
    .map(each => ({each, far: distance(word.toLowerCase(), each.toLowerCase())}))
    .sort((a, b) => a.far - b.far);
  return ranked.length > 0 && ranked[0].far <= Math.max(2, word.length / 3) ? ranked[0].each : null;
}

/** "Did you mean x?", or the list of choices. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === null ? `The choices are: ${known.join(', ')}.` : `Did you mean ${near}?`;
}

/** Levenshtein's distance: insertions, deletions and replacements from a to b. */
function distance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}
