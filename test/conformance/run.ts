/**
 * Compares the library with what others wrote, and writes benchmarks/results/conformance.json: `npm run conformance`.
 * Fails if a spec of tfjs-core fails only with this library, if a model is not what numpy computes, or if onnx.checker
 * refuses an export.
 */
import {version_core} from '@tensorflow/tfjs-core';
import {providedPython} from '../python/environment';
import {BACKENDS} from './backends';
import {specFiles} from './bundle_specs';
import {Conformance, writeFigures} from './figures';
import {compareSpecs} from './specs';
import {compareZoo, TOLERANCE} from './zoo';

async function conformance(python: string): Promise<Conformance> {
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
    const {models, exports} = await compareZoo(backend, python);
    const [predictions, step] = (['predictions', 'step'] as const).map(part =>
      Math.max(...models.map(model => model[part])),
    );
    console.log(
      `${backend}: ${models.length} models within ${predictions} of numpy, their steps within ${step}; ` +
        `onnx.checker accepts ${exports} exports`,
    );
    models
      .filter(model => !(Math.max(model.predictions, model.step) < TOLERANCE))
      .forEach(({title}) => console.log(`  too far: ${title}`));
    backends[backend] = {
      ...specs,
      models: models.length,
      exports,
      predictions: rounded(predictions),
      step: rounded(step),
    };
  }
  return {tfjsCore: version_core, backends: backends as Conformance['backends']};
}

const rounded = (x: number) => Number(x.toPrecision(1));

async function main(): Promise<void> {
  const python = providedPython();
  if (python === null)
    throw new Error(
      'numpy and onnx come from the Python environment, which is missing: run `node scripts/python.mjs --need`.',
    );
  const result = await conformance(python);
  await writeFigures('conformance', result);
  const holds = Object.values(result.backends).every(
    ({newlyFailing, predictions, step}) =>
      Object.keys(newlyFailing).length === 0 && Math.max(predictions, step) < TOLERANCE,
  );
  process.exitCode = holds ? 0 : 1;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
