/** The kinds of files that the library reads: how one is made, which of its files are damaged, and how it is read. */
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {loadBundle, saveBundle} from '../../src/bundle/node/save_load';
import {Checkpoints} from '../../src/checkpoints';
import {RunFolder} from '../../src/cli/steps/run_folder';
import {loadModel} from '../../src/cli/steps/saved_models';
import {prepare} from '../../src/data/prepare';
import {openEngine} from '../../src/data/sql/duckdb';
import {openShards} from '../../src/data/shards/open_shards';
import {readSelection, writeSelection} from '../../src/export';
import {saveModel, useBackend} from '../../src/runtime';
import type {Schema} from '../../src/schema/schema';
import type {Selection} from '../../src/stages/selection';
import {SeededBatches} from '../../src/training/seeded_batches';
import {modelFor} from '../helpers/bundles';
import {everyRule} from '../helpers/fitted';
import {asTensors, fields as modelFields, gatedModel, plantedRows} from '../helpers/models';

/** What came of reading a folder; a process may have died over it. */
export type Answer = {result: string} | {error: string} | {died: string};

export interface Kind {
  /** Writes sound files into an empty folder. */
  make(folder: string): Promise<void>;
  /** Those that are damaged, in turn. */
  files(folder: string): string[];
  /** Reads all of it; whatever is different has another text. */
  read(folder: string): Promise<string>;
}

const schema: Schema = {
  version: 1,
  label: {column: 'click'},
  weight: {column: 'w'},
  fields: [
    {type: 'categorical', name: 'site', column: 'site'},
    {type: 'numeric', name: 'age', column: 'age', bucketing: 'quantiles', buckets: 4},
  ],
};
const csv = `click,w,site,age\n${Array.from({length: 400}, (_, i) => `${(i * 7) % 3 === 0 ? 1 : 0},${i % 5},s${(i * 31) % 17},${(i * 13) % 90}`).join('\n')}\n`;
const selection: Selection = [
  [0, 1],
  [0, 3],
  [2, 4],
].map((interaction, i) => ({
  fields: interaction.map(f => everyRule().fields[f].name),
  alpha: 0.5 - i / 8,
  rank: i + 1,
  order: 2,
  interaction,
  gate: 0,
}));
const fields = everyRule().fields.map(({name}) => name);

/** Reads a table to the end of the way, to what is written of it. */
async function prepared(source: string): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-corruption-shards-'));
  try {
    const {manifest} = await prepare({source, schema, folder: path.join(folder, 'shards'), progress: false});
    return JSON.stringify(manifest);
  } finally {
    fs.rmSync(folder, {recursive: true, force: true});
  }
}

const weightsOf = async (model: tfl.LayersModel) =>
  JSON.stringify(await Promise.all(model.getWeights().map(async weight => [...(await weight.data())])));

const inBundle = (...names: string[]): Kind => ({
  async make(folder) {
    const fitted = everyRule();
    const model = modelFor(fitted);
    await saveBundle(path.join(folder, 'clicks'), {model, fitted, selection, metadata: {auc: 0.75}});
    model.dispose();
  },
  files: () => names.map(name => `clicks/${name}`),
  async read(folder) {
    const bundle = await loadBundle(path.join(folder, 'clicks'));
    const answer = JSON.stringify([
      [...(await bundle.predict([{site_id: 'a', age: 3}, {genres: ['Drama']}]))],
      bundle.selection,
      bundle.metadata,
      bundle.fitted,
    ]);
    bundle.dispose();
    return answer;
  },
});

const table = (name: string, write: (file: string) => Promise<void> | void): Kind => ({
  make: async folder => {
    await write(path.join(folder, name));
  },
  files: () => [name],
  read: folder => prepared(path.join(folder, name)),
});

const selected = (name: string): Kind => ({
  make: folder => writeSelection(path.join(folder, name), selection, {fields}),
  files: () => [name],
  read: async folder => JSON.stringify(await readSelection(path.join(folder, name), {fields})),
});

