/** Standard normal numbers from uniform ones (Box and Muller). */
export const normalFrom = (random: () => number) => (): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Pairs of fields, i < j, of which no two share a field. */
export function pairsApart(pairs: number, fields: number, random: () => number): number[][] {
  const left = Array.from({length: fields}, (_, i) => i);
  const draw = () => left.splice(Math.floor(random() * left.length), 1)[0];
  return Array.from({length: pairs}, () => [draw(), draw()].sort((a, b) => a - b));
}
