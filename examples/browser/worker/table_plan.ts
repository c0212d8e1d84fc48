import type {FieldRule, Schema} from 'tfjs-autofis';
import {encodeColumns, labelsOf} from '../../../src/schema/columns/encode_columns';
import {fitColumns} from '../../../src/schema/columns/fit_columns';
import {type ColumnFacts, columnFacts} from '../../../src/schema/inference/column_facts';
import {assumptionText, type Reading} from '../../../src/schema/inference/assumption';
import {foldCounts} from '../../../src/schema/inference/compare_readings';
import {inferFields} from '../../../src/schema/inference/infer_fields';
import {inferRule, isDoubtful} from '../../../src/schema/inference/infer_rule';
import {inferLabel} from '../../../src/schema/inference/infer_label';
import {labelReader} from '../../../src/schema/label';
import {partOfRow, PARTS, type Split} from '../../../src/schema/split';
import {fieldSpecs} from '../../../src/schema/vocabulary';
import type {ColumnView, TableView, Use} from '../protocol';
import {words} from '../strings';
import type {Dataset, Part} from './dataset';
import type {ReadTable} from './read_table';

/** The seed that parts the rows: that of the command line. */
const SPLIT_SEED = 1;
/** What a person's choice is for the inference. */
const READINGS: Record<Exclude<Use, 'proposed'>, Reading> = {category: 'category', number: 'number', ignored: 'drop'};
/** Rows of each part that a run needs at least. */
const LEAST_ROWS = {train: 200, valid: 20, test: 20};

/** A read table with what is known of its columns. */
export class TablePlan {
  private readonly facts: ColumnFacts[];
  private label: string | null;
  private uses: {[column: string]: Use} = {};

  constructor(
    private readonly name: string,
    private readonly table: ReadTable,
  ) {
    this.facts = table.columns.map(columnFacts);
    const candidates = this.facts.filter(isBinary).map(({name}) => name);
    this.label =
      candidates.find(each => words.labelNames.includes(each.toLowerCase())) ??
      this.facts.find(isPlainLabel)?.name ??
      null;
  }

  /** What a person has decided. */
  change(label: string | null, uses: {[column: string]: Use}): void {
    this.label = label;
    this.uses = uses;
  }

  /** The table for the page, and the data of a run where nothing stands in its way. */
  make(): {view: TableView; dataset: Dataset | null} {
    const view: TableView = {
      name: this.name,
      rows: this.table.columns[0].codes.length,
      columns: [],
      label: this.label,
      notes: [],
      problems: [...this.table.problems],
      obstacle: null,
      fields: [],
      parts: [],
    };
    try {
      const {schema, split} = this.schema(view);
      const dataset = this.encode(schema, split, view);
      return {view, dataset: view.obstacle === null ? dataset : null};
    } catch (error) {
      view.obstacle = messageOf(error);
      if (view.columns.length === 0) view.columns = this.columns(this.facts, [], null);
      return {view, dataset: null};
    }
  }

  private schema(view: TableView): {schema: Schema; split: Split} {
    if (this.label === null) {
      const meant = this.facts.find(({name}) => words.labelNames.includes(name.toLowerCase()));
      const choices = this.facts.filter(isBinary).map(({name}) => name);
      throw new Error(
        meant === undefined
          ? words.plan.noLabel(choices)
          : words.plan.badLabel(meant.name, meant.examples, meant.distinct, meant.rows - meant.present),
      );
    }
    const as = Object.fromEntries(
      Object.entries(this.uses).flatMap(([name, use]) =>
        use === 'proposed' || name === this.label ? [] : [[name, READINGS[use]]],
      ),
    );
    const facts = this.factsWithLabels();
    const {schema, split, assumptions} = inferFields('inferFields', facts, {
      label: this.label,
      seed: SPLIT_SEED,
      as,
      complete: true,
    });
    const part = split.by === 'column' ? split.column : null;
    view.notes = assumptions.map(assumptionText);
    view.columns = this.columns(facts, schema.fields, part);
    return {schema, split};
  }

