import {compiles} from './compiles';
import {decoded} from './decoded';
import {PAGE} from './memory';
import {SHALLOW_BINARY} from './shallow_binary';
import {TABLE_STEP_BINARY} from './table_step_binary';

/** The functions of shallow.wat and table_step.wat, which describe them. */
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
  steps(w: number, end: number, stride: number, delta: number, decay: number): number;
  find(slots: number, end: number, ids: number, at: number): void;
  products(pairs: number, end: number, width: number): number;
  gradient(pairs: number, end: number, width: number, delta: number, residual: number, share: number): void;
  addTo(a: number, b: number, width: number, share: number): void;
  penalty(at: number, end: number, width: number, delta: number, share: number): void;
}

// For bundlers even reading a property may have an effect, so it is read within a call.
const bytesOf = ({plain}: {plain: string}) => decoded(plain);
// Marked as calls without effects, so that bundlers drop the modules where nothing trains in loops.
const bytes = /* @__PURE__ */ bytesOf(SHALLOW_BINARY);
const stepBytes = /* @__PURE__ */ bytesOf(TABLE_STEP_BINARY);

/** Tell whether both modules may run, and the runtime has the vector instructions that they need. */
export const hasShallowModule = (): boolean => compiles(bytes);

/** The modules on a new memory of `size` bytes, all 0. */
export function shallowModule(size: number): {module: ShallowModule; buffer: ArrayBuffer} {
  const memory = new WebAssembly.Memory({initial: Math.max(1, Math.ceil(size / PAGE))});
  const [loops, steps] = [bytes, stepBytes].map(
    code => new WebAssembly.Instance(new WebAssembly.Module(code), {env: {memory}}).exports,
  );
  return {module: {...loops, ...steps} as unknown as ShallowModule, buffer: memory.buffer};
}
