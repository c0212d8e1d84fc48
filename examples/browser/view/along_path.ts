import type {GatePath} from '../protocol';

/**
 * Gates between two penalties: those that stay open move evenly; those that close do so one after the other, the smallest
 * first, since all that is known is that they close somewhere in between.
 *
 * @param position Along the penalties; whole numbers are the penalties themselves.
 */
export function alphaAt(
  {path}: {path: ReadonlyArray<Pick<GatePath['path'][number], 'alpha'>>},
  position: number,
): Float32Array {
  const low = Math.floor(position);
  const from = path[low].alpha;
  const to = path[Math.min(path.length - 1, low + 1)].alpha;
  const share = position - low;
  const closing = [...from.keys()].filter(p => from[p] > 0 && to[p] === 0).sort((a, b) => from[a] - from[b]);
  const closed = new Set(closing.slice(0, Math.floor(share * closing.length)));
  return Float32Array.from(from, (value, p) => {
    if (closed.has(p)) return 0;
    return to[p] === 0 ? value : value + share * (to[p] - value);
  });
}
