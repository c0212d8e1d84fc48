/**
 * The checks of prove_gpu.mjs, which sets up what they need. Each prints one line, pass or FAIL. Writes
 * benchmarks/results/gpu.json, a rehearsal runs/gpu.json. The exit code is 1 where a check fails or there is no GPU.
 */
import {execFile} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {parseArgs, promisify} from 'node:util';
import {Contestant, measureInTurns, stopAllAtExit} from '../benchmarks/contestant';
import {describeMachine} from '../benchmarks/machine';
import {graphicsCards, measureGpu} from '../benchmarks/native';
import {ours} from '../benchmarks/programs';
import {searchInput} from '../benchmarks/sections/context';
import {flat} from '../benchmarks/sections/flat';
import {medianOf} from '../benchmarks/sections/measured';
import {kills} from '../test/process/kills';
import type {Trained} from './gpu_models';

/** Float32 sums in another order, after 64 steps of Adam; and in the predictions of one model. */
const TRAINED = 1e-3;
const LOADED = 1e-5;
/** Most that TensorFloat-32, whose factors have ten bits, may move a probability. */
const DRIFT = 1e-2;
const KILLS = 3;

interface Check {
  name: string;
  passes: boolean;
  detail: string;
}

type Environment = {[variable: string]: string};

/** One side of the comparisons. */
interface Side {
  backend: 'tfjs-node-gpu' | 'tfjs-node';
  env: Environment;
}

const {values} = parseArgs({options: {rehearse: {type: 'boolean', default: false}}});
const cpu: Side = {backend: 'tfjs-node', env: {}};
/** The GPU as TensorFlow uses it, with products in TensorFloat-32, and without. */
const usual: Side = values.rehearse
  ? {backend: 'tfjs-node', env: {AUTOFIS_OWN_OPS: '0'}}
  : {backend: 'tfjs-node-gpu', env: {}};
const subject: Side = {...usual, env: {...usual.env, NVIDIA_TF32_OVERRIDE: '0'}};
/** Lets tests fail that the processor would compute. */
const onGpu: Environment = values.rehearse ? {} : {AUTOFIS_TEST_GPU: '1'};
const context = {quick: true, python: '', folder: fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-gpu-'))};
const checks: Check[] = [];

async function check(name: string, run: () => Promise<Omit<Check, 'name'>>): Promise<void> {
  const outcome = await run().catch((error: Error) => ({passes: false, detail: error.message.trim()}));
  checks.push({name, ...outcome});
  console.log(`${outcome.passes ? 'pass' : 'FAIL'}  ${name}: ${outcome.detail}`);
}

/** Run something whose processes inherit these variables. */
async function inEnvironment<T>(env: Environment, run: () => Promise<T>): Promise<T> {
  Object.assign(process.env, env);
  try {
    return await run();
  } finally {
    Object.keys(env).forEach(variable => delete process.env[variable]);
  }
}

const atMost = (difference: number, most: number) => ({
  passes: difference <= most,
  detail: `probabilities differ by at most ${difference.toPrecision(2)}; the bar is ${most}`,
});

/** Run gpu_models.ts, and read what it wrote. */
async function models(phase: 'train' | 'load', {backend, env}: Side, folder: string): Promise<Trained> {
  fs.mkdirSync(folder, {recursive: true});
  await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', path.join(__dirname, 'gpu_models.ts'), phase, backend, folder],
    {env: {...process.env, ...env}},
  );
  const read = JSON.parse(fs.readFileSync(path.join(folder, `${phase}-${backend}.json`), 'utf8')) as Trained;
  if (backend === 'tfjs-node-gpu' && !read.gpu) throw new Error('tfjs-node-gpu computed on the processor');
  return read;
}

/** The largest difference of two models' probabilities. */
function difference(a: Trained, b: Trained): number {
  return Math.max(
    ...Object.entries(a.predictions).flatMap(([name, all]) => all.map((p, i) => Math.abs(p - b.predictions[name][i]))),
  );
}

/** Run the tests of what a GPU computes, and count those that fail. */
async function suites(env: Environment): Promise<{total: number; failed: string[]}> {
  const file = path.join(fs.mkdtempSync(path.join(context.folder, 'suites-')), 'suites.json');
  const jest = path.join(path.dirname(require.resolve('jest/package.json')), 'bin/jest.js');
  const args = [jest, '--selectProjects', 'gpu-path', '--silent', '--json', '--outputFile', file];
  // jest ends with 1 where a test fails; the file says which.
  await promisify(execFile)(process.execPath, args, {env: {...process.env, ...env}, maxBuffer: 1e9}).catch(() => {});
  const {numTotalTests, testResults} = JSON.parse(fs.readFileSync(file, 'utf8')) as {
    numTotalTests: number;
    testResults: Array<{name: string; status: string; assertionResults: Array<{status: string; fullName: string}>}>;
  };
  const failed = testResults.flatMap(({name, status, assertionResults}) => {
    const names = assertionResults.filter(assertion => assertion.status === 'failed').map(({fullName}) => fullName);
    return status === 'failed' && names.length === 0 ? [path.basename(name)] : names;
  });
  return {total: numTotalTests, failed};
}

