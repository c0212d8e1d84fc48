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

/** The modules, and the kinds of memory that each is built for. */
export const MODULES = {
  products: {plain: PLAIN, shared: SHARED},
  sums: {plain: PLAIN, shared: SHARED},
  checksum: {plain: PLAIN},
  shallow: {plain: PLAIN},
};

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
    return Buffer.from(buffer)
      .toString('base64')
      .match(/.{1,112}/g)
      .map(line => `    '${line}'`)
      .join(' +\n');
  };
  const entries = Object.entries(MODULES[name]).map(([kind, memory]) => `  ${kind}:\n${binary(memory)},\n`);
  return (
    `/** Built from ${name}.wat by \`npm run build:wasm\`: the module in base64, for each kind of memory. */\n` +
    `export const ${name.toUpperCase()}_BINARY = {\n${entries.join('')}};\n`
  );
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  for (const name of Object.keys(MODULES))
    fs.writeFileSync(new URL(`${name}_binary.ts`, folder), await generated(name));
}
