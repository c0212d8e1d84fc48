import {defineConfig} from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    layers: 'layers/index.ts',
    models: 'src/models/index.ts',
    optimizers: 'optimizers/index.ts',
    runtime: 'src/runtime/index.ts',
    export: 'src/export/index.ts',
  },
  format: ['cjs', 'esm'],
  dts: true,
  // Without it each CommonJS entry would hold classes of its own.
  splitting: true,
  target: 'es2020',
  platform: 'neutral',
  external: [/^@tensorflow\//, /^node:/],
  removeNodeProtocol: false,
  clean: true,
});
