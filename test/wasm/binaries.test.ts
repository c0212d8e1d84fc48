import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {moduleBytes, productsOn} from '../../src/wasm/module';
import {PRODUCTS_BINARY} from '../../src/wasm/products_binary';
import {SUMS_BINARY} from '../../src/wasm/sums_binary';

const root = path.resolve(__dirname, '../..');

it.each(['products', 'sums', 'checksum', 'shallow', 'table_step'])('what is built of %s.wat stands beside it', name => {
  const script =
    `import {generated} from './scripts/build_wasm.mjs'; ` + `process.stdout.write(await generated('${name}'));`;
  const built = execFileSync(process.execPath, ['--input-type=module', '-e', script], {cwd: root, encoding: 'utf8'});
  expect(readFileSync(path.join(root, `src/wasm/${name}_binary.ts`), 'utf8')).toBe(built);
});

it.each([false, true])('is small enough for a browser to compile at once, shared: %s', isShared => {
  for (const binary of [PRODUCTS_BINARY, SUMS_BINARY])
    expect(moduleBytes(binary, isShared).byteLength).toBeLessThan(4096);
});

it.each([false, true])('runs on the memory of a module with threads: %s', shared => {
  const memory = new WebAssembly.Memory({initial: 2, maximum: 65536, shared});
  const module = productsOn(memory)!;
  const floats = new Float32Array(memory.buffer);
  floats.set([1, 2, 3, 4, 5, 6, 7, 8]);
  module.load(0, 8, 16, 24, 64, 2);
  expect([...floats.slice(16, 24)]).toEqual([1, 3, 5, 7, 2, 4, 6, 8]);
  // y = sum_p w_p x_p with w = [1, 2] at 0.
  module.weightedSum(64, 2, 0, 128);
  expect([...floats.slice(32, 36)]).toEqual([5, 11, 17, 23]);
});
