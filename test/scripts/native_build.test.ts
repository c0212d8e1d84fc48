import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {sharedFolder} from '../helpers/folders';

/**
 * Real builds against a wheel with two small libraries in place of TensorFlow's, from a folder of wheels. The
 * scripts are a copy whose pinned hash is this wheel's.
 */
const root = path.resolve(__dirname, '../..');
const machine = process.arch === 'x64' ? 'x86_64' : 'aarch64';
const wheelName = process.arch === 'x64' ? 'tensorflow_cpu' : 'tensorflow';
const buildsHere =
  process.platform === 'linux' &&
  spawnSync('python3', ['-c', 'import pip']).status === 0 &&
  spawnSync('g++', ['--version']).status === 0;

const folder = sharedFolder();
let project: string;

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), {recursive: true});
  writeFileSync(path.join(folder, file), text);
}

function execute(command: string, args: string[], cwd = folder): void {
  const {status, stderr} = spawnSync(command, args, {cwd, encoding: 'utf8'});
  if (status !== 0) throw new Error(stderr);
}

/** A wheel whose TensorFlow answers with a number, in a folder of its name; returns its SHA-256. */
function makeWheel(name: string, answer: number): string {
  const library = `${name}/files/tensorflow/libtensorflow_cc.so.2`;
  write(`${name}/files/tensorflow/include/absl/base/log_severity.h`, ABSL);
  write(`${name}/files/${wheelName}-2.21.0.dist-info/WHEEL`, 'Wheel-Version: 1.0\nTag: cp312-cp312-any\n');
  write(
    `${name}/files/${wheelName}-2.21.0.dist-info/METADATA`,
    `Metadata-Version: 2.1\nName: ${wheelName.replace('_', '-')}\nVersion: 2.21.0\n`,
  );
  write(`${name}/library.cc`, `extern "C" int tensorflow() { return ${answer}; }\n`);
  for (const file of [library, library.replace('_cc', '_framework')]) {
    execute('g++', ['-shared', '-fPIC', `-Wl,-soname,${path.basename(file)}`, `${name}/library.cc`, '-o', file]);
  }
  const wheel = path.join(folder, name, `${wheelName}-2.21.0-cp312-cp312-manylinux2014_${machine}.whl`);
  execute(
    'python3',
    ['-m', 'zipfile', '-c', wheel, ...readdirSync(path.join(folder, name, 'files'))],
    `${folder}/${name}/files`,
  );
  return createHash('sha256').update(readFileSync(wheel)).digest('hex');
}

const ABSL = `
#define ABSL_NAMESPACE_BEGIN
#define ABSL_NAMESPACE_END
namespace absl { enum class LogSeverity : int { kInfo = 0 }; }
`;
const ADDON = `
#include <node_api.h>
extern "C" int tensorflow();
NAPI_MODULE_INIT() { napi_value answer; napi_create_int32(env, tensorflow(), &answer); return answer; }
`;
const PACKAGE = `
const answer = require('./lib/napi-v8/tfjs_binding.node');
exports.ones = () => 0;
exports.matMul = () => ({dataSync: () => [answer, answer, answer, answer]});
exports.backend = () => ({isUsingGpuDevice: false});
`;

function makePackage(name: string): void {
  const home = `project/node_modules/@tensorflow/${name}`;
  write(`${home}/package.json`, JSON.stringify({name: `@tensorflow/${name}`, version: '4.22.0', main: 'index.js'}));
  write(`${home}/index.js`, PACKAGE);
  write(`${home}/binding/tfjs_backend.cc`, '');
  write(`${home}/binding/tfjs_binding.cc`, ADDON);
}

/** NVIDIA's driver, which finds as many GPUs as its environment says. */
const DRIVER = `#include <stdlib.h>
extern "C" int cuInit(unsigned) { return 0; }
extern "C" int cuDeviceGetCount(int* count) { *count = atoi(getenv("GPUS")); return 0; }`;

