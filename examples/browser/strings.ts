import type {DatePart, FieldRule} from 'tfjs-autofis';
import type {FieldProblem} from '../../src/schema/columns/encode_columns';
import type {Kept, TableView} from './protocol';

const count = (value: number) => value.toLocaleString('en');
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const plural = (value: number, one: string, more = `${one}s`) => `${count(value)} ${value === 1 ? one : more}`;
const listed = (items: readonly string[]) => items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;

const PART_NAMES = {train: 'training', valid: 'validation', test: 'test'} as const;
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** Every text of the page. */
export const words = {
  numbers: {count, percent, plural},
  labelNames: ['label', 'click', 'clicked', 'target', 'y', 'late'],
  file: {
    empty: 'The file is empty.',
    noRows: 'The file has column names but no rows.',
    zip: 'This is a zip archive or a spreadsheet (.xlsx). Save the table as CSV and choose that file.',
    binary: 'This is not a table of text: it holds binary data. CSV, TSV and Parquet files can be read, CSV and TSV also compressed by gzip.',
    encoding: 'The text of this file is not UTF-8. Save it as "CSV UTF-8" and choose that file.',
    damagedGzip: 'The compressed file is damaged: it ends too early or its contents do not fit its checksum.',
    damagedParquet: (why: string) => `The Parquet file cannot be read; it may be cut off or damaged. (${why})`,
    openQuote: (row: number) => `A quotation mark in row ${count(row)} is never closed, or stands in the middle of a value. Correct that row.`,
    ragged: (bad: number, rows: number, columns: number, first: number) =>
      `${count(bad)} of ${plural(rows, 'row')} do not have ${columns} values as the first line does; the first is row ${count(first)}. Check the separator and the quotation marks.`,
    leftOut: (bad: number, first: readonly number[]) => `${plural(bad, 'row')} with too few or too many values ${bad === 1 ? 'is' : 'are'} left out: ${
      first.map(count).join(', ')}${bad > first.length ? ', ...' : ''}.`,
    fewColumns: (columns: number) => `The table has ${plural(columns, 'column')}. A search needs a label and two fields at least: three columns.`,
    noHeader: (first: readonly string[]) => `The first line must hold the names of the columns. It begins with ${first.join(', ')}.`,
    twice: (name: string) => `Two columns are called "${name}". Rename one.`,
    unnamed: (column: number) => `column ${column}`,
    hadNoName: (columns: number) => `${plural(columns, 'column')} had no name and got the number of the column.`,
    noSample: 'The sample cannot be loaded. Reload the page when you are online.',
  },
  plan: {
    noLabel: 'No column holds 0 and 1 and nothing else, in every row: none can be the label. Write the label as 0 and 1 and choose the file again.',
    fewFields: (fields: number) => `A search needs two fields at least; there ${fields === 1 ? 'is one' : 'are none'}.`,
    small: ({name, rows, positives}: TableView['parts'][number], least: number) => rows < least ?
      `There are ${plural(rows, `${PART_NAMES[name]} row`)}; at least ${least} are needed.` :
      `All ${count(rows)} ${PART_NAMES[name]} rows have the label ${positives === 0 ? 0 : 1}; both are needed.`,
    broken: ({field, value, row, problem, rows}: FieldProblem) =>
      `${field}: ${plural(rows, 'value')} cannot be used and ${rows === 1 ? 'counts' : 'count'} as missing, such as "${value}" in row ${count(row + 1)}, which ${problem}.`,
    proposed: (rules: readonly FieldRule[]) => rules.length === 0 ? 'leave out' : listed(rules.map(rule => {
      switch (rule.type) {
        case 'categorical': return 'category';
        case 'numeric': return 'number in buckets';
        case 'multiValued': return `list with "${rule.separator}" between`;
        case 'dateTime': return rule.part;
        case 'hashed': return 'category, hashed';
      }
    })),
  },
  values: {
    missing: '(missing)',
    rare: '(rare)',
    bucket: (from: number | undefined, to: number | undefined) => from === undefined ? to === undefined ? 'any' : `below ${to}` : to === undefined ? `from ${from}` : `${from} to ${to}`,
    datePart: (part: DatePart, id: number) => {
      switch (part) {
        case 'hour': return `${id - 1}:00`;
        case 'weekday': return WEEKDAYS[id - 1];
        case 'weekend': return id === 2 ? 'weekend' : 'working day';
        case 'month': return MONTHS[id - 1];
        case 'day': return `day ${id}`;
      }
    },
  },
  data: {
    reading: (share: number) => `Reading: ${Math.round(100 * share)} %`,
    summary: ({name, rows, columns}: TableView) => `${name}: ${plural(rows, 'row')}, ${plural(columns.length, 'column')}.`,
    part: (name: keyof typeof PART_NAMES, rows: number, positives: number) => `${PART_NAMES[name]}: ${count(rows)} rows, ${rows === 0 ? '–' : percent(positives / rows)} positive`,
    fields: (fields: number, values: number, pairs: number) => `${plural(fields, 'field')} with ${plural(values, 'value')} make ${plural(pairs, 'pair')}.`,
    columnHead: ['Column', 'Use as', 'Different values', 'Missing', 'Most frequent'],
    uses: {proposed: (what: string) => `proposed: ${what}`, category: 'category', number: 'number in buckets', ignored: 'leave out'},
    roles: {label: 'label', part: 'parts of the rows'},
    useOf: (column: string) => `Use ${column} as`,
    label: 'Label',
  },
  settings: {
    copied: 'The link was copied.',
    notCopied: 'The link stands in the address bar.',
    linked: 'Settings of the link are in place.',
  },
  run: {
    notSaved: (why: string) => `This browser cannot save the run, which a reload would lose. (${why})`,
    saved: (pass: number, passes: number) => `Saved after pass ${pass} of ${passes}.`,
    notSavedPass: 'This browser has no room to save the run.',
    waiting: (data: string, pass: number, passes: number) => pass === 0 ? `The search on ${data} was interrupted before its first pass was saved.` :
      `The search on ${data} is saved after pass ${pass} of ${passes}. Continue it, or choose other data.`,
    status: {
      searching: 'Searching', paused: 'Paused', stopping: 'Stopping', searched: 'Search finished', retraining: 'Retraining', finished: 'Finished', interrupted: 'Interrupted',
    },
    stopped: (step: number, steps: number) => `You stopped the search after ${count(step)} of ${count(steps)} steps: the gates are as they were then.`,
    open: (open: number, total: number) => `${open} of ${total} gates open`,
    seconds: (seconds: number) => !Number.isFinite(seconds) ? '–' : seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.ceil(seconds % 60)} s`,
    retraining: {after: 'Training the model of the kept interactions', before: 'Training the model of all interactions, to compare'},
  },
  figures: {step: 'step', gates: 'gates', threshold: 'threshold', loss: 'training loss', auc: 'validation AUC', speed: 'steps a second', left: 'time left'},
  heat: {
    alpha: (alpha: number) => alpha.toFixed(2).replace('-0.00', '0.00'),
    cell: (fields: readonly string[]) => fields.join(' × '),
    state: (alpha: number, closedAt: number | null) => alpha === 0 ? closedAt === null ? 'gate closed' : `gate closed at step ${count(closedAt)}` : `gate open, alpha ${alpha.toFixed(3)}`,
    triples: (open: number, total: number) => `Triples: ${count(open)} of ${count(total)} open`,
    moreTriples: (more: number) => `and ${plural(more, 'weaker triple')}`,
  },
  pictures: {
    paths: {title: 'How each alpha moves under the rising threshold', description: 'Lines of alpha by step, with the threshold, and a cross where a gate closes.'},
    loss: {title: 'Loss', description: 'Training loss by step and validation loss after each pass.'},
    auc: {title: 'Validation AUC', description: 'AUC on the validation rows after each pass.'},
  },
  result: {
    models: {before: 'all interactions', after: 'kept interactions'},
    head: ['', 'All interactions', 'Kept interactions'],
    rows: {
      interactions: 'Interactions', auc: 'Test AUC', logloss: 'Test logloss', parameters: 'Parameters', bytes: 'Size of the weights',
      milliseconds: 'Milliseconds for 1,000 rows',
    },
    kilobytes: (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`,
    together: ({fields, alpha}: Kept) => `${listed(fields)} matter together (alpha ${alpha.toFixed(2)}).`,
    example: ({values, rows, rate, expected}: Kept['examples'][number]) =>
      `${values.join(' with ')}: ${percent(rate)} of ${plural(rows, 'row')} positive, where ${percent(expected)} would follow from each alone.`,
    none: 'Every gate closed. Search again with a smaller strength.',
    whatIf: (searched: number, now: number) => {
      const difference = now - searched, sign = difference < 0 ? '−' : '+';
      return `Validation AUC as searched ${searched.toFixed(4)}, with your gates ${now.toFixed(4)} (${sign}${Math.abs(difference).toFixed(4)})`;
    },
    fileNames: {
      'model.json': 'the model, in the format of TensorFlow.js', 'weights.bin': 'its weights, to be kept beside model.json',
      'schema.json': 'how raw values become ids', 'selection.json': 'the kept interactions', 'bundle.json': 'binds the files above into a bundle',
      'run.json': 'the whole run as data', 'predictions.csv': 'what the model says of the test rows', 'report.html': 'the report as one page',
    } as {[name: string]: string},
  },
  report: {
    title: (data: string) => `${data}: which fields matter together?`,
    positive: (label: string) => `a row whose ${label} is 1`,
  },
};