async function stepTimes(): Promise<Omit<Check, 'name'>> {
  const input = searchInput(context, 16, [400, 400, 400]);
  const [onSubject, onCpu] = [subject, cpu].map(({backend, env}) => {
    const program = ours(backend, {...input, backend: 'native'});
    return new Contestant({...program, env: {...program.env, AUTOFIS_BENCH_NATIVE: backend, ...env}});
  });
  await measureInTurns([onSubject, onCpu], {warmUp: 5, rounds: 5, steps: 4});
  const [ms, cpuMs] = [onSubject, onCpu].map(medianOf);
  if (ms === undefined || cpuMs === undefined) throw new Error(onSubject.failure ?? onCpu.failure ?? 'no step ran');
  return {
    passes: values.rehearse || ms <= cpuMs,
    detail: `${ms.toFixed(1)} ms for a search step of 2,000 rows, ${cpuMs.toFixed(1)} ms on the processor`,
  };
}

/** Check how far TensorFlow's usual precision of products on a GPU moves results. */
async function checkTensorFloat(onSubject: Trained): Promise<void> {
  await check('TensorFloat-32, models', async () =>
    atMost(difference(onSubject, await models('train', usual, path.join(context.folder, 'usual'))), DRIFT),
  );
  await check('TensorFloat-32, suites', async () => {
    const {total, failed} = await suites({...usual.env, ...onGpu});
    return {passes: total > 0, detail: `${failed.length} of ${total} tests are beyond their tolerance of float32`};
  });
}

async function main(): Promise<void> {
  const cards = graphicsCards();
  if (cards === null && !values.rehearse) {
    throw new Error(
      'There is no NVIDIA GPU: nvidia-smi is missing or lists no card. Run this on a machine with a card and its ' +
        'driver; `npm run prove:gpu -- --rehearse` tries the program without one.',
    );
  }
  console.log(`cards (name, memory, driver): ${cards ?? 'none, a rehearsal'}`);
  if (!values.rehearse) measureGpu();
  process.env['TF_CPP_MIN_LOG_LEVEL'] = '3';
  const folderOf = (name: string) => path.join(context.folder, name);
  let onSubject: Trained;

  await check('suites of the GPU path, float32', async () => {
    const {total, failed} = await suites({...subject.env, ...onGpu});
    return {
      passes: total > 0 && failed.length === 0,
      detail: [`${failed.length} of ${total} tests fail`, ...failed].join('\n      '),
    };
  });
  await check('four Auto models, GPU against processor', async () => {
    onSubject = await models('train', subject, folderOf('subject'));
    return atMost(difference(onSubject, await models('train', cpu, folderOf('cpu'))), TRAINED);
  });
  await check('saved on the GPU, loaded on the processor', async () =>
    atMost(difference(onSubject, await models('load', cpu, folderOf('subject'))), LOADED),
  );
  await check('saved on the processor, loaded on the GPU', async () => {
    const file = path.join(folderOf('cpu'), `train-${cpu.backend}.json`);
    const trained = JSON.parse(fs.readFileSync(file, 'utf8')) as Trained;
    return atMost(difference(trained, await models('load', subject, folderOf('cpu'))), LOADED);
  });
  await check('killed and resumed', async () => {
    // Sums by atomic additions come in any order.
    const env = {...subject.env, TF_DETERMINISTIC_OPS: '1'};
    const {kills: count, same, backend} = await inEnvironment(env, () => kills(KILLS, 2000, 1));
    const passes = same === KILLS && (values.rehearse || backend.includes('on the GPU'));
    return {passes, detail: `${same} of ${count} trainings come to the same weights; ${backend}`};
  });
  await check('memory over 200 steps', async () => {
    const {bars} = await inEnvironment(subject.env, () => flat(context));
    return {
      passes: bars.every(({holds}) => holds),
      detail: bars.map(({name, value, bar}) => `${name} ${bar}: ${value.toFixed(2)}`).join('; '),
    };
  });
  await check('step time', stepTimes);
  await checkTensorFloat(onSubject!);

  const file = values.rehearse ? 'runs/gpu.json' : 'benchmarks/results/gpu.json';
  fs.mkdirSync(path.dirname(file), {recursive: true});
  fs.writeFileSync(file, `${JSON.stringify({machine: {...describeMachine(), cards}, checks}, null, 1)}\n`);
  process.exitCode = checks.every(({passes}) => passes) ? 0 : 1;
}

stopAllAtExit();
main()
  .catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  })
  .finally(() => fs.rmSync(context.folder, {recursive: true, force: true}));
