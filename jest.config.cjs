// TensorFlow's log lines say nothing about a test. The workers take over this environment.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';

/** What both projects share. */
const shared = {
  rootDir: __dirname,
  testEnvironment: '<rootDir>/test/jest_environment.cjs',
  setupFilesAfterEnv: ['<rootDir>/test/setup_backend.ts'],
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

/** `fastest`: every test on the fastest backend that loads. `wasm`: the parity suite again, on wasm. */
module.exports = {
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/sequencer.cjs',
  reporters: ['default', '<rootDir>/test/slowest.cjs'],
  // A limit on time would say more about the machine than about the code. Jest reads it here and not in a project.
  testTimeout: 3600000,
  projects: [
    {...shared, displayName: 'fastest', testMatch: ['<rootDir>/test/**/*.test.ts']},
    {
      ...shared,
      displayName: 'wasm',
      testMatch: ['<rootDir>/test/parity/**/*.test.ts'],
      globals: {autofisTestBackend: 'wasm'},
    },
  ],
};
