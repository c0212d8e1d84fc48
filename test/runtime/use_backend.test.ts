import * as tf from '@tensorflow/tfjs-core';
import {AutofisError} from '../../src/errors';
import {useBackend} from '../../src/runtime/index';

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

  it('rejects a name that is no backend', async () => {
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
});
