import {existsSync} from 'node:fs';
import path from 'node:path';
import {openShards} from 'tfjs-autofis/data';
import {atMost, quotient} from '../bars';
import {Contestant} from '../contestant';
import {MovieLensPeer, movieLensPeer, preparing} from '../programs';
import type {Section} from '../report';
import {medianOf, rowOf, versionsOf} from '../sections/measured';
import {Context, runInTurns} from './context';
import {DATA} from './encoders';

const SKLEARN_BAR = 'MovieLens: time of ours / pandas and scikit-learn';
const FASTEST_BAR = 'MovieLens: time of ours / the faster of pandas alone and polars';

const PEERS: MovieLensPeer[] = ['sklearn', 'pandas', 'polars'];

/** One recipe, from csv.gz to shards of ids, by this library and by what people write by hand; all ids are compared. */
export async function movielens({quick, python, folder}: Context): Promise<Section> {
  const title = 'MovieLens-1M, from csv.gz to shards';
  const file = path.join(DATA, 'movielens-1m.csv.gz');
  if (!existsSync(file)) {
    return {
      title,
      what: `${file} is not there.`,
      rows: [{section: title, name: 'ours', note: 'missing: no such file'}],
      bars: [atMost(SKLEARN_BAR, undefined, 0.5), atMost(FASTEST_BAR, undefined, 1.5)],
    };
  }
  const place = (who: string) => path.join(folder, `movielens-${who}`);
  const turns = [
    {
      contestant: new Contestant(preparing('ours', {preset: 'movieLens1m', files: [file], folder: place('ours')})),
      folder: place('ours'),
    },
    ...PEERS.map(peer => ({
      contestant: new Contestant(movieLensPeer(python, {peer, file, folder: place(peer)})),
      folder: place(peer),
    })),
  ];
  const all = turns.map(({contestant}) => contestant);
  for (const contestant of all) await contestant.ready();
  await runInTurns(turns, {measured: false});
  for (let round = 0; round < (quick ? 2 : 7); round++) await runInTurns(turns);
  await Promise.all(all.map(contestant => contestant.stop()));

  const [ours, sklearn, ...fast] = all;
  const rows = ours.info['rows'];
  const notes = await Promise.all(
    turns.map(async (turn, i) => {
      if (i === 0) return `peak memory ${Math.round(ours.info['peakMB'])} MB`;
      return turn.contestant.failure === null ? sameIds(await difference(turn.folder, place('ours'))) : '';
    }),
  );
  const same = notes.slice(1).filter(note => note === SAME).length;
  return {
    title,
    what:
      `The preset movieLens1m: ${rows.toLocaleString('en')} rows, seven categorical fields and up to six genres; ` +
      'vocabularies of the training ' +
      'folds by falling count, ids of all rows, Arrow shards. Each process has done it once before.',
    rows: all.map((contestant, i) => rowOf(title, contestant, medianOf(ours), rows, notes[i])),
    bars: [
      atMost(SKLEARN_BAR, quotient(medianOf(ours), medianOf(sklearn)), 0.5),
      atMost(FASTEST_BAR, quotient(medianOf(ours), shortest(fast.map(medianOf))), 1.5),
      atMost('MovieLens: peers with other ids than ours', PEERS.length - same, 0),
    ],
    versions: versionsOf(all),
  };
}

/** The shortest of times; undefined where one is missing. */
function shortest(times: ReadonlyArray<number | undefined>): number | undefined {
  const known = times.filter(each => each !== undefined);
  return known.length === times.length ? Math.min(...known) : undefined;
}

const SAME = 'the same ids';
const sameIds = (rows: number) => (rows === 0 ? SAME : `${rows} rows have other ids`);

/** Rows of two folders of shards that differ in an id or the label. */
async function difference(a: string, b: string): Promise<number> {
  let different = 0;
  for (const part of ['train', 'test']) {
    const open = (folder: string) => openShards(path.join(folder, 'shards'), {part});
    const [first, second] = [await open(a), await open(b)];
    const W = first.columns;
    const others = second.batches({batchSize: 10_000});
    for await (const {ids, labels, rows} of first.batches({batchSize: 10_000})) {
      const other = (await others.next()).value!;
      for (let row = 0; row < rows; row++) {
        const start = row * W;
        if (
          labels[row] !== other.labels[row] ||
          ids.subarray(start, start + W).some((id, i) => id !== other.ids[start + i])
        )
          different++;
      }
    }
    different += Math.abs(first.rows - second.rows);
  }
  return different;
}
