import {execFile} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';

/** The Python that scripts/python.mjs provided for the requirements as they are now, or null. */
export function providedPython(): string | null {
  const pointer = 'node_modules/.cache/tfjs-autofis-python.json';
  if (!existsSync(pointer)) return null;
  const {python, requirements} = JSON.parse(readFileSync(pointer, 'utf8')) as {python: string; requirements: string};
  return requirements === readFileSync('python/requirements.txt', 'utf8') && existsSync(python) ? python : null;
}

/** Describes tests that need that Python, and skips them with a message where there is none. */
export function describeInPython(title: string, tests: () => void): void {
  const python = providedPython();
  if (python === null) console.log(`${title}: skipped without a Python environment. \`npm run test:python\` makes it.`);
  (python === null ? describe.skip : describe)(title, tests);
}

/** Runs pytest on tests of the Python package, by their path in its folder. Fails with the output of pytest. */
export async function runPytest(args: string[], variables: Record<string, string>): Promise<void> {
  await runPython(providedPython()!, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', ...args], variables);
}

/** Runs Python with the package, in the folder python; what it printed. */
export async function runPython(python: string, args: string[], variables: Record<string, string> = {}) {
  const env = {
    ...process.env,
    PYTHONPATH: path.resolve('python'),
    PYTHONDONTWRITEBYTECODE: '1',
    TF_CPP_MIN_LOG_LEVEL: '3',
    // Threads of six processes would wait for each other's processors.
    TF_NUM_INTRAOP_THREADS: '1',
    CUDA_VISIBLE_DEVICES: '',
    ...variables,
  };
  try {
    return (await promisify(execFile)(python, args, {cwd: path.resolve('python'), env, maxBuffer: 1e8})).stdout;
  } catch (error) {
    const {stdout, stderr} = error as {stdout: string; stderr: string};
    throw new Error(`python ${args.join(' ')} failed:\n${stdout.slice(-6000)}\n${stderr.slice(-2000)}`);
  }
}
