/** The known word that a misspelt one is nearest to, or null when none is near. */
export function closestName(word: string, known: readonly string[]): string | null {
  const ranked = known.map(name => ({name, far: distance(folded(word), folded(name))})).sort((a, b) => a.far - b.far);
  // Of a short word most others are a few letters away.
  const near = Math.min(Math.max(2, word.length / 3), Math.floor(word.length / 2));
  return ranked.length > 0 && ranked[0].far <= near ? ranked[0].name : null;
}

/** Suggest renaming columns whose names are close to absent ones: "Rename "A" if it is "a"."; or "". */
export function renamed(absent: readonly string[], names: readonly string[], needed: readonly string[]): string {
  const free = names.filter(name => !needed.includes(name));
  return absent
    .map(name => ({name, near: closestName(name, free)}))
    .filter(({near}) => near !== null)
    .map(({name, near}) => ` Rename ${JSON.stringify(near)} if it is ${JSON.stringify(name)}.`)
    .join('');
}

function folded(word: string): string {
  return word.trim().toLowerCase();
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
