import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {driftReport, predictBatches} from 'tfjs-autofis';
import {loadBundle, saveBundle} from 'tfjs-autofis/bundle';
import {openShards, prepare} from 'tfjs-autofis/data';
import {autoFm} from 'tfjs-autofis/models';
import type {FieldRule} from '../../src/schema/schema';
import {emptyFolder} from '../helpers/folders';
import {generator} from '../helpers/random';

const folder = emptyFolder();

const fields: FieldRule[] = [
  {type: 'categorical', name: 'site', column: 'site', minCount: 3},
  {type: 'numeric', name: 'age', column: 'age', bucketing: 'quantiles', buckets: 6},
  {type: 'multiValued', name: 'genres', column: 'genres', separator: '|', width: 2},
];

/** Rows whose last third has other sites than the rest. */
function rawRows(): Array<Record<string, string>> {
  const next = generator(1);
  return Array.from({length: 600}, (_, i) => ({
    click: String(Math.floor(next() * 2)),
    part: i < 400 ? 'train' : 'test',
    site: `s${Math.floor(next() * 20) + (i < 400 ? 0 : 10)}`,
    age: next() < 0.2 ? '' : String(Math.floor(next() * 80)),
    genres: ['Drama', 'Comedy', 'War'].filter(() => next() < 0.5).join('|'),
  }));
}

test('from a file to a model that predicts on raw rows, and the drift of the test rows', async () => {
  const rows = rawRows();
  const file = path.join(folder, 'rows.csv');
  const shards = path.join(folder, 'shards');
  const place = path.join(folder, 'bundle');
  writeFileSync(file, `${Object.keys(rows[0]).join()}\n${rows.map(row => Object.values(row).join()).join('\n')}\n`);
  await prepare({
    source: file,
    folder: shards,
    schema: {version: 1, label: {column: 'click'}, fields},
    progress: false,
    split: {by: 'column', column: 'part', train: ['train'], test: ['test']},
  });

  const train = await openShards(shards);
  const held = await openShards(shards, {part: 'test'});
  const fitted = (await train.fitted())!;
  const model = autoFm({fields: train.fields, embeddingDim: 4, seed: 1});
  await model.fitDataset(train.dataset({batchSize: 50, seed: 1}), {
    epochs: 2,
    verbose: 0,
    validationData: held.dataset({batchSize: 100}),
  });
  await saveBundle(place, {model, fitted});

  const bundle = await loadBundle(place);
  const testRows = rows.filter(({part}) => part === 'test');
  const fromIds: number[] = [];
  for await (const batch of predictBatches(model, held.batches({batchSize: 64}))) fromIds.push(...batch);
  const fromRows = await bundle.predict(testRows, {batchSize: 64});
  expect([...fromRows]).toEqual(fromIds);
  expect(new Set(fromIds).size).toBeGreaterThan(50);
  expect(bundle.schemaHash).toBe(train.schemaHash);

  const drift = driftReport(fitted, held.rows, held.counts);
  expect(bundle.drift(testRows)).toEqual(drift);
  expect(drift.fields[0].name).toBe('site');
  expect(drift.fields[0].now.unseen).toBeGreaterThan(0.4);
  expect(drift.fields[0].training.unseen).toBeLessThan(0.05);
});
