import {mkdir, rename, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {textTable} from 'tfjs-autofis/report';

/** What a model reached on the test rows. */
export interface ModelRow {
  name: string;
  auc: number;
  logloss: number;
  /** Interactions that the model computes or has open, and how many there are; null where it has none. */
  open: number | null;
  total: number | null;
  parameters: number;
}

/** A figure that must hold. */
export interface Bar {
  name: string;
  value: number;
  bar: number;
  holds: boolean;
}

/** What every command of the project that measures something writes. */
export interface Summary {
  command: string;
  seed: number;
  backend: string;
  models: ModelRow[];
  /** Selected interactions, those that gain most first. */
  selection: Array<{fields: string[]; gain: number; standardError: number}>;
  bars: Bar[];
}

/** Writes text in one step: a reader never sees half of it. */
export async function writeText(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), {recursive: true});
  const partial = `${file}.${process.pid}.partial`;
  await writeFile(partial, text);
  await rename(partial, file);
}

/** The models as a table of plain text. */
export function formatTable(models: ModelRow[]): string {
  const head = ['model', 'test AUC', 'logloss', 'interactions', 'parameters'];
  const rows = models.map(m => [
    m.name,
    m.auc.toFixed(4),
    m.logloss.toFixed(4),
    m.open === null ? '-' : `${m.open} of ${m.total}`,
    m.parameters.toLocaleString('en'),
  ]);
  return textTable(head, rows, [0]);
}
