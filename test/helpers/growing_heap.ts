import * as tf from '@tensorflow/tfjs-core';
import {useBackend} from 'tfjs-autofis/runtime';
import type {WasmBackend} from '../../src/tfjs_internals';

const MEGABYTE = 2 ** 20;

/** Makes tensors on the cpu backend, with wasm the current one afterwards. */
export async function madeOnCpu<T>(make: () => T): Promise<T> {
  await useBackend('cpu');
  const made = make();
  await useBackend('wasm');
  return made;
}

/**
 * Runs `body` with a wasm heap that grows, which detaches all earlier views of it: with 'moves' before a tensor of
 * another backend moves there, with 'rooms' before memory is taken for anything.
 */
export async function withGrowingHeap<T>(when: 'moves' | 'rooms', body: () => T | Promise<T>): Promise<T> {
  const wasm = (tf.backend() as WasmBackend).wasm as {
    -readonly [K in keyof WasmBackend['wasm']]: WasmBackend['wasm'][K];
  };
  const engine = tf.engine();
  const {moveData} = engine;
  const malloc = wasm._malloc;
  const blocks: number[] = [];
  const growBefore = <A extends unknown[], R>(original: (...args: A) => R) =>
    function (this: unknown, ...args: A): R {
      const before = wasm.HEAPU8.length;
      while (wasm.HEAPU8.length === before) {
        blocks.push(malloc(MEGABYTE));
        if (blocks.at(-1) === 0) throw new Error('the heap of wasm is as large as it gets');
      }
      return original.apply(this, args);
    };
  if (when === 'moves') engine.moveData = growBefore(moveData);
  else wasm._malloc = growBefore(malloc);
  try {
    const result = await body();
    expect(blocks).not.toEqual([]);
    return result;
  } finally {
    engine.moveData = moveData;
    wasm._malloc = malloc;
    blocks.forEach(block => wasm._free(block));
  }
}
