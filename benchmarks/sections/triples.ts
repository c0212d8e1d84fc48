import {atLeast, atMost, quotient} from '../bars';
import {Contestant, takeTurns} from '../contestant';
import {ours, torch} from '../programs';
import type {Section} from '../report';
import {BATCH, Context, searchInput} from './context';
import {medianOf, memoryText, rowOf} from './measured';

/** Memory that PyTorch may take for gathered triples. */
const LIMIT_GB = 12;

/** What all triples cost beside all pairs. */
export async function triples(context: Context): Promise<Section> {
  const title = 'Third order';
  const input = searchInput(context, 16, []);
  // Without start weights from a file, which would count as memory.
  const options = {rows: input.rows, d: 16, hidden: [], backend: 'native' as const};
  const pairsOnly = new Contestant(ours('ours, 741 pairs', options));
  const both = new Contestant(ours('ours, 741 pairs and 9,139 triples', {...options, triples: true}));
  const gathered = new Contestant(torch(context.python, 'triples', {...input, limitGB: LIMIT_GB}));
  const all = [pairsOnly, both, gathered];
  for (const contestant of all) await contestant.ready();
  await takeTurns([pairsOnly, both], {warmUp: 3, rounds: context.quick ? 2 : 8, steps: context.quick ? 1 : 2});
  await takeTurns([gathered], {warmUp: context.quick ? 1 : 3, rounds: context.quick ? 1 : 3, steps: 1});
  await Promise.all(all.map(contestant => contestant.stop()));
  const outOfMemory = gathered.failure?.startsWith('out of memory') === true;
  const peak = both.info['peakMB'];
  const gatheredNote = context.quick ? 'one warm-up step' : '';
  const noteOf = (contestant: Contestant) =>
    contestant === gathered ? gatheredNote : `peak memory ${memoryText(contestant)}`;
  return {
    title,
    what:
      `Search step of AutoFM (no MLP), d 16, batch ${BATCH}, 1,000,000 ids; pairs and triples share one table. ` +
      `PyTorch gathers [B, 9139, d] and may take ${LIMIT_GB} GB.`,
    rows: all.map(contestant => rowOf(title, contestant, medianOf(both), BATCH, noteOf(contestant))),
    bars: [
      atMost('pairs and all triples / pairs only', quotient(medianOf(both), medianOf(pairsOnly)), 6),
      atMost('peak memory with all triples, GB', quotient(peak, 1000), 1.5),
      atLeast(
        'triples: gathered PyTorch / ours (out of memory counts as endless)',
        outOfMemory ? Infinity : quotient(medianOf(gathered), medianOf(both)),
        5,
      ),
    ],
  };
}
