import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {FieldSpec} from 'tfjs-autofis';
import {Packages, providePython} from '../../environment';
import {bytesOf, runTrees, treeColumns} from '../../internals';
import type {PartName, Table} from '../encode';

/** LightGBM, CatBoost and what they need. */
export const treePackages: Packages = {
  name: 'experiment-trees',
  requirements: path.join('benchmarks', 'experiments', 'trees', 'requirements.txt'),
  announcement: 'installing LightGBM and CatBoost for the experiments (about 900 MB of disk, once) ...',
};

export interface TreeArgs {
  /** How many trees, or the most of them with early stopping. */
  trees: number;
  /** Trees without a rise of validation AUC after which growing stops, and the best ones are kept; 0 for never. */
  patience: number;
  /** Whether the leaves of each row are asked for: of many rows and trees they take gigabytes. */
  leaves: boolean;
  /** LightGBM's own, such as num_leaves. */
  parameters: Record<string, number>;
}

let python: Promise<string> | null = null;

/** A Python with LightGBM and CatBoost, which are installed when they are first needed. */
export function treePython(): Promise<string> {
  python ??= providePython(treePackages, line => console.log(line)).then(({python, problem}) => {
    if (problem !== null)
      throw new Error(`LightGBM and CatBoost cannot be installed: ${problem}. They need Python 3 with venv and pip.`);
    return python;
  });
  return python;
}

/** What the trees say of the rows of one part. */
export interface PartOfForest {
  /** The leaf that a row falls into, counted from 0 in each tree: row-major [rows, trees]; empty if not asked for. */
  leaves: Int32Array;
  /** Probabilities. */
  predictions: Float64Array;
}

export interface Forest {
  /** Leaves of each tree. */
  sizes: number[];
  parts: Record<PartName, PartOfForest>;
  /** Seconds that the trees grew. */
  seconds: number;
  /** Seconds that the predictions of the test rows took. */
  inference: number;
}

/**
 * Grows trees on the training rows with LightGBM. Each value of a multi-hot field is a column of 0
 * and 1.
 *
 * @param python A Python with `treePackages`.
 * @param ordered Names of the fields whose ids stand in the order of what they mean; others are categories.
 */
export async function growTrees(
  python: string,
  fields: readonly FieldSpec[],
  ordered: readonly string[],
  parts: Record<PartName, Table>,
  {trees, patience, leaves, parameters}: TreeArgs,
): Promise<Forest> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-trees-'));
  try {
    const names = Object.keys(parts) as PartName[];
    for (const name of names) {
      writeFileSync(path.join(folder, `${name}.columns`), Int32Array.from(treeColumns(fields, parts[name].ids)));
      writeFileSync(path.join(folder, `${name}.labels`), parts[name].labels);
    }
    const kinds = fields.flatMap(({name, size, width}) =>
      width === undefined ? [!ordered.includes(name)] : Array<boolean>(size).fill(false),
    );
    const job = {
      folder,
      columns: kinds.length,
      categories: kinds.flatMap((category, i) => (category ? [i] : [])),
      trees,
      patience,
      leaves,
      parameters,
    };
    await runTrees(python, path.join('benchmarks', 'experiments', 'trees', 'gbdt.py'), job);
    const grown = JSON.parse(readFileSync(path.join(folder, 'grown.json'), 'utf8')) as Pick<
      Forest,
      'sizes' | 'seconds' | 'inference'
    >;
    const partOf = (name: PartName): PartOfForest => ({
      leaves: leaves ? new Int32Array(bytesOf(path.join(folder, `${name}.leaves`))) : new Int32Array(),
      predictions: new Float64Array(bytesOf(path.join(folder, `${name}.predictions`))),
    });
    return {...grown, parts: {train: partOf('train'), validation: partOf('validation'), test: partOf('test')}};
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}
