import {cpSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type {FastifyInstance} from 'fastify';
import {loadBundle, saveBundle} from 'tfjs-autofis/bundle';
import {serveBundle} from '../../examples/serve/app';
import {type Engine, engineLoader, type EngineName} from '../../examples/serve/engine';
import {OnnxSession} from '../../examples/serve/onnx_session';
import {Reloader} from '../../examples/serve/reload';
import {Serving} from '../../examples/serve/serving';
import {DEFAULTS} from '../../examples/serve/settings';
import {FolderWatch, folderStamp} from '../../examples/serve/watch';
import {modelFor} from '../helpers/bundles';
import {everyRule} from '../helpers/fitted';
import {drawWeights} from '../export/zoo_cases';
import {emptyFolder} from '../helpers/folders';

const rows = Array.from({length: 64}, (_, i) => ({site_id: ['a', 1005, 'b'][i % 3], age: i, device: `d${i % 10}`}));
const fitted = everyRule();
const folder = emptyFolder();
let place: string;
/** What each bundle says of the rows, by its hash. */
let expected: Map<string, Float32Array>;
let log: string[];
let app: FastifyInstance;
let serving: Serving;
let reloader: Reloader;
let url: string;

/** Puts a bundle with other weights, and other probabilities, in the place of the old one. */
async function replaceBundle(seed: number): Promise<string> {
  const model = modelFor(fitted);
  drawWeights(model, seed);
  await saveBundle(place, {model, fitted});
  model.dispose();
  const bundle = await loadBundle(place);
  expected.set(bundle.hash, await bundle.predict(rows));
  bundle.dispose();
  return bundle.hash;
}

async function start(name: EngineName): Promise<void> {
  const load = engineLoader(place, name);
  serving = new Serving(await load(), DEFAULTS);
  app = serveBundle(serving, DEFAULTS);
  const say = (level: string) => (text: string) => void log.push(`${level} ${text}`);
  reloader = new Reloader({load, serving, log: {info: say('info'), error: say('error')}});
  url = await app.listen({port: 0});
}

beforeEach(async () => {
  place = path.join(folder, 'bundle');
  expected = new Map();
  log = [];
  await replaceBundle(1);
});
afterEach(async () => {
  await app.close();
  jest.restoreAllMocks();
});

/** Asks for the probability of one row, and checks that it is that of the bundle which the answer names. */
async function ask(i: number): Promise<string> {
  const response = await fetch(`${url}/predict`, {
    method: 'POST',
    body: JSON.stringify({rows: [rows[i]]}),
    headers: {'content-type': 'application/json'},
  });
  const {probabilities} = (await response.json()) as {probabilities: number[]};
  expect(response.status).toBe(200);
  const hash = response.headers.get('x-bundle')!;
  expect(Math.abs(probabilities[0] - expected.get(hash)![i])).toBeLessThan(1e-6);
  return hash;
}

test.each<EngineName>(['onnx', 'cpu'])(
  'three reloads under parallel requests lose none and mix none, with %s',
  async name => {
    const release = jest.spyOn(OnnxSession.prototype, 'release');
    await start(name);
    const tensors = tf.memory().numTensors;
    const hashes = [...expected.keys()];
    let isOver = false;
    const answered: string[] = [];
    const clients = Array.from({length: 8}, async (_, client) => {
      for (let i = client; !isOver; i = (i + 8) % rows.length) answered.push(await ask(i));
    });
    for (const seed of [2, 3, 4]) {
      hashes.push(await replaceBundle(seed));
      await reloader.reload('test');
      const before = answered.length;
      while (answered.length < before + 24) await new Promise(setImmediate);
      expect(new Set(answered.slice(-8))).toEqual(new Set(hashes.slice(-1)));
    }
    isOver = true;
    await Promise.all(clients);
    expect(new Set(answered)).toEqual(new Set(hashes));
    expect(log).toEqual(hashes.slice(1).map(hash => expect.stringContaining(`info test: the bundle ${hash} computes`)));
    expect(tf.memory().numTensors).toBe(tensors);
    await app.close();
    expect(release).toHaveBeenCalledTimes(name === 'onnx' ? 4 : 0);
  },
);

test('64 parallel requests are answered with their own rows', async () => {
  await start('onnx');
  const [hash] = expected.keys();
  expect(new Set(await Promise.all(rows.map((_, i) => ask(i))))).toEqual(new Set([hash]));
});

test('what is under way ends with the old model, which is closed after it', async () => {
  await start('cpu');
  const [old] = expected.keys();
  const {bundle} = serving.engine;
  let go = () => {};
  const {predictIds} = bundle;
  const begun = new Promise<void>(begin => {
    bundle.predictIds = async ids => {
      begin();
      await new Promise<void>(resolve => {
        go = resolve;
      });
      return predictIds.call(bundle, ids);
    };
  });
  const dispose = jest.spyOn(bundle, 'dispose');
  const first = ask(0);
  await begun;
  const hash = await replaceBundle(2);
  const reloaded = reloader.reload('test');
  while (serving.engine.bundle === bundle) await new Promise(setImmediate);
  expect(await ask(1)).toBe(hash);
  expect(dispose).not.toHaveBeenCalled();
  go();
  expect(await first).toBe(old);
  await reloaded;
  expect(dispose).toHaveBeenCalledTimes(1);
});

test('a broken bundle changes nothing but the log and the metrics, and the next whole one answers', async () => {
  await start('onnx');
  const [old] = expected.keys();
  writeFileSync(path.join(place, 'weights.bin'), 'broken');
  await reloader.reload('SIGHUP');
  expect(log).toEqual([
    expect.stringMatching(
      new RegExp(
        `^error SIGHUP: the bundle cannot be loaded, ${old} keeps serving: loadBundle: .*: weights.bin has 6 bytes `,
      ),
    ),
  ]);
  expect(await ask(0)).toBe(old);
  expect(((await (await fetch(`${url}/health`)).json()) as {bundle: string}).bundle).toBe(old);
  const hash = await replaceBundle(2);
  await reloader.reload('SIGHUP');
  expect(await ask(0)).toBe(hash);
  expect(((await (await fetch(`${url}/health`)).json()) as {bundle: string}).bundle).toBe(hash);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain('autofis_reloads_total{outcome="failed"} 1\n');
  expect(metrics).toContain('autofis_reloads_total{outcome="done"} 1\n');
});

test('asked during a load, it loads once more after it', async () => {
  await start('cpu');
  const {engine} = serving;
  let loads = 0;
  const load = async (): Promise<Engine> => {
    loads++;
    await new Promise(setImmediate);
    return {...engine, close: async () => {}};
  };
  reloader = new Reloader({load, serving, log: {info: () => {}, error: () => {}}});
  await Promise.all(['a', 'b', 'c'].map(why => reloader.reload(why)));
  expect(loads).toBe(2);
  await reloader.reload('d');
  expect(loads).toBe(3);
});

test('a model that is loaded when the server has closed is closed, too', async () => {
  await start('cpu');
  await app.close();
  const close = jest.fn(async () => {});
  await serving.replace({...serving.engine, close});
  expect(close).toHaveBeenCalledTimes(1);
});

describe('the watch of a folder', () => {
  beforeEach(() => start('cpu'));

  test('sees a new bundle once it stays as it is, and once only', async () => {
    const watch = new FolderWatch(place, await folderStamp(place));
    expect([await watch.look(), await watch.look()]).toEqual([false, false]);
    await replaceBundle(2);
    expect([await watch.look(), await watch.look(), await watch.look()]).toEqual([false, true, false]);
  });

  test('counts the looks at a folder that cannot be read, and logs the first', async () => {
    const watch = new FolderWatch(place, await folderStamp(place));
    rmSync(place, {recursive: true});
    writeFileSync(place, 'no folder');
    const {hash} = serving.engine.bundle;
    const end = await new Promise<() => void>(resolve => {
      let looks = 0;
      const stop = watch.every(0.001, jest.fn(), (message, isNew) => {
        reloader.unreadable(message, isNew);
        if (++looks === 3) resolve(stop);
      });
    });
    end();
    expect(log).toEqual([
      expect.stringMatching(`^error the bundle's folder cannot be read, ${hash} keeps serving: ENOTDIR`),
    ]);
    expect(serving.metrics.text()).toMatch(/autofis_reloads_total\{outcome="unreadable"\} [3-9]\n/);
  });

  test('waits for files that are being copied, and passes over a folder that is not there', async () => {
    const watch = new FolderWatch(place, await folderStamp(place));
    const away = path.join(folder, 'away');
    await replaceBundle(2);
    cpSync(place, away, {recursive: true});
    rmSync(place, {recursive: true});
    expect([await watch.look(), await watch.look()]).toEqual([false, false]);
    for (const name of ['bundle.json', 'model.json', 'schema.json', 'weights.bin']) {
      cpSync(path.join(away, name), path.join(place, name));
      expect(await watch.look()).toBe(false);
    }
    expect(await watch.look()).toBe(true);
  });
});
