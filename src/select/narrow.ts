/** Stops where the answer is known to this share of it. */
const RESOLUTION = 1 / 8;

/**
 * How few of a ranked list of `total` suffice, by bisection: the smallest number found that `suffices`, which is asked about
 * log2(8) + log2(total / kept) times. The whole list is taken to suffice, and `tooFew` of it is taken not to.
 */
export async function narrow(total: number, suffices: (size: number) => Promise<boolean>, tooFew = 0): Promise<number> {
  let enough = total;
  while (enough - tooFew > Math.max(1, RESOLUTION * enough)) {
    const size = Math.floor((enough + tooFew) / 2);
    if (await suffices(size)) enough = size;
    else tooFew = size;
  }
  return enough;
}

/**
 * The same where a first guess is at hand: `guess` is asked about first, and only if it is too few, and the whole list then suffices
 * for certain, what lies between them.
 */
export async function narrowFrom(
    guess: number, total: number, suffices: (size: number) => Promise<boolean>, wholeSuffices: () => boolean): Promise<number> {
  if (guess === total || await suffices(guess)) return guess;
  return wholeSuffices() ? narrow(total, suffices, guess) : total;
}
