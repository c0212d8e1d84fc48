import fs from 'node:fs';
import path from 'node:path';
import type {Backend} from './backends';
import {bundleSpecs} from './bundle_specs';
import {runScript, withFolder} from './children';

/** Of each spec, the messages with which it failed; null where it passed. */
export type Outcomes = {[spec: string]: string[] | null};

export interface ComparedSpecs {
  specs: number;
  /** How many fail on the backend as it is, and with this library imported. */
  failing: {stock: number; ours: number};
  /** Those that fail only with this library, and their messages. */
  newlyFailing: {[spec: string]: string[]};
}

/** Runs specs of tfjs-core on a backend, as it is and with this library imported. */
export function compareSpecs(backend: Backend, files: readonly string[]): Promise<ComparedSpecs> {
  return withFolder(async folder => {
    const bundle = await bundleSpecs(folder, files);
    const [stock, ours] = await Promise.all(
      (['stock', 'ours'] as const).map(async kernels => {
        const result = path.join(folder, `${kernels}.json`);
        await runScript('run_specs.ts', [bundle, backend, kernels, result]);
        return JSON.parse(fs.readFileSync(result, 'utf8')) as Outcomes;
      }),
    );
    return compared(stock, ours);
  });
}

/** A spec that ran on one side only counts as failing on the other. */
export function compared(stock: Outcomes, ours: Outcomes): ComparedSpecs {
  const names = [...new Set([...Object.keys(stock), ...Object.keys(ours)])];
  const failing = (outcomes: Outcomes) => names.filter(name => outcomes[name] !== null);
  const before = new Set(failing(stock));
  const after = failing(ours);
  return {
    specs: names.length,
    failing: {stock: before.size, ours: after.length},
    newlyFailing: Object.fromEntries(
      after.filter(name => !before.has(name)).map(name => [name, ours[name] ?? ['did not run']]),
    ),
  };
}
