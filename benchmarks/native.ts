import {execFileSync} from 'node:child_process';
import {createRequire} from 'node:module';
import process from 'node:process';
import type * as tfjsNode from '@tensorflow/tfjs-node';

/** Contestants inherit it. */
const VARIABLE = 'AUTOFIS_BENCH_NATIVE';

/** The native package that this run measures. */
export function nativePackage(): 'tfjs-node' | 'tfjs-node-gpu' {
  return process.env[VARIABLE] === 'tfjs-node-gpu' ? 'tfjs-node-gpu' : 'tfjs-node';
}

/** Makes tfjs-node-gpu the native package of this process and its contestants. */
export function measureGpu(): void {
  process.env[VARIABLE] = 'tfjs-node-gpu';
}

/** The native package as it comes, without this library. */
export function requireNative(): typeof tfjsNode {
  return createRequire(__filename)(`@tensorflow/${nativePackage()}`) as typeof tfjsNode;
}

/** What a contestant in bfloat16 fails with on a processor that is not faster with it. */
export const NO_BFLOAT16 = 'products are not faster in bfloat16 on this processor';

/** Ends a contestant in bfloat16 for that reason. */
export function refuseMixed(): never {
  console.log(JSON.stringify({failure: NO_BFLOAT16}));
  process.exit(0);
}

/** The machine's NVIDIA cards and their driver, or null. */
export function graphicsCards(): string | null {
  try {
    const said = execFileSync('nvidia-smi', ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return said.trim().split('\n').join('; ') || null;
  } catch {
    return null;
  }
}
