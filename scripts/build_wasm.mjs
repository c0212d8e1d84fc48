/**
 * Builds each .wat file of src/wasm into the TypeScript file beside it that the library loads: `npm run build:wasm`.
 */
import fs from 'node:fs';
import {fileURLToPath} from 'node:url';
import initWabt from 'wabt';

const folder = new URL('../src/wasm/', import.meta.url);
/** The memory that a module imports, as it stands in its source. */
const PLAIN = '(memory 1)';

/** The memory that tfjs's module has with threads. */
const SHARED = '(memory 1 65536 shared)';

export const MODULES = ['products', 'sums', 'checksum', 'shallow', 'table_step'];
/** Those that compute on the memory of tfjs's module. */
const WITH_THREADS = ['products', 'sums'];

const base64 = bytes => {
  const lines = bytes.toString('base64').match(/.{1,112}/g);
  return lines.map(line => `'${line}'`).join(' +\n    ');
};

/** What replaces the bytes [from, to) of `plain` in `other`: only the import of the memory differs. */
function difference(plain, other) {
  let from = 0;
  while (plain[from] === other[from]) from++;
  let end = 0;
  while (plain.at(-1 - end) === other.at(-1 - end)) end++;
  return {from, to: plain.length - end, bytes: other.subarray(from, other.length - end)};
}

/** The text of the file that is generated from a module's source. */
export async function generated(name) {
  const wabt = await initWabt();
  const source = fs.readFileSync(new URL(`${name}.wat`, folder), 'utf8');
  const binary = memory => {
    const module = wabt.parseWat(`${name}.wat`, source.replace(PLAIN, memory), {simd: true, threads: true});
    const {buffer} = module.toBinary({});
    module.destroy();
    // wabt's own validation knows nothing of shared memories.
    if (!WebAssembly.validate(buffer)) throw new Error(`${name}.wat with ${memory} is not valid`);
    return Buffer.from(buffer);
  };
  const plain = binary(PLAIN);
  const entries = [`  plain:\n    ${base64(plain)},\n`];
  if (WITH_THREADS.includes(name)) {
    const {from, to, bytes} = difference(plain, binary(SHARED));
    entries.push(`  shared: {from: ${from}, to: ${to}, bytes: ${base64(bytes)}},\n`);
  }
  return (
    `/** Built from ${name}.wat by \`npm run build:wasm\`: the module in base64` +
    `${entries.length > 1 ? ', and its import of a shared memory' : ''}. */\n` +
    `export const ${name.toUpperCase()}_BINARY = {\n${entries.join('')}};\n`
  );
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  for (const name of MODULES) fs.writeFileSync(new URL(`${name}_binary.ts`, folder), await generated(name));
}
