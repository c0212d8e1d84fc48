import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type {Candidate, LabeledRows, Selection} from 'tfjs-autofis';
import {
  checkAutoSelect,
  dataPlan,
  encodeStep,
  type Invocation,
  joinRows,
  labelsOfRows,
  loadModel,
  loadTensors,
  openPart,
  positiveInWords,
  predicted,
  RunFolder,
  type Scores,
  type SelectResult,
  selectStep,
  trainForGood,
  type TunedTrees,
  tuneTrees,
} from '../../internals';
import {baseOf, plainBases} from '../chosen_base';
import type {Tables} from '../plan';
import {treePython} from '../trees/gbdt';
import {Compared, compared, scoresOf} from './compared';
import {rawColumns} from './raw_columns';

/** What the recipe is compared with. */
export const rivalNames = ['LightGBM', 'LR', 'FM', 'FFM'] as const;
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
  chosen: string;
  kept: {pairs: number; triples: number};
  /** All pairs. */
  total: number;
  candidates: Array<Pick<Candidate, 'name' | 'parameters' | 'choice' | 'seconds'>>;
  warnings: string[];
  recipe: Scores;
  /** Without FM and FFM where the table has too few rows of a label for them. */
  rivals: Partial<Record<RivalName, {name: string; test: Scores; compared: Compared}>>;
  /** That of FM and FFM which the recipe's own validation rows prefer. */
  pairs: 'FM' | 'FFM' | null;
  /** Seconds of the recipe from ids to a model, and of one training of the chosen base with all pairs on train. */
  seconds: {recipe: number; base: number | null};
  trees: Omit<TunedTrees, 'predictions'>;
}

/** Runs `tfjs-autofis run` on a table, and its rivals on the same rows. */
export async function runTable(
  name: string,
  {folder, label, part}: Pick<Tables, 'folder' | 'label' | 'part'>,
  seed: number,
): Promise<TableResult> {
  const work = mkdtempSync(path.join(os.tmpdir(), 'autofis-unseen-'));
  const data = path.join(folder, name);
  const run: Invocation = {
    values: {data, label, splitColumn: part, seed, quiet: true},
    output: {
      terminal: false,
      json: false,
      quiet: true,
      // A line an epoch is too much for a folder of tables.
      note: line => (/: epoch \d+ of /.test(line) ? undefined : console.log(`  ${line}`)),
      say: () => undefined,
      result: () => undefined,
    },
  };
  try {
    return await runIn(new RunFolder(work, false), run, data, seed);
  } finally {
    rmSync(work, {recursive: true, force: true});
  }
}

async function runIn(folder: RunFolder, run: Invocation, file: string, seed: number): Promise<TableResult> {
  const plan = await dataPlan(run.values);
  const {schema, split} = plan;
  await encodeStep(run, folder, plan);
  if (split.by !== 'column')
    throw new Error(
      `${file} has no column that says which rows are train, validation and test. Add one, or name it with --part.`,
    );
  const start = performance.now();
  const selected = await selectStep(run, folder, tf.getBackend());
  const seconds = (performance.now() - start) / 1000;

  const [train, validation, test] = await Promise.all(
    (['train', 'valid', 'test'] as const).map(async part => loadTensors(await openPart(folder, part))),
  );
  try {
    const {fields} = await openPart(folder, 'train');
    const model = await loadModel(folder, 'select');
    const own = predicted(model, test);
    model.dispose();
    const labels = labelsOfRows(test);
    const rivals: TableResult['rivals'] = {};
    const add = (rival: RivalName, name: string, predictions: ArrayLike<number>) => {
      rivals[rival] = {
        name,
        test: scoresOf(labels, predictions),
        compared: compared(labels, own, predictions, name === selected.chosen.name),
      };
    };
    const plain = plainRivals(selected);
    for (const [rival, candidate] of plain) {
      const isChosen = candidate.name === selected.chosen.name;
      add(rival, candidate.name, isChosen ? own : await refit(selected, candidate, {fields, train, validation}, test));
    }
    const columns = await rawColumns(file, {
      label: schema.label!.column,
      split,
      labels: {
        train: Float32Array.from(labelsOfRows(train)),
        validation: Float32Array.from(labelsOfRows(validation)),
        test: Float32Array.from(labels),
      },
    });
    const {predictions, ...trees} = await tuneTrees(await treePython(), columns, {seed});
    add('LightGBM', 'LightGBM', predictions);
    const base = baseOf(selected);
    return {
      label: positiveInWords(schema.label!),
      rows: [train, validation, test].map(({ys}) => ys.shape[0]) as [number, number, number],
      fields: fields.length,
      positives: Array.from(labels).filter(label => label === 1).length,
      chosen: selected.chosen.name,
      kept: keptOf(selected.selection),
      total: (fields.length * (fields.length - 1)) / 2,
      // Without their pairs, which would be most of the file.
      candidates: selected.candidates.map(({name, parameters, choice, seconds}) => ({
        name,
        parameters,
        choice,
        seconds,
      })),
      warnings: selected.warnings,
      recipe: scoresOf(labels, own),
      rivals,
      pairs: (plain.filter(([rival]) => rival !== 'LR').sort(byAuc)[0]?.[0] ?? null) as TableResult['pairs'],
      seconds: {recipe: seconds, base: base?.seconds ?? null},
      trees,
    };
  } finally {
    [train, validation, test].forEach(rows => rows.dispose());
  }
}

function keptOf(selection: Selection): TableResult['kept'] {
  const triples = selection.filter(({order}) => order === 3).length;
  return {pairs: selection.length - triples, triples};
}

const byAuc = ([, a]: [unknown, Candidate], [, b]: [unknown, Candidate]) => b.choice.auc - a.choice.auc;

/** Logistic regression, and of FM and FFM with all pairs the one with the penalty that V2 prefers. */
export function plainRivals({candidates}: Pick<SelectResult, 'candidates'>): Array<[RivalName, Candidate]> {
  const whole = plainBases(candidates).map((candidate): [RivalName, Candidate] => [
    candidate.form.startsWith('FFM') ? 'FFM' : 'FM',
    candidate,
  ]);
  const best = (rival: RivalName) =>
    whole
      .filter(([name]) => name === rival)
      .sort(byAuc)
      .slice(0, 1);
  const linear = candidates.filter(({ridge}) => ridge !== null);
  return [...linear.map((candidate): [RivalName, Candidate] => ['LR', candidate]), ...best('FM'), ...best('FFM')];
}

/** A candidate's predictions of the test rows after a training on all others, as the recipe refits its own choice. */
async function refit(
  {plan: {effort, schedule, seed}}: SelectResult,
  candidate: Candidate,
  parts: {fields: Parameters<typeof checkAutoSelect>[1]['fields']; train: LabeledRows; validation: LabeledRows},
  test: LabeledRows,
): Promise<Float32Array> {
  const all = joinRows(parts.train, parts.validation);
  try {
    const recipe = checkAutoSelect('unseen', {...parts, effort, schedule, seed});
    const model = await trainForGood(recipe, all.rows, candidate);
    const predictions = predicted(model, test);
    model.dispose();
    return predictions;
  } finally {
    all.dispose();
  }
}
