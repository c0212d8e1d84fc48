/**
 * Runs specs of tfjs-core in this process and writes how each ended: `tsx run_specs.ts BUNDLE BACKEND ours|stock
 * RESULT`.
 */
import fs from 'node:fs';
import {createRequire} from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import {loadNative} from '../../src/runtime/native_backend';
import type {Backend} from './backends';
import type {Outcomes} from './specs';

interface SpecResult {
  fullName: string;
  status: string;
  failedExpectations: Array<{message: string}>;
}

/** The parts of jasmine-core 3 that are used. */
interface Jasmine {
  DEFAULT_TIMEOUT_INTERVAL: number;
  getEnv(): {
    configure(options: {random: boolean}): void;
    addReporter(reporter: {specDone(result: SpecResult): void; jasmineDone(): void}): void;
    execute(): void;
  };
}
interface JasmineCore {
  core(required: JasmineCore): Jasmine;
  interface(jasmine: Jasmine, env: object): object;
}
interface Specs {
  setTestEnvs(envs: Array<{name: string; backendName: string; flags: object; isDataSync: boolean}>): void;
  define(): void;
}

const [bundle, backend, kernels, result] = process.argv.slice(2) as [string, Backend, 'ours' | 'stock', string];

/** Makes the backend the current one: as a user of the library does, or as tfjs does. */
async function start(): Promise<void> {
  if (kernels === 'ours') {
    await import('../../src');
    const {useBackend} = await import('../../src/runtime');
    await useBackend(backend);
  } else if (backend === 'tfjs-node') {
    await loadNative('@tensorflow/tfjs-node');
  } else {
    await import(backend === 'wasm' ? '@tensorflow/tfjs-backend-wasm' : '@tensorflow/tfjs-backend-cpu');
    await tf.setBackend(backend);
  }
}

async function main(): Promise<void> {
  const load = createRequire(__filename);
  const core = load('jasmine-core') as JasmineCore;
  const jasmine = core.core(core);
  const env = jasmine.getEnv();
  Object.assign(globalThis, core.interface(jasmine, env), {jasmine});
  // A limit on time would say more about the machine than about the code.
  jasmine.DEFAULT_TIMEOUT_INTERVAL = 600_000;
  env.configure({random: false});

  await start();
  const specs = load(bundle) as Specs;
  const backendName = tf.getBackend();
  specs.setTestEnvs([{name: backendName, backendName, flags: {}, isDataSync: true}]);
  specs.define();

  const outcomes: Outcomes = {};
  env.addReporter({
    specDone: ({fullName, status, failedExpectations}) => {
      if (status !== 'passed' && status !== 'failed') return;
      // A few specs share a name.
      let name = fullName;
      for (let n = 2; name in outcomes; n++) name = `${fullName} (${n})`;
      outcomes[name] = status === 'passed' ? null : failedExpectations.map(({message}) => message);
    },
    jasmineDone: () => {
      fs.writeFileSync(result, JSON.stringify(outcomes));
      process.exit();
    },
  });
  env.execute();
}

void main();
