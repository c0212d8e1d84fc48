import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {atLeast, atMost, quotient} from '../bars';
import {Contestant} from '../contestant';
import * as programs from '../programs';
import type {Section} from '../report';
import {medianOf, rowOf, versionsOf} from '../sections/measured';
import {checkDisk, Context, emptyFolder, millions, runInTurns} from './context';
import {CriteoRows} from './criteo_rows';

const SEED = 6;
const MIN_COUNT = 10;
const BYTES_PER_ROW = 1500;

/**
 * The same rows, in files of their parts, by this library and by FuxiCTR's preprocessing; the vocabularies are
 * compared.
 */
export async function fuxictr({quick, python, folder}: Context): Promise<Section> {
  const title = "FuxiCTR's preprocessing of Criteo";
  const rows = quick ? 200_000 : 2_000_000;
  checkDisk(folder, rows * BYTES_PER_ROW);
  const source = path.join(folder, 'fuxictr-source');
  const generator = new CriteoRows(SEED);
  emptyFolder(source);
  const names = {train: 'train.csv', valid: 'valid.csv', test: 'test.csv'};
  for (const [part, name] of Object.entries(names))
    await generator.write(path.join(source, name), rows * (part === 'train' ? 0.8 : 0.1), 'csv');

  const places = [path.join(folder, 'fuxictr-ours'), path.join(folder, 'fuxictr-theirs')];
  const ours = new Contestant(
    programs.preparing('ours', {
      preset: 'criteo',
      files: Object.values(names).map(name => path.join(source, name)),
      folder: places[0],
      split: {by: 'file', train: [names.train], valid: [names.valid], test: [names.test]},
    }),
  );
  const theirs = new Contestant(
    programs.fuxictr(python, {source, folder: places[1], minCount: MIN_COUNT, blockRows: rows / 20}),
  );
  const turns = [ours, theirs].map((contestant, i) => ({contestant, folder: places[i]}));
  for (const {contestant} of turns) await contestant.ready();
  for (let round = 0; round < (quick ? 1 : 2); round++)
    await runInTurns(round % 2 === 0 ? turns : [...turns].reverse());
  await Promise.all(turns.map(({contestant}) => contestant.stop()));
  const other = otherVocabularies(places[0], places[1]);
  for (const each of [source, ...places]) emptyFolder(each);

  return {
    title,
    what:
      `${millions(rows)} generated rows as CSV in train, valid and test: ` +
      `min count ${MIN_COUNT}, numbers as floor(ln(x)^2); FuxiCTR's ` +
      'configuration of Criteo_x4, in which a number that is missing or 0 is unseen, written in blocks of Parquet; ' +
      'ours as Arrow shards.',
    rows: [ours, theirs].map(contestant =>
      rowOf(
        title,
        contestant,
        medianOf(ours),
        rows,
        contestant === theirs && other !== undefined ? `${39 - other} of 39 fields have the same vocabulary` : '',
      ),
    ),
    bars: [
      atLeast('Criteo: time of FuxiCTR / ours', quotient(medianOf(theirs), medianOf(ours)), 2),
      atMost("Criteo: fields with another vocabulary than FuxiCTR's", other, 0),
    ],
    versions: versionsOf([theirs]),
  };
}

/**
 * Fields whose values with an id differ; FuxiCTR sorts numbers otherwise and gives 0 no id. Undefined when one of both
 * did not end.
 */
function otherVocabularies(ours: string, theirs: string): number | undefined {
  const [schema, vocabulary] = [
    path.join(ours, 'shards', 'schema.json'),
    path.join(theirs, 'criteo', 'feature_vocab.json'),
  ];
  if (!existsSync(schema) || !existsSync(vocabulary)) return undefined;
  const {fields} = JSON.parse(readFileSync(schema, 'utf8')) as {fields: Array<{name: string; values: string[]}>};
  const their = JSON.parse(readFileSync(vocabulary, 'utf8')) as Record<string, Record<string, number>>;
  return fields.filter(({name, values}) => {
    const known = Object.entries(their[name])
      .sort((a, b) => a[1] - b[1])
      .map(([value]) => value)
      .filter(value => !['__PAD__', '__OOV__'].includes(value));
    const [a, b] = name.startsWith('I')
      ? [values.filter(value => value !== '0').sort(), known.sort()]
      : [values, known];
    return a.length !== b.length || a.some((value, i) => value !== b[i]);
  }).length;
}