  /** The facts, with the labels of the rows where they can help to read a column. */
  private factsWithLabels(): ColumnFacts[] {
    const {columns} = this.table;
    const {rule} = inferLabel('inferFields', this.facts, {label: this.label!});
    const label = columns.find(({name}) => name === rule.column)!;
    return this.facts.map((facts, i) =>
      facts.name !== rule.column && isDoubtful(facts)
        ? {...facts, folds: foldCounts(columns[i], facts.missing, label, rule)}
        : facts,
    );
  }

  private columns(all: readonly ColumnFacts[], fields: readonly FieldRule[], part: string | null): ColumnView[] {
    return all.map(facts => {
      const {name, distinct, rows, present, examples} = facts;
      const role =
        name === this.label
          ? 'label'
          : name === part
            ? 'part'
            : fields.some(({column}) => column === name)
              ? 'field'
              : 'ignored';
      return {
        name,
        distinct,
        missing: rows - present,
        examples: examples.slice(0, 4),
        binary: isBinary(facts),
        role,
        proposed: words.plan.proposed(inferRule('inferFields', facts, {complete: true}).rules),
        use: this.uses[name] ?? 'proposed',
      };
    });
  }

  private encode(schema: Schema, split: Split, view: TableView): Dataset | null {
    const {columns} = this.table;
    const rows = columns[0].codes.length;
    const labels = labelsOf(
      schema.label!,
      columns.find(({name}) => name === schema.label!.column)!,
    );
    const parting = split.by === 'column' ? columns.find(({name}) => name === split.column)! : null;
    if (split.by !== 'column' && split.by !== 'fraction') throw new Error(`unknown split ${split.by}`);
    const parts = Array.from({length: rows}, (_, row) =>
      partOfRow(split, row, parting === null || parting.codes[row] < 0 ? null : parting.values[parting.codes[row]]),
    );
    const fitted = fitColumns(schema, columns, row => parts[row] === 'train');
    const {ids, width, problems} = encodeColumns(fitted, columns);
    view.problems.push(...problems.map(words.plan.broken));
    const take = (part: string): Part => {
      const own = parts.flatMap((each, row) => (each === part ? [row] : []));
      const taken = new Int32Array(own.length * width);
      own.forEach((row, i) => taken.set(ids.subarray(row * width, (row + 1) * width), i * width));
      return {ids: taken, labels: Float32Array.from(own, row => labels[row]), rows: own.length};
    };
    const dataset = {name: this.name, fitted, width, train: take('train'), valid: take('valid'), test: take('test')};
    view.fields = fieldSpecs(fitted).map(({name, size}) => ({name, size}));
    view.parts = PARTS.map(name => ({
      name,
      rows: dataset[name].rows,
      positives: dataset[name].labels.reduce((sum, label) => sum + label, 0),
    }));
    const small = view.parts.find(
      ({name, rows, positives}) => rows < LEAST_ROWS[name] || positives === 0 || positives === rows,
    );
    if (fitted.fields.length < 2) view.obstacle = words.plan.fewFields(fitted.fields.length);
    else if (small !== undefined)
      view.obstacle = words.plan.small(small, LEAST_ROWS[small.name], split.by === 'column' ? split.column : null);
    return dataset;
  }
}

/** Whether a column can be the label: it has two values, in every row. */
function isBinary(facts: ColumnFacts): boolean {
  return facts.present === facts.rows && (facts.distinct === 2 || isPlainLabel(facts));
}

/** Whether it holds 0 and 1, in whatever form, and nothing else. */
function isPlainLabel({examples, present, rows, distinct}: ColumnFacts): boolean {
  const labels = new Set(examples.map(labelReader({column: ''})));
  return (
    distinct >= 2 && present === rows && distinct === examples.length && labels.size === 2 && !labels.has(undefined)
  );
}

/** What went wrong, for people: without the name of a function in front. */
export function messageOf(error: unknown): string {
  return words.sentence((error instanceof Error ? error.message : String(error)).replace(/^[a-z]\w*: /, ''));
}
