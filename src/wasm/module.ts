import type * as tf from '@tensorflow/tfjs-core';
import {memoryOf, WasmBackend, wasmBackend} from '../tfjs_internals';
import {decoded} from './decoded';
import {PRODUCTS_BINARY} from './products_binary';
import {SUMS_BINARY} from './sums_binary';

/** The functions of products.wat and sums.wat, which describe them. */
export interface ProductsModule {
  load(a: number, b: number, c: number, d: number, to: number, n: number): void;
  store(a: number, b: number, c: number, d: number, from: number, n: number): void;
  products(tile: number, runs: number, end: number, bytes: number, left: number, x: number): void;
  pull(tile: number, runs: number, end: number, bytes: number, left: number, dx: number, grad: number, h: number): void;
  moments(x: number, count: number, shift: number, sums: number, squares: number): void;
  weightedSum(x: number, count: number, w: number, y: number): void;
  correlate(x: number, count: number, g: number, sums: number): void;
  gradient(x: number, count: number, w: number, u: number, q: number, r: number): void;
}

/** tfjs's wasm backend with our module on its memory. */
export interface WasmProducts {
  readonly backend: WasmBackend;
  readonly module: ProductsModule;
}

/** Backends that were asked, and what they have. */
const asked = new WeakMap<tf.KernelBackend, WasmProducts | null>();

/** The current backend with our module, or null where it is another one or the runtime has no SIMD. */
export function wasmProducts(): WasmProducts | null {
  const backend = wasmBackend();
  if (backend === null) return null;
  let known = asked.get(backend);
  if (known === undefined) {
    known = instantiate(backend);
    asked.set(backend, known);
  }
  return known;
}

function instantiate(backend: WasmBackend): WasmProducts | null {
  const memory = memoryOf(backend);
  const module = memory === undefined ? null : productsOn(memory);
  return module === null ? null : {backend, module};
}

/** The functions on a memory, shared with threads or not; null where the runtime has no SIMD. */
export function productsOn(memory: WebAssembly.Memory): ProductsModule | null {
  const isShared = (memory.buffer[Symbol.toStringTag] as string) === 'SharedArrayBuffer';
  const modules = [PRODUCTS_BINARY, SUMS_BINARY].map(binary => moduleBytes(binary, isShared));
  if (!modules.every(bytes => WebAssembly.validate(bytes))) return null;
  // At once, since a layer cannot wait: browsers allow that for modules as small as these.
  const instances = modules.map(bytes => new WebAssembly.Instance(new WebAssembly.Module(bytes), {env: {memory}}));
  return Object.assign({}, ...instances.map(({exports}) => exports)) as ProductsModule;
}

/** A module for a memory of its own thread, or for one that threads share. */
export function moduleBytes(
  {plain, shared: {from, to, bytes}}: typeof PRODUCTS_BINARY,
  isShared: boolean,
): BufferSource {
  const code = decoded(plain);
  return isShared ? Uint8Array.of(...code.subarray(0, from), ...decoded(bytes), ...code.subarray(to)) : code;
}

/** Room on the backend's heap for the time of one computation. */
export class Scratch {
  private readonly rooms: number[] = [];

  constructor(private readonly backend: WasmBackend) {}

  /** The address of room for `bytes` bytes, filled with zeros or with the given numbers. */
  take(bytes: number, values?: Int32Array | Float32Array): number {
    const address = this.reserve(bytes);
    const room = this.backend.wasm.HEAPU8.subarray(address, address + bytes);
    if (values === undefined) room.fill(0);
    else room.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return address;
  }

  /** The address of a copy of `bytes` bytes of the heap. A view of them would not outlive the making of the room. */
  copy(from: number, bytes: number): number {
    const address = this.reserve(bytes);
    this.backend.wasm.HEAPU8.copyWithin(address, from, from + bytes);
    return address;
  }

  /** The floats at an address. Valid until the next room is taken, which may move the heap. */
  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.backend.wasm.HEAPU8.buffer, address, count);
  }

  private reserve(bytes: number): number {
    // An int32, which is negative beyond 2 GB.
    const address = this.backend.wasm._malloc(bytes) >>> 0;
    this.rooms.push(address);
    return address;
  }

  free(): void {
    this.rooms.forEach(address => this.backend.wasm._free(address));
  }
}
