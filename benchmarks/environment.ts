import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** A set of Python packages that a command needs. */
export interface Packages {
  /** Names the environment's folder. */
  name: string;
  /** The file of pinned requirements. */
  requirements: string;
  /** What is said before they are installed. */
  announcement: string;
}

/** What the library is compared with in `npm run bench`. */
export const peerPackages: Packages = {
  name: 'benchmark-peers',
  requirements: path.join('benchmarks', 'peers', 'requirements.txt'),
  announcement: 'installing PyTorch and Keras for the comparison (about 2 GB of disk, once) ...',
};

/** What preparing data is compared with in `npm run bench:data`. */
export const dataPackages: Packages = {
  name: 'data-peers',
  requirements: path.join('benchmarks', 'peers', 'requirements.data.txt'),
  announcement:
    'installing pandas, scikit-learn, polars and FuxiCTR for the comparison (about 1.1 GB of disk, once) ...',
};

/** What `npm run test:ray` and `npm run bench:ray` need. */
export const rayPackages: Packages = {
  name: 'ray',
  requirements: path.join('python', 'requirements.ray.txt'),
  announcement: 'installing Ray, TensorFlow, DuckDB and PyArrow (about 2.7 GB of disk, once) ...',
};

/** What `npm run test:spark` needs. */
export const sparkPackages: Packages = {
  name: 'spark',
  requirements: path.join('python', 'requirements.spark.txt'),
  announcement: 'installing Spark, DuckDB and PyArrow (about 1 GB of disk, once) ...',
};

/** The Python of an environment, or why there is none. */
export interface ProvidedPython {
  python: string;
  /** Why some or all packages could not be installed, or null. */
  problem: string | null;
}

/** Where an environment is, named after its requirements, and the note that says that it is whole. */
function placeOf({name, requirements}: Packages): {folder: string; python: string; whole: string} {
  const hash = createHash('sha256').update(readFileSync(requirements, 'utf8')).digest('hex').slice(0, 12);
  const folder = path.join(cacheFolder(), `${name}-${hash}`);
  const python = path.join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  return {folder, python, whole: path.join(folder, 'whole')};
}

/** The Python of an environment that is there and whole, or null. */
export function providedPython(packages: Packages): string | null {
  const {python, whole} = placeOf(packages);
  return existsSync(whole) ? python : null;
}

/**
 * Installs packages into an environment of their own in the per-user cache. A note written last says that the
 * environment is whole: one without it, as after an interruption, is made again.
 */
export async function providePython(packages: Packages, log: (line: string) => void): Promise<ProvidedPython> {
  const {folder, python, whole} = placeOf(packages);
  if (existsSync(whole)) return {python, problem: null};
  log(packages.announcement);
  rmSync(folder, {recursive: true, force: true});
  mkdirSync(path.dirname(folder), {recursive: true});
  const made = await run(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', folder]);
  if (made !== null) return {python, problem: `no Python environment: ${made}`};
  const install = (what: string[]) =>
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...what]);
  if ((await install(['-r', packages.requirements])) === null) {
    writeFileSync(whole, '');
    return {python, problem: null};
  }
  // One that cannot be had does not take the others with it; the next run tries again.
  const problems: string[] = [];
  for (const line of readFileSync(packages.requirements, 'utf8').split('\n').filter(Boolean)) {
    const problem = await install([line]);
    if (problem !== null) problems.push(`${line.split(';')[0].trim()}: ${problem}`);
  }
  return {python, problem: problems.join('; ') || null};
}

function cacheFolder(env = process.env): string {
  const base =
    env.TFJS_AUTOFIS_CACHE ||
    env.XDG_CACHE_HOME ||
    (process.platform === 'win32' && env.LOCALAPPDATA) ||
    path.join(os.homedir(), process.platform === 'darwin' ? path.join('Library', 'Caches') : '.cache');
  return path.resolve(base, 'tfjs-autofis');
}

/** Runs a command to its end: null when it succeeds, else the last line that it said. */
function run(command: string, args: string[]): Promise<string | null> {
  return new Promise(resolve => {
    const child = spawn(command, args, {stdio: ['ignore', 'ignore', 'pipe']});
    let said = '';
    const stop = () => child.kill('SIGTERM');
    process.once('exit', stop);
    child.stderr.on('data', chunk => {
      said = `${said}${chunk}`.slice(-2000);
    });
    child.on('error', error => resolve(error.message));
    child.on('close', code => {
      process.off('exit', stop);
      resolve(code === 0 ? null : said.trim().split('\n').pop() || `exit code ${code}`);
    });
  });
}
