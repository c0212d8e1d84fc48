import {spawnSync} from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {homedir} from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {emptyFolder} from '../helpers/folders';

const root = path.resolve(__dirname, '..', '..');
const script = path.join(root, 'scripts', 'native.mjs');
const onLinux = process.platform === 'linux' ? it : it.skip;

describe('native.mjs', () => {
  const project = emptyFolder();
  const cache = path.join(project, 'cache');
  const bin = path.join(project, 'bin');
  const addon = path.join(project, 'node_modules/@tensorflow/tfjs-node/lib');

  /** A tfjs-node without addon, and a PATH on which there is only node. */
  beforeEach(() => {
    const manifest = 'node_modules/@tensorflow/tfjs-node/package.json';
    cpSync(path.join(root, manifest), path.join(project, manifest));
    mkdirSync(bin);
    symlinkSync(process.execPath, path.join(bin, 'node'));
  });

  /** Runs the command in the project. */
  function runNative(env: Record<string, string> = {}, args: string[] = []) {
    const {status, stdout, stderr} = spawnSync(process.execPath, [script, ...args], {
      cwd: project,
      encoding: 'utf8',
      env: {PATH: bin, HOME: project, TFJS_AUTOFIS_CACHE: cache, ...env},
    });
    return {status, stdout, lines: stderr.trim().split('\n')};
  }

  (process.platform === 'linux' ? it.each : it.skip.each)([
    ['python3', 'python3 is not installed (its pip downloads TensorFlow)'],
    ['the compiler', 'the C++ compiler no-such-compiler is not installed (Debian and Ubuntu: apt install g++)'],
  ])('says in one line that %s is missing, and leaves nothing behind', (what, reason) => {
    const python = path.join(bin, 'python3');
    if (what !== 'python3') writeFileSync(python, '#!/bin/sh\nexit 0\n', {mode: 0o755});
    expect(runNative({CXX: 'no-such-compiler'})).toEqual({
      status: 1,
      stdout: '',
      lines: [`native backend not available: ${reason}`],
    });
    expect(existsSync(cache)).toBe(false);
    expect(existsSync(addon)).toBe(false);
  });

  onLinux('shows the last meaningful line of pip when the download fails, and leaves nothing behind', () => {
    writeFileSync(
      path.join(bin, 'python3'),
      '#!/bin/sh\ncase "$*" in *download*) ;; *) exit 0 ;; esac\n' +
        'echo "ERROR: No matching distribution found for it" >&2\necho "a notice" >&2\nexit 1\n',
      {mode: 0o755},
    );
    writeFileSync(path.join(bin, 'g++'), '#!/bin/sh\nexit 0\n', {mode: 0o755});
    const {status, stdout, lines} = runNative();
    expect(status).toBe(1);
    expect(stdout).toMatch(/^downloading TensorFlow [\d.]+ \(\d+ MB\), once per user \.\.\.\n$/);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^native backend not available: downloading \S+ failed: No matching distribution found for it$/,
    );
    expect(readdirSync(cache)).toEqual([]);
    expect(existsSync(addon)).toBe(false);
  });

  onLinux('removes what a killed run left, and nothing of a running one', () => {
    const {stdout: dead} = spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `
      import {entryOf, findPackage} from '${pathToFileURL(script)}';
      import {partialOf} from '${pathToFileURL(path.join(root, 'scripts', 'native_cache.mjs'))}';
      process.stdout.write(partialOf(entryOf(findPackage(process.cwd(), false), false)));
    `,
      ],
      {cwd: project, encoding: 'utf8', env: {...process.env, TFJS_AUTOFIS_CACHE: cache}},
    );
    expect(path.dirname(dead)).toBe(path.join(cache, 'tfjs-autofis'));
    const alive = dead.replace(/\d+$/, String(process.pid));
    for (const folder of [alive, dead]) mkdirSync(path.join(folder, 'wheels'), {recursive: true});
    // It looks idle, so that the run does not wait for it.
    utimesSync(alive, 0, 0);
    runNative();
    expect(readdirSync(path.dirname(dead))).toEqual([path.basename(alive)]);
  });

  it('says how to install the package when it is not there', () => {
    expect(runNative({}, ['--gpu']).lines).toEqual([
      'native backend not available: @tensorflow/tfjs-node-gpu is not installed ' +
        '(npm install --ignore-scripts @tensorflow/tfjs-node-gpu@4.22.0)',
    ]);
  });

  it('names no package index and no path of the machine it was written on', () => {
    for (const name of readdirSync(path.join(root, 'scripts')).filter(each => each.endsWith('.mjs'))) {
      const text = readFileSync(path.join(root, 'scripts', name), 'utf8');
      expect(text).not.toMatch(/https?:\/\//);
      expect(text).not.toContain(homedir());
    }
  });
});

it('gpu_checks.ts ends with 1 where there is no GPU', () => {
  const command = ['--import', 'tsx', path.join(root, 'scripts/gpu_checks.ts')];
  const {status, stderr} = spawnSync(process.execPath, command, {encoding: 'utf8', env: {...process.env, PATH: ''}});
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^There is no NVIDIA GPU: .* lists no card\. Run this /)]);
});
