import {copyFile} from 'node:fs/promises';
import {defineConfig} from 'tsup';
import {buildBrowser} from './scripts/build_browser';
import {typeEntries} from './scripts/type_entries';

const entry = {
  index: 'src/index.ts',
  layers: 'layers/index.ts',
  models: 'src/models/index.ts',
  optimizers: 'optimizers/index.ts',
  runtime: 'src/runtime/index.ts',
  runtime_browser: 'src/runtime/browser/index.ts',
  checkpoints: 'src/checkpoints/index.ts',
  export: 'src/export/index.ts',
  report: 'src/report/index.ts',
  report_browser: 'src/report/browser/index.ts',
  schema: 'src/schema/index.ts',
  data: 'src/data/index.ts',
  bundle: 'src/bundle/index.ts',
  bundle_node: 'src/update/node/index.ts',
  cli: 'src/cli/main.ts',
  fit_thread: 'src/runtime/fit_thread.ts',
};

const types = typeEntries(entry);

export default defineConfig({
  entry,
  tsconfig: types.tsconfig,
  format: ['cjs', 'esm'],
  dts: {entry: types.entry},
  // Without it each CommonJS entry would hold classes of its own.
  splitting: true,
  target: 'es2020',
  platform: 'neutral',
  external: [/^@tensorflow\//, /^node:/],
  removeNodeProtocol: false,
  clean: true,
  // `import.meta.url` in CommonJS.
  shims: true,
  async onSuccess() {
    // A thread is started by its file's name, beside the module that starts it.
    await copyFile('src/data/shards/shard_worker.mjs', 'dist/shard_worker.mjs');
    await copyFile('src/terminal/draw_bar.mjs', 'dist/draw_bar.mjs');
    await buildBrowser('dist/browser');
  },
});
