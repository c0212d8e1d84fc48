/** Stops where the answer is known to this share of it. */
const RESOLUTION = 1 / 8;

/**
 * How few of a ranked list of `total` suffice, by bisection: the smallest number found that `suffices`, which is asked about
 * log2(8) + log2(total / kept) times. The whole list is taken to suffice.
 */
export async function narrow(total: number, suffices: (size: number) => Promise<boolean>): Promise<number> {
  let enough = total, tooFew = 0;
  while (enough - tooFew > Math.max(1, RESOLUTION * enough)) {
    const size = Math.floor((enough + tooFew) / 2);
    if (await suffices(size)) enough = size;
    else tooFew = size;
  }
  return enough;
}
