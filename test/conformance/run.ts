/**
 * Compares the library with the specs of tfjs-core, and writes benchmarks/results/conformance.json: `npm run
 * conformance`. Fails if a spec fails only with this library.
 */
import {version_core} from '@tensorflow/tfjs-core';
import {BACKENDS} from './backends';
import {specFiles} from './bundle_specs';
import {Conformance, writeFigures} from './figures';
import {compareSpecs} from './specs';

async function conformance(): Promise<Conformance> {
  const backends: Partial<Conformance['backends']> = {};
  for (const backend of BACKENDS) {
    const specs = await compareSpecs(backend, specFiles());
    console.log(
      `${backend}: ${specs.specs} specs, ${specs.failing.stock} fail without the library, ` +
        `${specs.failing.ours} with it`,
    );
    Object.entries(specs.newlyFailing).forEach(([name, messages]) =>
      console.log(`  only with it: ${name}\n    ${messages.join('\n    ')}`),
    );
    backends[backend] = specs;
  }
  return {tfjsCore: version_core, backends: backends as Conformance['backends']};
}

async function main(): Promise<void> {
  const result = await conformance();
  await writeFigures('conformance', result);
  const holds = Object.values(result.backends).every(({newlyFailing}) => Object.keys(newlyFailing).length === 0);
  process.exitCode = holds ? 0 : 1;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
