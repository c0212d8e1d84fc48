import {mkdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {checkChoice, checkInteger, checkKeys, isCount} from '../checks';
import {AutofisError, invalidArgument, show} from '../errors';
import {isOrder} from '../interactions';
import {replaceFile} from '../runtime/replace_file';
import type {SelectedInteraction, Selection} from '../stages/selection';
import {checkFieldNames, decodeCombMask, encodeCombMask} from './comb_mask';
import {decodeSelectionCsv, encodeSelectionCsv} from './selection_csv';

export interface WriteSelectionOptions {
  /** The model's fields in order, by name or as {name}. A mask needs them; other files are checked against them. */
  fields?: ReadonlyArray<string | {name: string}>;
}

export interface ReadSelectionOptions extends WriteSelectionOptions {
  /** Which gate of the model a mask belongs to; default 0. */
  gate?: number;
  /** Number of fields that an interaction of a mask joins; default 2. */
  order?: 2 | 3;
}

/**
 * Write a selection; its folder is made. The file's extension decides the format:
 *
 * - `.json`: the list itself;
 * - `.csv`: one line an interaction, with the columns rank, gate, order, alpha, interaction, field 1, field 2, ...;
 * - `.npy`: the mask of one gate as PaddleRec's AutoFIS writes and reads it (`comb_mask.npy`): `<i8`, 1 for each kept
 * interaction in the order of itertools.combinations. It holds neither alpha nor names.
 *
 * @throws AutofisError on another extension, a mask without `fields`, or of a selection with several gates, or names
 * that are not those of `fields`.
 * @example
 * await writeSelection('comb_mask.npy', search.selection, {fields});
 */
export async function writeSelection(
  file: string,
  selection: Selection,
  options: WriteSelectionOptions = {},
): Promise<void> {
  const where = 'writeSelection';
  checkKeys(where, options, ['fields']);
  const format = formatOf(where, file);
  const fields = namesOf(where, options.fields, format);
  const checked = checkEntries(`${where}: \`selection\``, selection, fields);
  const encoders = {
    '.json': () => `${JSON.stringify(checked, null, 1)}\n`,
    '.csv': () => encodeSelectionCsv(checked),
    '.npy': () => encodeCombMask(where, checked, fields!),
  };
  const content = encoders[format]();
  await mkdir(path.dirname(file), {recursive: true});
  await replaceFile(file, content);
}

/**
 * Read a selection that {@link writeSelection} wrote, or a mask of PaddleRec's AutoFIS (`<i8` or `<i4`), for
 * `retrainModel` and `pruneModel`. A mask's interactions get alpha 0.6, the paper's start, and the names of `fields`.
 *
 * @throws AutofisError on a file that cannot be read or is damaged, a mask whose length does not fit `fields`, or names
 * that are not those of `fields`.
 * @example
 * const slim = retrainModel(model, await readSelection('comb_mask.npy', {fields}));
 */
export async function readSelection(file: string, options: ReadSelectionOptions = {}): Promise<Selection> {
  const where = 'readSelection';
  checkKeys(where, options, ['fields', 'gate', 'order']);
  const {gate = 0, order = 2} = options;
  checkInteger(where, 'gate', gate, 0);
  checkChoice(where, 'order', order, [2, 3]);
  const format = formatOf(where, file);
  const fields = namesOf(where, options.fields, format);
  const content = await readFile(file).catch((error: Error) => {
    throw new AutofisError(`${where}: ${file} cannot be read: ${error.message}.`);
  });
  const at = `${where}: ${file}`;
  if (format === '.npy') return decodeCombMask(at, content, fields!, order, gate);
  const text = content.toString('utf8');
  return checkEntries(at, format === '.csv' ? decodeSelectionCsv(text) : parse(at, text), fields);
}

type Format = '.json' | '.csv' | '.npy';

function formatOf(where: string, file: string): Format {
  const format = typeof file === 'string' ? path.extname(file).toLowerCase() : '';
  if (!['.json', '.csv', '.npy'].includes(format)) {
    throw invalidArgument(where, 'file', 'end in .json, .csv or .npy', file);
  }
  return format as Format;
}

function namesOf(where: string, fields: WriteSelectionOptions['fields'], format: Format): string[] | null {
  if (fields == null) {
    if (format !== '.npy') return null;
    const rule = 'be given for a .npy file, which holds no names';
    throw invalidArgument(where, 'fields', rule, fields, "Give the model's fields in order.");
  }
  const names = Array.isArray(fields)
    ? fields.map((field: string | {name: string}) => (typeof field === 'string' ? field : field?.name))
    : [];
  if (names.length < 2 || names.some(name => typeof name !== 'string')) {
    throw invalidArgument(where, 'fields', 'be a list of at least two names or {name}', fields);
  }
  return names;
}

function parse(at: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AutofisError(`${at} is not JSON: ${(error as Error).message}.`);
  }
}

/** The entries with their own keys only, in a fixed order; throws unless each is an interaction with its names. */
function checkEntries(at: string, entries: unknown, fields: readonly string[] | null): Selection {
  if (!Array.isArray(entries)) {
    throw new AutofisError(`${at} must be a list like \`search.selection\`. Received: ${show(entries)}.`);
  }
  const selection = entries.map((entry: Partial<SelectedInteraction> | null, i) => {
    const {fields: names, alpha, rank, order, interaction, gate} = entry ?? {};
    const valid =
      isOrder(order) &&
      isListOf(names, order, name => typeof name === 'string') &&
      isListOf(interaction, order, isCount) &&
      interaction!.every((f, k) => k === 0 || f > interaction![k - 1]) &&
      typeof alpha === 'number' &&
      Number.isFinite(alpha) &&
      isCount(rank) &&
      isCount(gate);
    if (!valid) {
      throw new AutofisError(
        `${at}: entry ${i} must have fields, alpha, rank, order, interaction (ascending positions) and gate, ` +
          `like those of \`search.selection\`. Received: ${show(entry)}.`,
      );
    }
    return {fields: names!, alpha: alpha!, rank: rank!, order: order!, interaction: interaction!, gate: gate!};
  });
  if (fields !== null) checkFieldNames(at, selection, fields);
  return selection;
}

function isListOf(list: unknown, length: number, holds: (value: unknown) => boolean): boolean {
  return Array.isArray(list) && list.length === length && list.every(holds);
}