/** Formats with a checksum, or whose files the library lists with one. */
export const CHECKED: Readonly<Record<string, Kind>> = {
  'csv.gz': table('table.csv.gz', file => fs.writeFileSync(file, gzipSync(csv))),
  shards: {
    async make(folder) {
      fs.writeFileSync(path.join(folder, 'table.csv'), csv);
      await prepare({
        source: path.join(folder, 'table.csv'),
        schema,
        folder: path.join(folder, 'rows'),
        rowsPerShard: 250,
        progress: false,
      });
    },
    files: () =>
      ['train-00000.arrow', 'train-00001.arrow', 'train-00000.arrow', 'manifest.json', 'schema.json'].map(
        name => `rows/${name}`,
      ),
    async read(folder) {
      const shards = await openShards(path.join(folder, 'rows'));
      const hash = createHash('sha256');
      for await (const {ids, labels, weights} of shards.batches({batchSize: 64}))
        [ids, labels, weights!].forEach(each => hash.update(each));
      return JSON.stringify([
        hash.digest('hex'),
        shards.fields,
        shards.positives,
        shards.counts,
        await shards.fitted(),
      ]);
    },
  },
  'model.json': inBundle('model.json'),
  'weights.bin': inBundle('weights.bin'),
  'bundle.json': inBundle('bundle.json'),
  'schema.json': inBundle('schema.json'),
  'selection.json': inBundle('selection.json'),
  checkpoints: {
    async make(folder) {
      const model = gatedModel({optimizer: tf.train.adam(0.01)});
      const callbacks = [new Checkpoints({folder: path.join(folder, 'training'), everySteps: 2, keep: 1})];
      await model.fitDataset(
        new SeededBatches(asTensors(plantedRows(64, modelFields, [[0, 1]], 37)), {batchSize: 16, seed: 1}),
        {
          epochs: 2,
          verbose: 0,
          callbacks,
        },
      );
      model.dispose();
    },
    files: folder =>
      fs
        .readdirSync(path.join(folder, 'training'), {recursive: true})
        .map(name => path.join('training', String(name)))
        .filter(name => fs.statSync(path.join(folder, name)).isFile())
        .sort(),
    async read(folder) {
      const model = gatedModel({optimizer: tf.train.adam(0.01)});
      const checkpoints = new Checkpoints({folder: path.join(folder, 'training')});
      const position = await checkpoints.resume(model);
      // A damaged one is passed over, with a warning that names it.
      if (checkpoints.warnings.length > 0) throw new Error(checkpoints.warnings.join('\n'));
      const answer = JSON.stringify([position, await weightsOf(model), checkpoints.history]);
      model.dispose();
      return answer;
    },
  },
  'run folder': {
    async make(folder) {
      await new RunFolder(folder, false).stage('select', {rows: 5}, async own => {
        const model = modelFor(everyRule());
        await saveModel(model, `file://${path.join(own, 'model')}`);
        model.dispose();
        return {selection, total: 15};
      });
    },
    files: () => ['select/done.json', 'select/model/model.json', 'select/model/weights.bin'],
    async read(folder) {
      const run = new RunFolder(folder, false);
      const result = await run.result('select', 'select');
      const model = await loadModel(run, 'select');
      const answer = JSON.stringify([
        result,
        await run.done('select'),
        await weightsOf(model),
        model.toJSON(null, false),
      ]);
      model.dispose();
      return answer;
    },
  },
};

/**
 * Formats without a checksum: damage may give other values, but never a hang or an error without the name of the file.
 */
export const UNCHECKED: Readonly<Record<string, Kind>> = {
  csv: table('table.csv', file => fs.writeFileSync(file, csv)),
  parquet: table('table.parquet', async file => {
    const folder = path.dirname(file);
    const engine = await openEngine(folder, {});
    fs.writeFileSync(`${file}.csv`, csv);
    await engine.connection.run(
      `COPY (SELECT * FROM read_csv('${file}.csv', all_varchar = true)) TO '${file}' (FORMAT parquet)`,
    );
    engine.close();
    fs.rmSync(`${file}.csv`);
  }),
  'selection of its own, json': selected('selection.json'),
  'selection of its own, csv': selected('selection.csv'),
  npy: selected('comb_mask.npy'),
};

/** Reads one folder after another for the process that started this one. */
async function serve(): Promise<void> {
  const ready = useBackend('cpu');
  process.on('message', async ({kind, folder}: {kind: string; folder: string}) => {
    await ready;
    const answer: Answer = await {...CHECKED, ...UNCHECKED}[kind].read(folder).then(
      result => ({result}),
      (error: Error) => ({error: error.message}),
    );
    process.send!(answer);
  });
}

if (require.main === module) void serve();
