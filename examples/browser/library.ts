import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {runnerImport} from 'vite';

/** The root of the repository. */
export const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** A file of the repository. */
export const source = (file: string): string => path.join(repository, file);

/** Memory that threads share is only given to pages with these. */
export const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * The library from its source, as tsconfig.json has it. The longest name comes first: an alias stands for what begins
 * with it, too.
 */
export const alias = [
  {find: 'tfjs-autofis/bundle', replacement: source('src/bundle/index.ts')},
  {find: 'tfjs-autofis/models', replacement: source('src/models/index.ts')},
  {find: 'tfjs-autofis/report', replacement: source('src/report/browser/index.ts')},
  {find: 'tfjs-autofis/runtime', replacement: source('src/runtime/browser/index.ts')},
  {find: 'tfjs-autofis/schema', replacement: source('src/schema/index.ts')},
  {find: 'tfjs-autofis', replacement: source('src/index.ts')},
];

/** A module as the page itself imports it, for the plugins: they run before a build of the library exists. */
export const load = async <Module>(id: string): Promise<Module> =>
  (await runnerImport<Module>(id, {resolve: {alias}})).module;
