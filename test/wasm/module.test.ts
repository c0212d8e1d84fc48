import type {WasmBackend} from '../../src/tfjs_internals';
import {Scratch} from '../../src/wasm/module';

it('takes room beyond 2 GB, where the address that malloc gives is negative as an int32', () => {
  const filled: number[][] = [];
  const HEAPU8 = {
    subarray: (from: number, to: number) => ({fill: (value: number) => filled.push([from, to, value])}),
    copyWithin: (...range: number[]) => filled.push(range),
  };
  const freed: number[] = [];
  const wasm = {HEAPU8, _malloc: () => -(2 ** 31) + 64, _free: (address: number) => freed.push(address)};
  const scratch = new Scratch({wasm} as unknown as WasmBackend);
  const beyond = 2 ** 31 + 64;
  expect([scratch.take(16), scratch.copy(32, 16)]).toEqual([beyond, beyond]);
  expect(filled).toEqual([
    [beyond, beyond + 16, 0],
    [beyond, 32, 48],
  ]);
  scratch.free();
  expect(freed).toEqual([beyond, beyond]);
});
