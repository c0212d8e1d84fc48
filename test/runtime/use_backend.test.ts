import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {AutofisError} from '../../src/errors';
import {backendWithKernels} from '../../src/native/kernel_ops';
import {useBackend} from '../../src/runtime/index';
import {findsNoGpu} from '../../src/runtime/native_backend';
import {emptyFolder} from '../helpers/folders';

describe('useBackend', () => {
  let warn: jest.SpyInstance;
  let log: jest.SpyInstance;

  beforeEach(() => {
    warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  });

  afterEach(() => {
    expect(warn).not.toHaveBeenCalled();
    expect(log).not.toHaveBeenCalled();
    jest.restoreAllMocks();
  });

  it('rejects a name that is not a backend', async () => {
    await expect(useBackend('webgl')).rejects.toThrow(
      new AutofisError(
        'useBackend: `name` must be one of tfjs-node-gpu, tfjs-node, wasm, cpu in Node. Received: "webgl".',
      ),
    );
  });

  it('takes the backend asked for, and says so', async () => {
    const choice = await useBackend('cpu');
    expect(choice).toEqual({
      backend: 'cpu',
      gpu: false,
      tried: [],
      reason: 'plain JavaScript (cpu), by far the slowest; as asked for.',
    });
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.tidy(() => tf.sum(tf.tensor1d([1, 2])).dataSync()[0])).toBe(3);
  });

  it('gives the same answer twice and switches on another name', async () => {
    const wasm = await useBackend('wasm');
    expect(tf.getBackend()).toBe('wasm');
    await useBackend('cpu');
    expect(tf.getBackend()).toBe('cpu');
    expect(await useBackend('wasm')).toBe(wasm);
    expect(tf.getBackend()).toBe('wasm');
  });

  it('leaves no listener for uncaught errors behind', async () => {
    await useBackend('wasm');
    const sources = process.listeners('uncaughtException').map(String);
    expect(sources.filter(source => source.includes('ExitStatus'))).toEqual([]);
  });

  it('takes the fastest there is without a name, and says why none that is faster', async () => {
    const choice = await useBackend();
    expect(['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu']).toContain(choice.backend);
    expect(choice.tried.every(({reason}) => reason.length > 0 && !reason.includes('\n'))).toBe(true);
    for (const {backend, reason} of choice.tried) expect(choice.reason).toContain(`${backend} (${reason})`);
    expect(tf.tidy(() => tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync()[0])).toBe(3);
  });

  it('says what is missing when the backend asked for is not there', async () => {
    const choice = await useBackend();
    if (choice.backend === 'tfjs-node-gpu') return;
    await expect(useBackend('tfjs-node-gpu')).rejects.toThrow(
      /^useBackend: the backend is not available\. tfjs-node-gpu: /,
    );
  });

  it('leaves the ops of this library alone where it is asked to', async () => {
    const {backend} = await useBackend();
    if (backend !== 'tfjs-node') return;
    expect(backendWithKernels()).not.toBeNull();
    await useBackend(undefined, {ownOps: false});
    expect(backendWithKernels()).toBeNull();
    await useBackend();
    expect(backendWithKernels()).toBeNull();
    await useBackend(undefined, {ownOps: true});
    expect(backendWithKernels()).not.toBeNull();
  });

  it('rejects options that it does not know', async () => {
    await expect(useBackend(undefined, {ownOps: 0} as never)).rejects.toThrow(
      'useBackend: `ownOps` must be true or false. Received: 0.',
    );
    await expect(useBackend(undefined, {own: true} as never)).rejects.toThrow(/`own`/);
  });
});

describe('findsNoGpu', () => {
  const folder = emptyFolder();

  function install(code: string): void {
    const home = path.join(folder, 'node_modules/a-native-package');
    mkdirSync(home, {recursive: true});
    writeFileSync(path.join(home, 'package.json'), '{"name": "a-native-package", "main": "index.js"}');
    writeFileSync(path.join(home, 'index.js'), code);
  }

  it.each([
    ['true of a package that fell back to the CPU', 'exports.backend = () => ({isUsingGpuDevice: false});', true],
    ['false of one on a GPU', 'exports.backend = () => ({isUsingGpuDevice: true});', false],
    ['false of one that does not load, which loading will explain', 'throw new Error("no addon");', false],
  ])('is %s', async (_, code, answer) => {
    install(code);
    expect(await findsNoGpu('a-native-package', folder)).toBe(answer);
  });
});
