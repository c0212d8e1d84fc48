import {fieldSpecs, type Schema} from 'tfjs-autofis';
import {columnFacts, encodeColumns, fitColumns, inferFields, labelsOf, partOfRow} from 'tfjs-autofis/schema';
import type {Choices, ColumnView, Decisions, TableView, Use} from '../protocol';
import {words} from '../strings';
import {type Dataset, type Part, PROPOSED} from './dataset';
import {histogramOf} from './histogram';
import type {ReadTable} from './read_table';
import {assumptionText, type Reading} from '../../../src/schema/inference/assumption';
import type {ColumnFacts} from '../../../src/schema/inference/column_facts';
import {inferColumn} from '../../../src/schema/inference/infer_column';
import type {Inferred} from '../../../src/schema/inference/infer_fields';
import {labelReader, positiveInWords} from '../../../src/schema/label';
import {PARTS} from '../../../src/schema/split';

/** The seed that splits the rows: that of the command line. */
const SPLIT_SEED = 1;
/** What a person's choice is for the inference. */
const READINGS: Record<Exclude<Use, 'proposed'>, Reading> = {
  category: 'category',
  number: 'number',
  date: 'date',
  ignored: 'drop',
};
/** Values of a label at most. */
const MOST_CLASSES = 10;
/** Rows of each part that a run needs at least. */
const LEAST_ROWS = {train: 200, valid: 20, test: 20};

/** A read table with what is known of its columns. */
export class TablePlan {
  private readonly facts: ColumnFacts[];
  private readonly histograms: number[][];
  private decisions: Decisions;
  private readonly proposedLabel: string | null;

  /** @param source The file, and what a link has decided of it. */
  constructor(
    private readonly source: {name: string; isSample: boolean; choices: Choices | null},
    private readonly table: ReadTable,
  ) {
    this.facts = table.columns.map(columnFacts);
    this.histograms = table.columns.map(histogramOf);
    const label =
      this.facts.find(each => isNamedLabel(each) && asLabel(each) !== 'unfit') ?? this.facts.find(isPlainLabel);
    this.proposedLabel = label?.name ?? null;
    this.decisions = this.decisionsOf(source.choices ?? PROPOSED);
  }

  private decisionsOf({label, positive, uses}: Choices): Decisions {
    const {facts, proposedLabel} = this;
    const column = label === null ? facts.find(({name}) => name === proposedLabel) : facts[label];
    return {
      label: column?.name ?? proposedLabel,
      positive: positive === null ? null : (column?.examples[positive] ?? null),
      uses: Object.fromEntries(uses.flatMap(({column: c, use}) => (c < facts.length ? [[facts[c].name, use]] : []))),
    };
  }

  /** What a person has decided, by positions. */
  private choices(): Choices {
    const {label, positive, uses} = this.decisions;
    const at = this.facts.findIndex(({name}) => name === label);
    return {
      label: label === this.proposedLabel ? null : at,
      positive: positive === null ? null : this.facts[at].examples.indexOf(positive),
      uses: this.facts.flatMap(({name}, column) => {
        const use = useOf(uses, name);
        return use === 'proposed' ? [] : [{column, use}];
      }),
    };
  }

  /** What a person has decided. */
  change(decisions: Decisions): void {
    this.decisions = decisions;
  }

  /** The table for the page, and the data of a run where nothing stands in its way. */
  make(): {view: TableView; dataset: Dataset | null} {
    const view: TableView = {
      name: this.source.name,
      rows: this.table.columns[0].codes.length,
      columns: [],
      label: this.decisions.label,
      labelValues: [],
      positive: null,
      notes: [],
      problems: [...this.table.problems],
      obstacle: null,
      fields: [],
      parts: [],
    };
    try {
      const inferred = this.infer(view);
      const dataset = this.encode(inferred, view);
      return {view, dataset: view.obstacle === null ? dataset : null};
    } catch (error) {
      view.obstacle = messageOf(error);
      if (view.columns.length === 0) view.columns = this.columns(null, null);
      return {view, dataset: null};
    }
  }

