import path from 'node:path';
import {atMost, quotient} from '../bars';
import {Contestant} from '../contestant';
import {preparing} from '../programs';
import type {Row, Section} from '../report';
import {medianOf, rowOf, versionsOf} from '../sections/measured';
import {checkDisk, Context, emptyFolder, gigabytes, millions, runInTurns} from './context';
import {CriteoRows} from './criteo_rows';

const DAYS = 10;
const SEED = 5;
/** What a row takes at the most: text, staged rows, what DuckDB spills, shards. */
const BYTES_PER_ROW = 700;
/** Data sets whose time and disk follow from the rate of the large run: rows, fields. */
const FULL = [
  ['all of Criteo (Kaggle)', 45_840_617, 39],
  ['all of Avazu', 40_428_967, 24],
] as const;

/** How time and memory grow with the rows of Criteo's form. */
export async function criteo({quick, folder}: Context): Promise<Section> {
  const title = "Rows of Criteo's form, from text to shards";
  const unit = quick ? 200_000 : 2_000_000;
  checkDisk(folder, DAYS * unit * BYTES_PER_ROW);
  const source = path.join(folder, 'criteo');
  const generator = new CriteoRows(SEED);
  emptyFolder(source);
  const files = Array.from({length: DAYS}, (_, day) => path.join(source, `day_${day}.tsv`));
  for (const file of files) await generator.write(file, unit);

  const run = (rows: number, files: string[]) => {
    const place = path.join(folder, `criteo-${rows}`);
    return {
      contestant: new Contestant(preparing(`ours, ${millions(rows)} rows`, {preset: 'criteo', files, folder: place})),
      folder: place,
    };
  };
  const small = run(unit, files.slice(0, 1));
  const large = run(DAYS * unit, files);
  for (const {contestant} of [small, large]) await contestant.ready();
  // Before and after the long run: the machine may change in between.
  await runInTurns([small, large, small, small]);
  await Promise.all([small, large].map(({contestant}) => contestant.stop()));
  for (const each of [source, small.folder, large.folder]) emptyFolder(each);

  const [few, many] = [small.contestant, large.contestant];
  const note = ({info}: Contestant) =>
    `peak memory ${Math.round(info['peakMB'])} MB; at most ${gigabytes(info['mostBytes'])} GB of disk, ` +
    `of which shards ${gigabytes(info['shardBytes'])} GB`;
  const time = medianOf(many);
  const {mostBytes, shardBytes} = many.info;
  const full =
    time === undefined
      ? []
      : FULL.map(([name, rows, fields]): Row => {
          const share = ((rows / (DAYS * unit)) * fields) / 39;
          const ms = time * share;
          return {
            section: title,
            name: `${name}: extrapolated`,
            ms: {median: ms, min: ms, max: ms, count: 0},
            examples: (rows / ms) * 1e3,
            note:
              `${millions(Math.round(rows / 1e5) * 1e5)} rows of ${fields} fields at the rate of ` +
              `${many.program.name}; ` +
              `${gigabytes(mostBytes * share)} GB of disk, of which shards ${gigabytes(shardBytes * share)} GB`,
          };
        });
  return {
    title,
    what:
      'The preset criteo on generated rows: 13 counts and 26 tokens, Zipf-like, ' +
      `as many different ones as in Kaggle's file; ${files.length} files of ` +
      `${millions(unit)} rows as text with tabs, read from the system's cache where it holds them. ` +
      'A process of its own for each size.',
    rows: [rowOf(title, few, time, unit, note(few)), rowOf(title, many, time, DAYS * unit, note(many)), ...full],
    bars: [
      atMost(`${millions(DAYS * unit)} rows: time / time of ${millions(unit)} rows`, quotient(time, medianOf(few)), 11),
      atMost(`${millions(DAYS * unit)} rows: peak memory, GB`, quotient(many.info['peakMB'], 1000), 3),
    ],
    versions: versionsOf([few]),
  };
}
