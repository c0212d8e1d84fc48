import {createHash} from 'node:crypto';
import {createServer, Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {fieldSpecs, fitCrosses} from 'tfjs-autofis';
import {deepFm, ffm, fm, lr} from 'tfjs-autofis/models';
import {loadBundle, saveBundle} from 'tfjs-autofis/bundle';
import {loadBundle as loadInBrowser, saveBundle as saveInBrowser} from '../../src/bundle';
import type {BundleInfo} from '../../src/bundle/bundle_files';
import {RowEncoder} from '../../src/schema/row_encoder';
import {schemaHash} from '../../src/schema/vocabulary';
import {MemoryStore, modelFor} from '../helpers/bundles';
import {everyRule, everyRuleRows, fittedSchema} from '../helpers/fitted';

const fitted = everyRule();
const rows = everyRuleRows(50);
const selection = [
  {fields: ['site', 'age'], alpha: 0.5, rank: 1, order: 2 as const, interaction: [0, 1] as [number, number], gate: 0},
];
let model: tfl.LayersModel;
let store: MemoryStore;
beforeEach(async () => {
  model = modelFor(fitted);
  store = new MemoryStore();
  await saveBundle(store, {model, fitted, selection, metadata: {auc: 0.8}});
});

/** What the model itself says of the rows. */
function expected(): number[] {
  const encoder = new RowEncoder(fitted);
  const ids = tf.tensor2d(encoder.encode(rows).ids, [rows.length, encoder.columns], 'int32');
  return [...(model.predict(ids) as tf.Tensor).dataSync()];
}

test('a bundle predicts on raw rows what the model says of their ids', async () => {
  const bundle = await loadBundle(store);
  expect(bundle).toMatchObject({fitted, selection, metadata: {auc: 0.8}, schemaHash: schemaHash(fitted)});
  const probabilities = await bundle.predict(rows);
  expect(probabilities).toBeInstanceOf(Float32Array);
  expect([...probabilities]).toEqual(expected());
  expect(new Set(probabilities).size).toBeGreaterThan(20);
  (await bundle.predict(rows, {batchSize: 7})).forEach((p, i) => expect(p).toBeCloseTo(probabilities[i], 6));
  expect((await bundle.predict([])).length).toBe(0);
});

test('has the hash of its list of files, which another bundle does not have', async () => {
  const {hash} = await loadBundle(store);
  expect(hash).toBe(createHash('sha256').update(store.files.get('bundle.json')!).digest('hex'));
  await saveBundle(store, {model, fitted, selection, metadata: {auc: 0.8}});
  expect((await loadBundle(store)).hash).toBe(hash);
  model.setWeights(model.getWeights().map(weight => tf.add(weight, weight)));
  await saveBundle(store, {model, fitted, selection, metadata: {auc: 0.8}});
  expect((await loadBundle(store)).hash).not.toBe(hash);
});

test('ids that its encoder made give the same', async () => {
  const bundle = await loadBundle(store);
  const {ids} = bundle.encoder.encode(rows);
  expect([...(await bundle.predictIds(ids))]).toEqual(expected());
  expect(await bundle.predictIds(ids.subarray(0, 0))).toEqual(new Float32Array(0));
  await expect(bundle.predictIds(ids.subarray(0, 9))).rejects.toThrow(
    'Bundle.predictIds: `ids` must be an Int32Array with 8 ids per row. Received: 9. ' +
      'Use the result of `encoder.encode(rows)`.',
  );
  await expect(bundle.predictIds([1] as never)).rejects.toThrow('`ids` must be an Int32Array');
});

test('its files are those of the standard format beside bundle.json', async () => {
  const files = [...store.files.keys()].sort().join(' ');
  expect(files).toBe('bundle.json model.json schema.json selection.json weights.bin');
  const text = (name: string) => JSON.parse(new TextDecoder().decode(store.files.get(name))) as Record<string, unknown>;
  const info = {format: 'tfjs-autofis-bundle', version: 1, schemaHash: schemaHash(fitted), metadata: {auc: 0.8}};
  expect(text('bundle.json')).toMatchObject(info);
  expect(text('schema.json')).toEqual(fitted);
  expect(text('model.json')).toMatchObject({format: 'layers-model', weightsManifest: [{paths: ['weights.bin']}]});
  await saveBundle(store, {model, fitted});
  expect(store.files.has('selection.json')).toBe(false);
  expect((await loadBundle(store)).selection).toBeNull();
});

const specs = fieldSpecs(fitted);
const {ids} = new RowEncoder(fitted).encode(rows);
const [pairs, mixed] = [
  ['0,1', '3,5'],
  ['0,3', '1,2,4'],
].map(all => all.map(each => each.split(',').map(Number)));
const crosses = fitCrosses({ids, fields: specs, interactions: mixed});
test.each([
  ['gates', () => modelFor(fitted)],
  ['logistic regression', () => lr({fields: specs})],
  ['products, tables and cells', () => ffm({fields: specs, interactions: pairs, crosses})],
  ['a factorisation machine of some fields', () => fm({fields: specs, interactions: [[1, 4]]})],
])('shares of a model of %s add up to its logits, and leave no tensor behind', async (_, make) => {
  const summed = make();
  summed.setWeights(summed.getWeights().map(w => (w.dtype === 'int32' ? w : tf.randomUniform(w.shape, 0.1, 1))));
  await saveBundle(store, {model: summed, fitted});
  const before = tf.memory().numTensors;
  const bundle = await loadBundle(store);
  const probabilities = await bundle.predict(rows);
  const all = await bundle.explain(rows, {batchSize: 7});
  const some = await bundle.explain(rows, {most: 2});
  const many = Array.from({length: 10_001}, (_, i) => rows[i % rows.length]);
  const last = (await bundle.explainIds(bundle.encoder.encode(many).ids, many)).at(-1)!;
  expect(last.shares).toEqual(
    all[10_000 % rows.length].shares.map(each => ({...each, share: expect.closeTo(each.share, 5)})),
  );
  all.forEach(({probability, logit, intercept, shares, others}, i) => {
    const sum = (list: typeof shares, start: number) => list.reduce((total, {share}) => total + share, start);
    expect([probability, others]).toEqual([expect.closeTo(probabilities[i], 6), 0]);
    const size = shares.reduce((total, {share}) => total + Math.abs(share), 1);
    expect(Math.abs(sum(shares, intercept) - logit)).toBeLessThan(1e-6 * size);
    expect(some[i].shares).toEqual(shares.slice(0, 2));
    expect(sum(some[i].shares, intercept + some[i].others)).toBeCloseTo(logit, 5);
  });
  const words = (i: number) => all[i].shares.map(share => share.words).join('\n');
  expect(words(1)).toMatch(/\bsite 1005\b.*: \+\d\.\d\d$/m);
  expect([words(2), words(3)].join()).toMatch(/site b \(rare or new\)[^]*site missing/);
  bundle.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('a model with hidden layers has no shares, and the error says so, without rows, too', async () => {
  await saveBundle(store, {model: deepFm({fields: specs}), fitted});
  await expect((await loadBundle(store)).explain([])).rejects.toThrow(
    'Bundle.explain: the model has no shares of fields and interactions: its layer mlp_output (Dense) mixes fields.',
  );
});

test('rows that do not fit are named by row, column and value', async () => {
  const bundle = await loadBundle(store);
  await expect(bundle.predict([...rows.slice(0, 3), {age: 'old'}, {count: '1,5'}])).rejects.toThrow(
    'Bundle.predict: row 3, column "age": "old" is not a number. 1 more of the 5 rows\' values are invalid. ' +
      'Omit a value that is unknown.',
  );
  await expect(bundle.predict([{time: 'noon'}])).rejects.toThrow(
    'row 0, column "time" (field "hour"): "noon" is not a date or time in the format of the schema. Omit',
  );
  await expect(bundle.predict([{age: 31, other: 1}, {}, {Age: 31n}])).rejects.toThrow(
    'Bundle.predict: row 2 has no column of the model. Received: ["Age"]. ' +
      'The columns are "site_id", "age", "count", "genres", "time", "device".',
  );
  await expect(bundle.predict({} as never)).rejects.toThrow('`rows` must be a list of objects');
  await expect(bundle.predict(rows, {batchSize: 0})).rejects.toThrow('`batchSize` must be an integer >= 1');
});

test('drift of rows', async () => {
  const {rows: count, fields} = (await loadBundle(store)).drift(rows);
  expect(count).toBe(50);
  const [training, now] = [0, 12 / 50].map(share => ({missing: share, unseen: share}));
  expect(fields.find(({name}) => name === 'site')).toEqual({name: 'site', training, now, change: 12 / 50});
});

describe('damage', () => {
  const change = (name: string, edit: (bytes: Uint8Array) => Uint8Array) =>
    store.files.set(name, edit(store.files.get(name)!));

  test.each(['model.json', 'weights.bin', 'schema.json', 'selection.json'])('of %s is found', async name => {
    change(name, bytes => bytes.map((byte, i) => (i === 20 ? byte ^ 1 : byte)));
    await expect(loadBundle(store)).rejects.toThrow(`loadBundle: memory: ${name} has changed since it was saved`);
    change(name, bytes => bytes.slice(0, 20));
    await expect(loadBundle(store)).rejects.toThrow(`loadBundle: memory: ${name} has 20 bytes instead of`);
    store.files.delete(name);
    await expect(loadBundle(store)).rejects.toThrow(
      `loadBundle: memory: ${name} is missing. Save or copy the whole bundle again.`,
    );
  });

  test('a graph that does not resolve is an error, and no endless loop', async () => {
    const {sha256: _, ...info} = JSON.parse(new TextDecoder().decode(store.files.get('bundle.json'))) as BundleInfo & {
      sha256: string;
    };
    const json = new TextDecoder()
      .decode(store.files.get('model.json'))
      .replace(/"inbound_nodes":\[\[\["\w+"/, '"inbound_nodes":[[["nobody"');
    const bytes = new TextEncoder().encode(json);
    const files = info.files.map(file =>
      file.name === 'model.json'
        ? {name: file.name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex')}
        : file,
    );
    store.files.set('model.json', bytes);
    store.files.set('bundle.json', new TextEncoder().encode(JSON.stringify({...info, files})));
    await expect(loadBundle(store)).rejects.toThrow(
      /^loadBundle: memory: model\.json: the model's graph is invalid: the layer "\w+" reads "nobody", /,
    );
  });

  test('of bundle.json', async () => {
    const {sha256, ...info} = JSON.parse(new TextDecoder().decode(store.files.get('bundle.json'))) as Record<
      string,
      unknown
    >;
    const expectError = (value: object, message: string) => {
      store.files.set('bundle.json', new TextEncoder().encode(JSON.stringify(value)));
      return expect(loadBundle(store)).rejects.toThrow(message);
    };
    const another = 'Another version of tfjs-autofis wrote it.';
    await expectError({...info, metadata: {auc: 1}, sha256}, 'json is damaged: its content does not match its SHA-256');
    await expectError({...info, sha257: sha256}, 'memory: bundle.json: `sha257` must not be given');
    await expectError({...info, version: 2}, `\`version\` must be 1. Received: 2. ${another}`);
    await expectError({...info, format: 'x'}, '`format` must be "tfjs-autofis-bundle". Received: "x"');
    await expectError({...info, schemaHash: 'x'}, 'but the bundle was saved with "x"');
    await expectError({...info, files: []}, 'memory is a bundle without schema.json');
    change('bundle.json', bytes => bytes.slice(0, 20));
    await expect(loadBundle(store)).rejects.toThrow('memory: bundle.json is not JSON');
    store.files.delete('bundle.json');
    await expect(loadBundle(store)).rejects.toThrow('memory has no bundle.json, so it is not a bundle');
  });
});

describe('what does not belong together is not saved', () => {
  const other = fittedSchema([
    {rule: {type: 'categorical', name: 'a', column: 'a'}, values: ['x']},
    {rule: {type: 'categorical', name: 'b', column: 'b'}, values: ['x']},
  ]);
  const larger = everyRule();
  larger.fields[0].values!.push('new');
  larger.fields[0].size++;

  test.each([
    [
      () => ({model, fitted: other}),
      "must have one input [batch, 2], the ids of the schema's 2 fields. Received: [batch,8]",
    ],
    [
      () => ({model, fitted: larger}),
      'has the field {"name":"site","size":5} where the schema has {"name":"site","size":6}',
    ],
    [
      () => ({model: tfl.model({inputs: model.inputs, outputs: model.layers[1].output}), fitted}),
      'must have one output [batch, 1]',
    ],
    [
      () => ({model, fitted, selection: [{...selection[0], fields: ['site', 'x']}]}),
      "`selection` must be a `search.selection` of the schema's fields",
    ],
    [() => ({model, fitted, metadata: null as never}), '`metadata` must be an object'],
    [() => ({model, fitted: {} as never}), '`fitted` must be a fitted schema'],
    [() => ({model: {} as never, fitted}), '`model` must be a tf.LayersModel'],
    [() => ({model, fitted, name: 'x'}) as never, '`name` must not be given'],
  ])('%#', async (parts, message) => {
    await expect(saveBundle(store, parts())).rejects.toThrow(message);
  });
});

describe('over http', () => {
  let server: Server;
  let url: string;
  beforeEach(async () => {
    server = createServer((request, response) => {
      const bytes = store.files.get(request.url!.replace('/clicks/', ''));
      const found = bytes === undefined ? 404 : 200;
      response.statusCode = request.url!.startsWith('/broken') ? 500 : found;
      response.end(bytes);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise(resolve => server.close(resolve)));

  test.each([
    ['Node', loadBundle],
    ['a browser', loadInBrowser],
  ])('it loads as in %s', async (_, load) => {
    expect([...(await (await load(`${url}/clicks`)).predict(rows))]).toEqual(expected());
    await expect(load(`${url}/none/`)).rejects.toThrow(`loadBundle: ${url}/none/ has no bundle.json`);
    await expect(load(`${url}/broken`)).rejects.toThrow('/broken/bundle.json answers 500');
  });

  test('it cannot be saved there', async () => {
    await expect(saveInBrowser(url, {model, fitted})).rejects.toThrow(
      `saveBundle: ${url}/ is read-only. Give a folder or a store`,
    );
    await expect(loadInBrowser('no url')).rejects.toThrow('`location` must be a URL of a folder. Received: "no url"');
    await expect(loadBundle(5 as never)).rejects.toThrow('`location` must be a URL, a folder (in Node only) or');
  });
});
