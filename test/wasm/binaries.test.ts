import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {productsOn} from '../../src/wasm/module';
import {PRODUCTS_BINARY} from '../../src/wasm/products_binary';

const root = path.resolve(__dirname, '../..');

it.each(['products', 'checksum', 'shallow'])('what is built of %s.wat stands beside it', name => {
  const script =
    `import {generated} from './scripts/build_wasm.mjs'; ` + `process.stdout.write(await generated('${name}'));`;
  const built = execFileSync(process.execPath, ['--input-type=module', '-e', script], {cwd: root, encoding: 'utf8'});
  expect(readFileSync(path.join(root, `src/wasm/${name}_binary.ts`), 'utf8')).toBe(built);
});

it.each(Object.entries(PRODUCTS_BINARY))('%s: small enough for a browser to compile at once', (_, binary) => {
  expect(Buffer.from(binary, 'base64').length).toBeLessThan(4096);
});

it.each([false, true])('runs on the memory of a module with threads: %s', shared => {
  const memory = new WebAssembly.Memory({initial: 2, maximum: 65536, shared});
  const module = productsOn(memory)!;
  const floats = new Float32Array(memory.buffer);
  floats.set([1, 2, 3, 4, 5, 6, 7, 8]);
  module.load(0, 8, 16, 24, 64, 2);
  expect([...floats.slice(16, 24)]).toEqual([1, 3, 5, 7, 2, 4, 6, 8]);
});
