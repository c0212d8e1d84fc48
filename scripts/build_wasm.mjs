/**
 * Builds src/wasm/products.wat into the TypeScript file beside it that the library loads: `npm run build:wasm`.
 */
import fs from 'node:fs';
import {fileURLToPath} from 'node:url';
import initWabt from 'wabt';

const SOURCE = fileURLToPath(new URL('../src/wasm/products.wat', import.meta.url));
export const OUTPUT = fileURLToPath(new URL('../src/wasm/products_binary.ts', import.meta.url));

/** The type of the memory that tfjs's module has without threads, and with them. */
const MEMORIES = {plain: '(memory 1)', shared: '(memory 1 65536 shared)'};

/** The text of the generated file. */
export async function generated() {
  const wabt = await initWabt();
  const source = fs.readFileSync(SOURCE, 'utf8');
  const binary = memory => {
    const module = wabt.parseWat('products.wat', source.replace(MEMORIES.plain, memory), {simd: true, threads: true});
    const {buffer} = module.toBinary({});
    module.destroy();
    // wabt's own validation knows nothing of shared memories.
    if (!WebAssembly.validate(buffer)) throw new Error(`products.wat with ${memory} is not valid`);
    return Buffer.from(buffer).toString('base64').match(/.{1,112}/g).map(line => `    '${line}'`).join(' +\n');
  };
  const entries = Object.entries(MEMORIES).map(([name, memory]) => `  ${name}:\n${binary(memory)},\n`);
  return '/** Built from products.wat by `npm run build:wasm`: the module in base64, for either kind of memory. */\n' +
    `export const PRODUCTS_BINARY = {\n${entries.join('')}};\n`;
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  fs.writeFileSync(OUTPUT, await generated());
}
