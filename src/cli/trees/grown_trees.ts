import path from 'node:path';
import {readFileSync, writeFileSync} from 'node:fs';
import {temporaryFolder} from '../../data/temporary_folder';
import {logitOf} from '../../logistic';
import {packageRoot} from '../package_root';
import {runChild} from '../run_child';
import {calibrated, recalibrate} from './recalibrate';
import type {TreePart, TreeTable} from './tree_table';

/**
 * Look for a Python with a package: the one that the environment variable AUTOFIS_PYTHON names, else `python3` and
 * `python` of the path.
 */
export async function findPython(name: 'lightgbm' | 'catboost'): Promise<string | null> {
  const named = process.env['AUTOFIS_PYTHON'];
  const commands = named === undefined ? ['python3', 'python'] : [named];
  for (const python of commands) {
    try {
      // Not from the working folder, which is where -c looks first.
      await runChild(python, ['-c', `import sys; sys.path = [p for p in sys.path if p]; import ${name}, numpy`]);
      return python;
    } catch {
      // Another one may have it.
    }
  }
  return null;
}

/** Facts about grown trees, as a script of this folder writes them. */
export interface Grown {
  /** Validation AUC of each setting that was tried. */
  aucs: number[];
  trees: number;
  /** Seconds of all settings and the refit. */
  seconds: number;
  /** Size of the model. */
  bytes: number;
  /** The library's. */
  version: string;
}

/**
 * Grow trees by a script of this folder. Their predictions of the test rows get the calibration that trees of the
 * training rows alone need on the validation rows: the highest AUC often comes with logits that are too sure.
 *
 * @throws Error with what Python printed where it fails.
 */
export async function growTrees<Settings>(
  {python, script}: {python: string; script: string},
  {columns, categories, parts}: TreeTable,
  job: object,
): Promise<Grown & Settings & {predictions: Float64Array}> {
  const {path: folder, remove} = temporaryFolder();
  try {
    for (const [name, part] of Object.entries(parts)) writePart(path.join(folder, name), part);
    await runTrees(python, path.join(packageRoot(), 'src', 'cli', 'trees', script), {
      folder,
      columns,
      categories,
      ...job,
    });
    const grown = JSON.parse(readFileSync(path.join(folder, 'grown.json'), 'utf8')) as Grown & Settings;
    const logits = (part: string) => new Float64Array(bytesOf(path.join(folder, `${part}.predictions`))).map(logitOf);
    const {labels, weights} = parts.validation;
    return {...grown, predictions: calibrated(logits('test'), recalibrate(labels, logits('validation'), weights))};
  } finally {
    await remove();
  }
}

function writePart(file: string, {columns, labels, weights}: TreePart): void {
  writeFileSync(`${file}.columns`, columns);
  writeFileSync(`${file}.labels`, labels);
  if (weights !== undefined) writeFileSync(`${file}.weights`, weights);
}

/**
 * Run a script that grows trees.
 *
 * @param job Its only argument, as JSON.
 * @throws Error with what Python printed where it fails.
 */
export async function runTrees(python: string, script: string, job: object): Promise<void> {
  // Spinning threads would take a busy machine from others, and from themselves.
  const env = {...process.env, OMP_WAIT_POLICY: 'passive', PYTHONDONTWRITEBYTECODE: '1'};
  await runChild(python, [script, JSON.stringify(job)], {env});
}

/** A file's bytes in a buffer of their own, which starts at 0 as typed arrays want it. */
export function bytesOf(file: string): ArrayBuffer {
  const {buffer, byteOffset, byteLength} = readFileSync(file);
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
