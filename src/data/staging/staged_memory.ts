import path from 'node:path';
import {fitField} from '../../schema/columns/fit_columns';
import {labelReader} from '../../schema/label';
import {missingTest} from '../../schema/rules/rule';
import type {FieldRule, LabelRule, Schema} from '../../schema/schema';
import {PARTS, type Split} from '../../schema/split';
import {bound, cuts, orderCuts, partOfRow, rowHash} from '../../schema/part_of_row';
import {NO_PART, partAt, plainNumber} from '../../schema/split_times';
import type {FittedField, FittedSchema} from '../../schema/vocabulary';
import {neededColumns} from '../sql/columns';
import {encodedValues} from '../sql/field_codes';
import type {CodedColumn} from '../../wasm/coded_text';
import {type PlainLimits, type PlainTable, readPlainText} from '../sources/plain_text';
import {type CodedChunk, type LeftOut, type StagedRows, type SourceReading, type Staged} from './staged';
import {leaveOutRepeated} from './repeated_rows';
import {wrongDate} from './wrong_date';

/**
 * 64 MB of codes, and as much text; so few different texts that strings of them, each encoded by itself, take less time
 * than DuckDB does.
 */
const LIMITS: PlainLimits = {cells: 2 ** 24, texts: 2 ** 18, bytes: 2 ** 26};

const [TRAIN, VALID, TEST] = PARTS.map((_, i) => i);
const PART_KINDS = NO_PART + 1;

/** Rows that are encoded at a time. */
const BLOCK_ROWS = 2 ** 13;

/**
 * Read a source that is small, plain text without faults: each value becomes a code as it is read, and fitting and
 * encoding work on codes and distinct values, by the code that browsers run. Undefined for every other source: DuckDB
 * then reads it from the beginning, and reports its faults.
 */
export async function stageInMemory({
  relation,
  schema,
  split,
  unique,
  progress,
}: SourceReading): Promise<Staged | undefined> {
  if (relation.text === undefined || !relation.text.columns.isRegular) return undefined;
  const expected = await relation.expectedRows();
  const wanted = neededColumns(schema, split);
  if (expected === undefined || expected * wanted.length > LIMITS.cells) return undefined;
  const {
    files,
    columns: {names},
  } = relation.text;
  await progress.expect(async () => expected);
  const steps = progress.start('reading');
  const table = await readPlainText(files, names, wanted, Math.ceil(1.1 * expected), LIMITS, rows =>
    steps.step(Math.min(1, rows / expected)),
  );
  if (table === undefined) return undefined;
  const column = (name: string) => table.columns.get(name)!;
  if (!schema.fields.every(rule => isSound(rule, column(rule.column)))) return undefined;
  const labels =
    schema.label === undefined ? new Uint8Array(table.rows) : labelsOf(schema.label, column(schema.label.column));
  const weights = schema.weight === undefined ? null : weightsOf(column(schema.weight.column));
  const parts = partsOf(split, table, relation.files);
  if (labels === undefined || weights === undefined || parts === undefined) return undefined;
  let weightless = 0;
  weights?.forEach((weight, row) => {
    if (weight > 0) return;
    parts[row] = NO_PART;
    weightless++;
  });
  const repeated = unique === true ? leaveOutRepeated(schema, table, {parts, labels, weights}) : 0;
  steps.stop();
  return new StagedInMemory(schema, table, parts, labels, {weightless, repeated}, weights ?? undefined);
}

/** Tell whether the field can read all values of its column. */
function isSound(rule: FieldRule, {values}: CodedColumn): boolean {
  if (rule.type === 'dateTime') return !values.some(wrongDate(rule));
  if (rule.type !== 'numeric') return true;
  const isMissing = missingTest(rule.missing);
  return values.every(value => isMissing(value) || plainNumber(value) !== undefined);
}

/**
 * Return a number for each row, computed once for each value. Undefined if a value has none; a row without a value gets
 * `missing`.
 */
function perRow<T extends Uint8Array | Float32Array>(
  {values, codes}: CodedColumn,
  of: (value: string) => number | undefined,
  missing: number | undefined,
  rows: T,
): T | undefined {
  const known = [missing, ...values.map(of)];
  if (known.slice(1).includes(undefined) || (missing === undefined && codes.includes(0))) return undefined;
  for (let row = 0; row < codes.length; row++) rows[row] = known[codes[row]]!;
  return rows;
}

function labelsOf(rule: LabelRule, column: CodedColumn): Uint8Array | undefined {
  return perRow(column, labelReader(rule), undefined, new Uint8Array(column.codes.length));
}

function weightsOf(column: CodedColumn): Float32Array | undefined {
  const weight = (text: string) => {
    const x = plainNumber(text);
    return x !== undefined && x >= 0 && Number.isFinite(Math.fround(x)) ? x : undefined;
  };
  return perRow(column, weight, undefined, new Float32Array(column.codes.length));
}