function setup(wheels: string, {cache = 'cache', gpus = ''}: {cache?: string; gpus?: string} = {}) {
  const args = gpus === '' ? [] : ['--gpu'];
  const command = [path.join(folder, 'scripts/native.mjs'), '--wheels', path.join('..', wheels), ...args];
  const {status, stdout, stderr} = spawnSync(process.execPath, command, {
    cwd: project,
    encoding: 'utf8',
    env: {...process.env, TFJS_AUTOFIS_CACHE: path.join(folder, cache), LD_LIBRARY_PATH: folder, GPUS: gpus},
  });
  return {status, last: stdout.trim().split('\n').pop(), error: stderr.trim()};
}

const addon = () => path.join(project, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node');

function onlyEntry(cache = 'cache'): string {
  const home = path.join(folder, cache, 'tfjs-autofis');
  const names = readdirSync(home);
  expect(names).toHaveLength(1);
  return path.join(home, names[0]);
}

(buildsHere ? describe : describe.skip)('the native backend', () => {
  beforeAll(() => {
    project = path.join(folder, 'project');
    cpSync(path.join(root, 'scripts'), path.join(folder, 'scripts'), {recursive: true});
    write('src/native/kernels/empty.cc', '');
    makePackage('tfjs-node');
    symlinkSync(path.join(root, 'node_modules/node-api-headers'), path.join(project, 'node_modules/node-api-headers'));
    const sha256 = makeWheel('wheels', 4);
    makeWheel('forged', 4444);
    mkdirSync(path.join(folder, 'none'));
    const requirement = `${wheelName.replace('_', '-')}==2.21.0`;
    write('scripts/native_wheels.json', JSON.stringify({[`cpu-${process.arch}`]: {[requirement]: sha256}}));
  });

  it('takes nothing out of a wheel of another hash', () => {
    const {status, error} = setup('forged');
    expect(status).toBe(1);
    expect(error).toMatch(/^native backend not available: taking \S+ from \S+ failed: .*HASHES/);
    expect(readdirSync(path.join(folder, 'cache'))).toEqual([]);
  });

  it('is built once, and linked to, without Python code of the project', () => {
    for (const module of ['pip', 'zipfile', 'ctypes', 'runpy']) write(`project/${module}.py`, 'raise SystemExit(9)');
    expect(setup('wheels')).toMatchObject({status: 0, last: '@tensorflow/tfjs-node 4.22.0 loads'});
    expect(lstatSync(addon()).isSymbolicLink()).toBe(true);
    onlyEntry();
  });

  it('is taken from a cache that was moved, without a download', () => {
    renameSync(path.join(folder, 'cache'), path.join(folder, 'moved'));
    expect(setup('none', {cache: 'moved'})).toMatchObject({
      status: 0,
      last: '@tensorflow/tfjs-node 4.22.0 loads (taken from the cache)',
    });
    renameSync(path.join(folder, 'moved'), path.join(folder, 'cache'));
  });

  it('keeps a cache that does not load until another is complete', () => {
    rmSync(addon());
    const library = path.join(onlyEntry(), 'tensorflow/libtensorflow_cc.so.2');
    const {size} = statSync(library);
    writeFileSync(library, '');
    truncateSync(library, size);
    expect(setup('none')).toMatchObject({status: 1, error: expect.stringContaining('none lacks wheels')});
    expect(statSync(path.join(onlyEntry(), 'tensorflow/libtensorflow_cc.so.2')).size).toBe(size);
    expect(setup('wheels')).toMatchObject({status: 0, last: '@tensorflow/tfjs-node 4.22.0 loads'});
    onlyEntry();
  });

  it('is set up for a GPU only where there is one', () => {
    write('driver.cc', DRIVER);
    execute('g++', ['-shared', '-fPIC', 'driver.cc', '-o', 'libcuda.so.1']);
    const noGpu = expect.stringMatching(/^this machine has no NVIDIA GPU .* finds 0 GPUs and returns CUDA error 0 \(/);
    expect(setup('wheels', {gpus: '0'})).toEqual({status: 1, last: '', error: noGpu});
    makePackage('tfjs-node-gpu');
    const copy = path.join(project, 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node');
    mkdirSync(path.dirname(copy), {recursive: true});
    symlinkSync(path.join(onlyEntry(), 'tfjs_binding.node'), copy);
    const error = '@tensorflow/tfjs-node-gpu 4.22.0 loads, but finds no GPU that it can use, and computes on the CPU';
    expect(setup('none', {gpus: '1'})).toEqual({status: 1, last: '', error});
  });
});
