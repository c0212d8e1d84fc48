/** Pairs that the label depends on, of neighbouring fields. */
const PLANTED = 4;

/**
 * A table as CSV whose label depends on all fields a little, and on the first four pairs of neighbours: fields of 3 to
 * 22 values.
 */
export function plantedCsv({fields, rows, random}: {fields: number; rows: number; random: () => number}): string {
  const sizes = Array.from({length: fields}, (_, f) => 3 + (f % 20));
  const own = sizes.map(size => Array.from({length: size}, () => random() - 0.5));
  const pairs = Array.from({length: Math.min(PLANTED, Math.floor(fields / 2))}, (_, p) => 2 * p);
  const joint = pairs.map(f => Array.from({length: sizes[f] * sizes[f + 1]}, () => 3 * (random() - 0.5)));
  const lines = [['clicked', ...sizes.map((_, f) => `field ${f}`)].join(',')];
  for (let row = 0; row < rows; row++) {
    const ids = sizes.map(size => Math.floor(random() * size));
    const alone = ids.reduce((sum, id, f) => sum + own[f][id], -1);
    const logit = pairs.reduce((sum, f, p) => sum + joint[p][ids[f] * sizes[f + 1] + ids[f + 1]], alone);
    const label = random() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
    lines.push([label, ...ids.map(id => `v${id}`)].join(','));
  }
  return lines.join('\n');
}