  private infer(view: TableView): Inferred {
    const {label, positive, uses} = this.decisions;
    if (label === null) {
      const meant = this.facts.find(isNamedLabel);
      const [binary, several] = (['two values', 'several'] as const).map(fit =>
        this.facts.filter(each => asLabel(each) === fit).map(({name}) => name),
      );
      const choices = binary.length > 0 ? binary : several;
      throw new Error(
        meant === undefined
          ? words.plan.noLabel(choices)
          : words.plan.badLabel(meant.name, meant.examples, meant.distinct, meant.rows - meant.present),
      );
    }
    const facts = this.facts.find(({name}) => name === label)!;
    if (asLabel(facts) === 'several' && positive === null) {
      view.labelValues = facts.examples;
      throw new Error(words.plan.choosePositive(label, facts.examples));
    }
    const as = Object.fromEntries(
      Object.entries(uses).flatMap(([name, use]) =>
        use === 'proposed' || name === label ? [] : [[name, READINGS[use]]],
      ),
    );
    const inferred = inferFields('inferFields', this.facts, {
      label,
      ...(positive === null ? {} : {positiveLabel: positive}),
      seed: SPLIT_SEED,
      as,
      complete: true,
    });
    const {schema, split, assumptions} = inferred;
    const read = labelReader(schema.label!);
    view.labelValues = facts.examples.filter(value => read(value) !== undefined);
    view.positive = view.labelValues.find(value => read(value) === 1) ?? null;
    view.notes = assumptions.filter(({column}) => column === null).map(assumptionText);
    view.columns = this.columns(schema, split.by === 'column' ? split.column : null);
    return inferred;
  }

  private partsOf({split}: Inferred) {
    if (split.by === 'time') throw new Error('rows are not split by time here');
    const {columns} = this.table;
    const column = columns.find(({name}) => split.by !== 'fraction' && name === split.column);
    const valueOf = (row: number) => column?.values[column.codes[row]] ?? null;
    return Array.from(columns[0].codes, (_, row) => partOfRow(split, row, valueOf(row)));
  }

  private columns(schema: Schema | null, part: string | null): ColumnView[] {
    return this.facts.map((facts, i): ColumnView => {
      const {name, distinct, rows, present, examples} = facts;
      const {assumption} = inferColumn('inferFields', facts);
      return {
        name,
        distinct,
        missing: rows - present,
        examples: examples.slice(0, 4),
        histogram: this.histograms[i],
        asLabel: asLabel(facts),
        role: this.roleOf(name, schema, part),
        proposed: assumption.reading,
        why: words.plan.why(assumption.why, assumption.alternative?.reading ?? null),
        isDoubtful: assumption.isDoubtful,
        use: useOf(this.decisions.uses, name),
      };
    });
  }

  private roleOf(name: string, schema: Schema | null, part: string | null): ColumnView['role'] {
    if (name === this.decisions.label) return 'label';
    if (name === part) return 'part';
    return schema?.fields.some(({column}) => column === name) ? 'field' : 'ignored';
  }

  private encode(inferred: Inferred, view: TableView): Dataset | null {
    const {schema, split, assumptions} = inferred;
    const {columns} = this.table;
    const labels = labelsOf(
      schema.label!,
      columns.find(({name}) => name === schema.label!.column)!,
    );
    const parts = this.partsOf(inferred);
    const column = split.by === 'column' ? split.column : null;
    if (!parts.includes('train'))
      throw new Error(words.plan.small({name: 'train', rows: 0, positives: 0}, LEAST_ROWS.train, column));
    const fitted = fitColumns(schema, columns, row => parts[row] === 'train');
    const {ids, width, problems} = encodeColumns(fitted, columns);
    view.problems.push(...problems.map(words.plan.broken));
    const take = (part: string): Part => {
      const own = parts.flatMap((each, row) => (each === part ? [row] : []));
      const taken = new Int32Array(own.length * width);
      own.forEach((row, i) => taken.set(ids.subarray(row * width, (row + 1) * width), i * width));
      return {
        ids: taken,
        labels: Float32Array.from(own, row => labels[row]),
        rows: own.length,
        numbers: Int32Array.from(own, row => this.table.numbers[row]),
      };
    };
    const dataset: Dataset = {
      name: this.source.name,
      isSample: this.source.isSample,
      choices: this.choices(),
      positive: positiveInWords(schema.label!),
      assumptions: assumptions.map(({column, reading, why, alternative}) => ({
        column,
        reading,
        why,
        alternative: alternative?.reading ?? null,
        flag: null,
      })),
      fitted,
      width,
      train: take('train'),
      valid: take('valid'),
      test: take('test'),
    };
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
    else if (small !== undefined) view.obstacle = words.plan.small(small, LEAST_ROWS[small.name], column);
    return dataset;
  }
}

/** How a column is used; one may be called "constructor". */
function useOf(uses: Decisions['uses'], column: string): Use {
  return Object.hasOwn(uses, column) ? uses[column] : 'proposed';
}

/** What a column can be as the label: it has a value in every row. */
function asLabel(facts: ColumnFacts): ColumnView['asLabel'] {
  const {distinct, present, rows} = facts;
  if (present < rows || distinct < 2) return 'unfit';
  if (distinct === 2 || isPlainLabel(facts)) return 'two values';
  return distinct <= MOST_CLASSES ? 'several' : 'unfit';
}

function isNamedLabel({name}: ColumnFacts): boolean {
  return words.labelNames.includes(name.toLowerCase());
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
