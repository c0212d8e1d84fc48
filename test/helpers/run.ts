import {autoSelect, evaluateSelection, recordRun, RecordRunArgs, RunRecord} from 'tfjs-autofis';
import type {IdRows} from '../../src/record/id_rows';
import {asTensors, fields, plantedRows, Rows} from './models';

const all = plantedRows(
  1500,
  fields,
  [
    [0, 1],
    [1, 2],
  ],
  5,
);
const cut = (from: number, to: number): Rows => ({ids: all.ids.slice(from, to), labels: all.labels.slice(from, to)});
export const parts = {train: cut(0, 1000), validation: cut(1000, 1200), test: cut(1200, 1500)};

/** Rows as flat ids. */
export const flat = ({ids, labels}: Rows): IdRows => ({ids: ids.flat(), labels});

/** Select interactions of planted rows, and record it. The model of the selection is the caller's to dispose. */
export async function smallRun(): Promise<{run: RunRecord; selected: RecordRunArgs['selected']}> {
  const [train, validation, test] = [parts.train, parts.validation, parts.test].map(asTensors);
  const found = await autoSelect({fields, train, validation, test, effort: 'quick'});
  const run = await recordRun({
    title: 'Planted <pairs> & "rows"',
    positive: 'a planted row',
    fields,
    train: flat(parts.train),
    test: flat(parts.test),
    validation: flat(parts.validation),
    source: 'a seeded generator',
    selected: found,
    models: await evaluateSelection(found, test),
    settings: {effort: 'quick'},
    seed: 1,
    backend: 'test',
    versions: {'tfjs-core': '4.22.0'},
    command: 'npm test',
    created: new Date(0),
    valueNames: [['ann', 'bob', 'cyd', 'dan', 'eve', 'fay']],
  });
  [...found.rivals.map(rival => rival.model), train, validation, test].forEach(each => each.dispose());
  const {selection, decision, copied, warnings, model} = found;
  return {run, selected: {selection, decision, copied, warnings, model}};
}
