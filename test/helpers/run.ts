import {
  EpochMetrics,
  evaluateModel,
  recordRun,
  retrainModel,
  RunRecord,
  SearchStage,
  SeededBatches,
  StageRecorder,
} from 'tfjs-autofis';
import {asTensors, fields, gatedModel, plantedRows, Rows} from './models';
import {IdRows} from '../../src/record/id_rows';

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

/** A short search and retrain on planted rows, recorded; order 3 adds a gate on triples. */
export async function smallRun({
  order = 2,
  batchSize = 100,
}: {order?: 2 | 3; batchSize?: number} = {}): Promise<RunRecord> {
  const [train, validation, test] = [parts.train, parts.validation, parts.test].map(asTensors);
  const model = gatedModel({order});
  const metrics = () => new EpochMetrics({data: validation});
  const search = new SearchStage({recipe: 'paper', c: 0.12, learningRate: 0.3});
  const recorder = new StageRecorder();
  await model.fitDataset(new SeededBatches(train, {batchSize, seed: 1}) as never, {
    epochs: 15,
    verbose: 0,
    callbacks: [search, metrics(), recorder],
  });
  const slim = retrainModel(model, search.selection, {seed: 3});
  const again = new StageRecorder();
  await slim.fitDataset(new SeededBatches(train, {batchSize, seed: 2}) as never, {
    epochs: 4,
    verbose: 0,
    callbacks: [metrics(), again],
  });
  const total = recorder.record.alpha!.closedAt[0].length;
  const models = [
    await evaluateModel({
      name: 'search',
      role: 'before',
      model,
      rows: test,
      interactions: {open: total, total},
      chosen: slim,
    }),
    await evaluateModel({
      name: 'slim',
      role: 'after',
      model: slim,
      rows: test,
      interactions: {open: search.selection.length, total},
    }),
  ];
  const run = recordRun({
    title: 'Planted <pairs> & "rows"',
    positive: 'a planted row',
    fields,
    train: flat(parts.train),
    test: flat(parts.test),
    validation: flat(parts.validation),
    source: 'a seeded generator',
    selectedBy: {
      type: 'search',
      search: recorder.record,
      selection: search.selection,
      constants: search.constants,
      retrain: again.record,
    },
    warnings: search.warnings,
    models,
    settings: {epochs: 15, batchSize},
    seed: 1,
    backend: 'test',
    versions: {'tfjs-core': '4.22.0'},
    command: 'npm test',
    created: new Date(0),
    valueNames: [['ann', 'bob', 'cyd', 'dan', 'eve', 'fay']],
  });
  [model, slim].forEach(each => each.dispose());
  [train, validation, test].forEach(rows => rows.dispose());
  return run;
}

/** The search of a run that was made by one. */
export function searchOf({selectedBy}: RunRecord) {
  if (selectedBy.type !== 'search') throw new Error('The run was not made by a search.');
  return selectedBy;
}

/** The decision of a run that was made by one. */
export function decisionOf({selectedBy}: RunRecord) {
  if (selectedBy.type !== 'components') throw new Error('The run was not made by a decision.');
  return selectedBy.decision;
}
