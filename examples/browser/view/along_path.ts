import type {GatePath} from '../protocol';

/**
 * Gates between two penalties: those that stay open move evenly; those that close do so one after another, the
 * smallest first, since all that is known is that they close somewhere in between.
 *
 * @returns The gates at a position along the penalties; whole numbers are the penalties themselves.
 */
export function alongPath(
  path: ReadonlyArray<Pick<GatePath['path'][number], 'alpha'>>,
): (position: number) => Float32Array {
  /** Gates that close behind each penalty, the smallest first: sorted once, not for each frame. */
  const closing: number[][] = [];
  const closingAfter = (k: number) => {
    const from = path[k].alpha;
    const to = path[k + 1].alpha;
    closing[k] ??= [...from.keys()].filter(p => from[p] > 0 && to[p] === 0).sort((a, b) => from[a] - from[b]);
    return closing[k];
  };
  return position => {
    const low = Math.floor(position);
    if (low >= path.length - 1) return path[path.length - 1].alpha.slice();
    const from = path[low].alpha;
    const to = path[low + 1].alpha;
    const share = position - low;
    const alpha = from.map((value, p) => (to[p] === 0 ? value : value + share * (to[p] - value)));
    const order = closingAfter(low);
    for (let i = 0; i < Math.floor(share * order.length); i++) alpha[order[i]] = 0;
    return alpha;
  };
}
