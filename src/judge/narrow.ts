/** Stops where the answer is known to this share of it. */
const RESOLUTION = 1 / 8;

/**
 * How few of a ranked list of `total` suffice, by bisection: the smallest number found whose quality is at most `tolerance`
 * below the best seen. `quality` is measured at about log2(8) + log2(total / kept) numbers.
 *
 * @param all The quality of the whole list.
 */
export async function narrow(
    total: number, all: number, tolerance: number, quality: (size: number) => Promise<number>): Promise<number> {
  let enough = total, tooFew = 0, best = all;
  while (enough - tooFew > Math.max(1, RESOLUTION * enough)) {
    const size = Math.floor((enough + tooFew) / 2);
    const reached = await quality(size);
    if (reached >= best - tolerance) enough = size;
    else tooFew = size;
    best = Math.max(best, reached);
  }
  return enough;
}
