import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {Scores, Selection} from 'tfjs-autofis';
import {
  dataPlan,
  decisionInWords,
  encodeStep,
  type Invocation,
  labelsOfRows,
  loadTensors,
  openParts,
  outputTo,
  positiveInWords,
  predicted,
  RunFolder,
  type TunedTrees,
} from '../../internals';
import type {Tables} from '../plan';
import {selectInThreads} from '../select_in_threads';
import {treePython} from '../trees/gbdt';
import {growWith, treeLibraries, type TreeLibrary} from '../trees/rival_trees';
import {type Compared, compared, scoresOf} from './compared';
import {rawColumns} from './raw_columns';

/** What a selection is compared with. */
export const rivalNames = [...treeLibraries, 'LR', 'all pairs'] as const;
export type RivalName = (typeof rivalNames)[number];

/** One table with one seed. */
export interface TableResult {
  /** What the label is, in words. */
  label: string;
  /** Rows of train, validation and test. */
  rows: [number, number, number];
  fields: number;
  /** Positive test rows. */
  positives: number;
  /** The decision in words. */
  chosen: string;
  selected: {pairs: number; triples: number};
  /** All pairs. */
  total: number;
  warnings: string[];
  selection: Scores;
  /** Without all pairs where the table has too few rows of a label for them. */
  rivals: Partial<Record<RivalName, {test: Scores; compared: Compared}>>;
  /** Seconds of `autoSelect`, from ids to a model and its rivals. */
  seconds: number;
  trees: Record<TreeLibrary, Omit<TunedTrees, 'predictions'>>;
}

/** Reads a table as `tfjs-autofis run` does, selects, and compares with rivals on the same rows. */
export async function runTable(
  name: string,
  {folder, label, part}: Pick<Tables, 'folder' | 'label' | 'part'>,
  seed: number,
): Promise<TableResult> {
  const work = mkdtempSync(path.join(os.tmpdir(), 'autofis-unseen-'));
  const data = path.join(folder, name);
  const run: Invocation = {
    values: {data, label, splitColumn: part, seed, quiet: true},
    output: outputTo({stdout: process.stdout, stderr: process.stdout}, {}),
  };
  try {
    return await runIn(new RunFolder(work, false), run, data, seed);
  } finally {
    rmSync(work, {recursive: true, force: true});
  }
}

async function runIn(folder: RunFolder, run: Invocation, file: string, seed: number): Promise<TableResult> {
  const plan = await dataPlan(run);
  const {schema, split} = plan;
  await encodeStep(run, folder, plan);
  if (split.by !== 'column')
    throw new Error(
      `${file} has no column that says which rows are train, validation and test. Add one, or name it with --part.`,
    );
  const parts = await openParts(folder);
  const {fields} = parts.train;
  const [train, validation, test] = await Promise.all([parts.train, parts.valid, parts.test].map(loadTensors));
  try {
    const labels = labelsOfRows(test);
    const start = performance.now();
    const {own, others, ...selected} = await selectInThreads(
      {fields, train, validation, test, seed},
      ({model, rivals, selection, decision, warnings}) => ({
        seconds: (performance.now() - start) / 1000,
        own: predicted(model, test),
        others: new Map(rivals.map(rival => [rival.role, predicted(rival.model, test)])),
        chosen: decisionInWords(decision),
        selected: countsOf(selection),
        warnings,
      }),
    );
    const columns = await rawColumns(file, {
      label: schema.label!.column,
      split,
      labels: {
        train: Float32Array.from(labelsOfRows(train)),
        validation: Float32Array.from(labelsOfRows(validation)),
        test: Float32Array.from(labels),
      },
    });
    const rivals: TableResult['rivals'] = {};
    const add = (rival: RivalName, predictions: ArrayLike<number> | undefined, isSame = false) => {
      if (predictions !== undefined)
        rivals[rival] = {test: scoresOf(labels, predictions), compared: compared(labels, own, predictions, isSame)};
    };
    const trees: Partial<TableResult['trees']> = {};
    for (const library of treeLibraries) {
      const {predictions, ...grown} = await growWith[library](await treePython(), columns, {seed});
      trees[library] = grown;
      add(library, predictions);
    }
    // Where logistic regression was chosen, it is not among the rivals.
    add('LR', others.get('linear') ?? own, !others.has('linear'));
    add('all pairs', others.get('all'));
    return {
      label: positiveInWords(schema.label!),
      rows: [train, validation, test].map(({ys}) => ys.shape[0]) as [number, number, number],
      fields: fields.length,
      positives: Array.from(labels).filter(label => label === 1).length,
      total: (fields.length * (fields.length - 1)) / 2,
      ...selected,
      selection: scoresOf(labels, own),
      rivals,
      trees: trees as TableResult['trees'],
    };
  } finally {
    [train, validation, test].forEach(rows => rows.dispose());
  }
}

function countsOf(selection: Selection): TableResult['selected'] {
  const triples = selection.filter(({order}) => order === 3).length;
  return {pairs: selection.length - triples, triples};
}
