import {WasmPasses} from './wasm_passes';

/**
 * The passes over field-aware products of E [B, P, 2, d] by the same module: as pairs of 2 P fields, each of them in
 * one pair.
 */
export class WasmFieldAwarePasses extends WasmPasses {
  constructor(count: number) {
    super(
      Array.from({length: count}, (_, p) => [2 * p, 2 * p + 1]),
      2,
    );
  }
}
