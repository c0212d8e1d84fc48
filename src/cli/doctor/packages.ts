import path from 'node:path';
import {existsSync, realpathSync} from 'node:fs';
import {createRequire} from 'node:module';
import {packageRoot, packageVersion} from '../package_root';
import {execFile} from 'node:child_process';
import {promisify} from 'node:util';

/** Result of one check of the doctor. */
export interface Finding {
  name: string;
  /** 'missing' is something that can do without; 'broken' is not. */
  state: 'good' | 'missing' | 'broken';
  detail: string;
  /** Cure; absent where the state is good. */
  cure?: string;
}

/** Packages that parts of the library need, and which parts. */
const OPTIONAL: ReadonlyArray<readonly [name: string, major: string, what: string]> = [
  ['@duckdb/node-api', '', 'reading and encoding tables'],
  ['apache-arrow', '@21', 'encoded rows on disk'],
  ['echarts', '@6', 'reports'],
  ['@resvg/resvg-js', '@2', 'pictures as PNG'],
];

/** The folder of a package as seen from a folder, or null. Looks for package.json itself, which `exports` may hide. */
function resolvePackage(from: string, name: string): string | null {
  const folders = createRequire(path.join(from, 'package.json')).resolve.paths(name) ?? [];
  const found = folders
    .map(folder => path.join(folder, name))
    .find(folder => existsSync(path.join(folder, 'package.json')));
  return found === undefined ? null : realpathSync(found);
}

/** Node's version. */
export function node(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  const detail = `${process.version} on ${process.platform} ${process.arch}`;
  return major >= 20
    ? {name: 'Node', state: 'good', detail}
    : {name: 'Node', state: 'broken', detail, cure: 'Install Node 20 or later.'};
}

/** Check that all packages see one copy of tfjs-core and tfjs-layers. Layers of two copies do not work together. */
export function tfjsCopies(project: string): Finding[] {
  const natives = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-backend-wasm'].flatMap(
    name => resolvePackage(project, name) ?? [],
  );
  return ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers'].map(name => {
    const copies = new Set([project, packageRoot(), ...natives].flatMap(from => resolvePackage(from, name) ?? []));
    const cure = `npm install ${name}@4.22.0`;
    if (copies.size === 0) return {name, state: 'broken', detail: 'not installed', cure};
    const list = [...copies].map(folder => `${packageVersion(folder)} in ${folder}`);
    if (copies.size > 1) {
      return {
        name,
        state: 'broken',
        detail: `${copies.size} copies: ${list.join(', ')}`,
        cure: 'Give all @tensorflow packages one version in package.json, then run npm dedupe.',
      };
    }
    return {name, state: 'good', detail: list[0]};
  });
}

/** Packages without which parts of the library are not to be had. */
export function optionalPackages(project: string): Finding[] {
  return OPTIONAL.map(([name, major, what]) => {
    const folder = resolvePackage(project, name) ?? resolvePackage(packageRoot(), name);
    return folder === null
      ? {name, state: 'missing', detail: `not installed; needed for ${what}`, cure: `npm install ${name}${major}`}
      : {name, state: 'good', detail: `${packageVersion(folder)}, for ${what}`};
  });
}

/** Ask the NVIDIA driver for the names, driver versions and memory of the GPUs. */
export async function gpu(): Promise<Finding> {
  const name = 'GPU';
  try {
    const {stdout} = await promisify(execFile)('nvidia-smi', [
      '--query-gpu=name,driver_version,memory.total',
      '--format=csv,noheader',
    ]);
    return {name, state: 'good', detail: stdout.trim().split('\n').join('; ')};
  } catch {
    return {
      name,
      state: 'missing',
      detail: 'no NVIDIA GPU or driver found (nvidia-smi does not answer); everything runs on the CPU',
    };
  }
}
