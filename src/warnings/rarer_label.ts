/** Count the rows of the label that fewer rows have; rows of weight 0 do not count. */
export function rarerLabel({labels, weights}: {labels: ArrayLike<number>; weights?: ArrayLike<number>}): number {
  const counts = [0, 0];
  for (let i = 0; i < labels.length; i++) if (weights?.[i] !== 0) counts[labels[i]]++;
  return Math.min(...counts);
}
