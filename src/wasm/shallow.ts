import {SHALLOW_BINARY} from './shallow_binary';

/** The functions of shallow.wat, which describes them. */
export interface ShallowModule {
  adam(
    w: number,
    end: number,
    delta: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    rate: number,
    epsilon: number,
    decay: number,
  ): number;
  find(slots: number, end: number, ids: number, at: number): void;
  products(pairs: number, end: number, width: number): number;
  gradient(pairs: number, end: number, width: number, delta: number, residual: number, share: number): void;
  addTo(a: number, b: number, width: number, share: number): void;
  penalty(at: number, end: number, width: number, delta: number, share: number): void;
}

// Marked as a call without effects, so that bundlers drop the module where nothing trains in loops.
const bytes = /* @__PURE__ */ decoded();

function decoded(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(SHALLOW_BINARY.plain), character => character.charCodeAt(0));
}

/** Whether the runtime has the vector instructions that the module needs. */
export const hasShallowModule = (): boolean => typeof WebAssembly === 'object' && WebAssembly.validate(bytes);

const PAGE = 65536;

/** The module on a new memory of `size` bytes, all 0. */
export function shallowModule(size: number): {module: ShallowModule; buffer: ArrayBuffer} {
  const memory = new WebAssembly.Memory({initial: Math.max(1, Math.ceil(size / PAGE))});
  const {exports} = new WebAssembly.Instance(new WebAssembly.Module(bytes), {env: {memory}});
  return {module: exports as unknown as ShallowModule, buffer: memory.buffer};
}
