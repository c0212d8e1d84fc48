// TensorFlow's log lines say nothing about a test. The workers take over this environment.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';

/** What both projects share. */
const shared = {
  rootDir: __dirname,
  testEnvironment: '<rootDir>/test/jest_environment.cjs',
  setupFilesAfterEnv: ['<rootDir>/test/setup_backend.ts', '<rootDir>/test/equal_lists.cjs'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {target: 'es2022', parser: {syntax: 'typescript'}},
        module: {type: 'commonjs'},
      },
    ],
  },
  moduleNameMapper: {
    '^tfjs-autofis$': '<rootDir>/src/index.ts',
    '^tfjs-autofis/layers$': '<rootDir>/layers/index.ts',
    '^tfjs-autofis/models$': '<rootDir>/src/models/index.ts',
    '^tfjs-autofis/optimizers$': '<rootDir>/optimizers/index.ts',
    '^tfjs-autofis/runtime$': '<rootDir>/src/runtime/index.ts',
    '^tfjs-autofis/checkpoints$': '<rootDir>/src/checkpoints/index.ts',
    '^tfjs-autofis/export$': '<rootDir>/src/export/index.ts',
    '^tfjs-autofis/report$': '<rootDir>/src/report/index.ts',
    '^tfjs-autofis/data$': '<rootDir>/src/data/index.ts',
    '^tfjs-autofis/schema$': '<rootDir>/src/schema/index.ts',
    '^tfjs-autofis/bundle$': '<rootDir>/src/update/node/index.ts',
  },
};

/**
 * Where a GPU takes another path than the fastest CPU: tables, and the products of layers. A search and a retraining
 * train through them; the other files of these folders compute nothing that depends on it.
 */
const ON_GPU_PATH = [
  'tables/*',
  'layers/{cross_linear,field_aware_embedding,field_embedding,field_linear}',
  'layers/{fixed_bn_interaction,gated_interaction_build}',
  'layers/{pair_layers*,seeded_dropout}',
  'products/field_aware_passes',
  'stages/{retrain,search}',
  'parity/{empty_batch,gate,ids,models,pair_layers,training}',
];

/** Tests of whole pages, processes, Keras and simulations, which take minutes: `npm run test:long`. */
const LONG = [
  'browser/{notebook,page,page_craft,page_files,page_noise,page_run,report,search}',
  'cli/{interrupt,rolling,trees/light_gbm}',
  'data/{encode_shared,full_disk}',
  'docs/snippet_runs',
  'examples/{models,serve_process,serve_python}',
  'export/zoo',
  'process/memory',
  'python/{keras,preparation}',
  'scripts/native_build',
  'select/compare_on_test',
];

const filesOf = names => names.map(name => `<rootDir>/test/${name}.test.ts`);

/**
 * `fastest`: every test on the fastest backend that loads, but for those of `long`. `gpu-path`: what a GPU computes
 * differently, on the CPU without the ops of this library. `wasm`: the parity suite again, on wasm.
 */
module.exports = {
  // One more than the two processors that the tests are made for: files wait for browsers, servers and disks.
  maxWorkers: 3,
  // A worker with a large heap takes longer to end than the half second after which jest says that it hangs.
  workerIdleMemoryLimit: '500MB',
  testSequencer: '<rootDir>/test/sequencer.cjs',
  reporters: ['default', '<rootDir>/test/slowest.cjs'],
  // A limit on time would say more about the machine than about the code. Jest reads it here and not in a project.
  testTimeout: 3600000,
  projects: [
    {
      ...shared,
      displayName: 'fastest',
      testMatch: ['<rootDir>/test/**/*.test.ts', ...LONG.map(name => `!**/test/${name}.test.ts`)],
    },
    {...shared, displayName: 'long', testMatch: filesOf(LONG)},
    {
      ...shared,
      displayName: 'gpu-path',
      testMatch: filesOf(ON_GPU_PATH),
      globals: {autofisTestOwnOps: false},
    },
    {
      ...shared,
      displayName: 'wasm',
      testMatch: ['<rootDir>/test/parity/**/*.test.ts'],
      globals: {autofisTestBackend: 'wasm'},
    },
  ],
};