/** The part of each row; undefined where a time cannot be read. */
function partsOf(
  split: Split | undefined,
  {rows, starts, columns}: PlainTable,
  files: readonly string[],
): Uint8Array | undefined {
  const parts = new Uint8Array(rows);
  if (split === undefined) return parts;
  if (split.by === 'fraction') {
    draw(parts, split.seed, ...cuts(split));
    return parts;
  }
  if (split.by === 'order') {
    const [test, valid] = orderCuts(split, rows);
    parts.fill(VALID, valid).fill(TEST, test);
    return parts;
  }
  const partOf = (value: string) => {
    if (split.by === 'group') return PARTS.indexOf(partOfRow(split, 0, value)!);
    const part = split.by === 'time' ? -1 : PARTS.findIndex(name => split[name]?.includes(value));
    return part < 0 ? NO_PART : part;
  };
  if (split.by === 'file') {
    files.forEach((file, i) => parts.fill(partOf(path.basename(file)), starts[i], starts[i + 1] ?? rows));
    return parts;
  }
  const column = columns.get(split.column)!;
  if (split.by === 'time') return perRow(column, partAt(split), NO_PART, parts);
  perRow(column, partOf, NO_PART, parts);
  if (split.by === 'column' && split.validOfTrain !== undefined)
    draw(parts, split.validOfTrain.seed, 0, bound(split.validOfTrain.fraction));
  return parts;
}

/** Give training rows to other parts: those whose hash lies below `test`, and below `valid`. */
function draw(parts: Uint8Array, seed: number, test: number, valid: number): void {
  for (let row = 0; row < parts.length; row++) {
    if (parts[row] !== TRAIN) continue;
    const hash = rowHash(seed, row);
    if (hash < test) parts[row] = TEST;
    else if (hash < valid) parts[row] = VALID;
  }
}

/** Rows in memory, as codes of the values of their columns. */
class StagedInMemory implements Staged {
  readonly rejects = {count: 0, examples: []};
  readonly count: number;
  readonly leftOut: LeftOut;

  constructor(
    private readonly schema: Schema,
    private readonly table: PlainTable,
    private readonly parts: Uint8Array,
    private readonly labels: Uint8Array,
    {weightless, repeated}: Pick<LeftOut, 'weightless' | 'repeated'>,
    private readonly weights?: Float32Array,
  ) {
    let count = 0;
    for (let row = 0; row < parts.length; row++) if (parts[row] !== NO_PART) count++;
    this.count = count;
    this.leftOut = {weightless, repeated, withoutPart: parts.length - this.count - weightless - repeated};
  }

  async training(): Promise<{rows: number; positives: number}> {
    const {parts, labels} = this;
    let rows = 0;
    let positives = 0;
    for (let row = 0; row < parts.length; row++) {
      if (parts[row] !== TRAIN) continue;
      rows++;
      positives += labels[row];
    }
    return {rows, positives};
  }

  async fit(_rows: number, step: (done: number) => void): Promise<FittedField[]> {
    return this.schema.fields.map((rule, i, {length}) => {
      step(i / length);
      const column = this.table.columns.get(rule.column)!;
      return fitField(rule, column, this.trainingCounts(column));
    });
  }

  /** Training rows of each value of a column, those without one last. */
  private trainingCounts({values, codes}: CodedColumn): Float64Array {
    // Counted by part, too: a condition in each row would take longer.
    const counts = new Int32Array((values.length + 1) * PART_KINDS);
    const {parts} = this;
    for (let row = 0; row < codes.length; row++) counts[codes[row] * PART_KINDS + parts[row]]++;
    const all = values.length + 1;
    return Float64Array.from({length: all}, (_, i) => counts[((i + 1) % all) * PART_KINDS + TRAIN]);
  }

  async encoded({fields: fitted}: FittedSchema): Promise<StagedRows> {
    const {
      parts,
      labels,
      weights,
      table: {rows, columns},
    } = this;
    const coded = this.schema.fields.map((rule, i) => ({...columns.get(rule.column)!, rule, field: fitted[i]}));
    const chunks = async function* (): AsyncGenerator<CodedChunk> {
      for (let from = 0; from < rows; from += BLOCK_ROWS) {
        const to = Math.min(rows, from + BLOCK_ROWS);
        yield {
          count: to - from,
          parts: parts.subarray(from, to),
          labels: labels.subarray(from, to),
          weights: weights?.subarray(from, to),
          codes: coded.map(({codes}) => ({items: codes, first: from, step: 1})),
        };
      }
    };
    return {fields: coded.map(({rule, field, values}) => encodedValues(rule, field, values)), chunks};
  }
}
