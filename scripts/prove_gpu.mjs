/**
 * Prove that the library computes on this machine's NVIDIA GPU what it computes on the processor: `npm run prove:gpu`.
 *
 *     --wheels FOLDER  sets up from a folder of wheels, without internet
 *     --rehearse       proves TensorFlow's ops on the processor in place of the GPU's, to try this program
 *
 * Sets up both native backends, the GPU's first, which fails at once where there is no GPU, and runs gpu_checks.ts.
 */
import {spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

const {wheels, rehearse} = parseArgs({options: {wheels: {type: 'string'}, rehearse: {type: 'boolean'}}}).values;
const from = wheels === undefined ? [] : ['--wheels', wheels];

const fileOf = name => fileURLToPath(new URL(name, import.meta.url));
const succeeds = (...args) => spawnSync(process.execPath, args, {stdio: 'inherit'}).status === 0;

if (!rehearse && !succeeds(fileOf('setup.mjs'), '--gpu', ...from)) {
  console.error('No GPU was set up. Without one, `npm run prove:gpu -- --rehearse` tries this program.');
  process.exit(1);
}
const checks = ['--import', 'tsx', fileOf('gpu_checks.ts'), ...(rehearse ? ['--rehearse'] : [])];
process.exitCode = succeeds(fileOf('setup.mjs'), ...from) && succeeds(...checks) ? 0 : 1;
