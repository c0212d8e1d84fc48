import type {DatePart, FieldRule} from 'tfjs-autofis';
import type {FieldProblem} from '../../src/schema/columns/encode_columns';
import type {Kept, SavedPass, TableView} from './protocol';

const count = (value: number) => value.toLocaleString('en');
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const plural = (value: number, one: string, more = `${one}s`) => `${count(value)} ${value === 1 ? one : more}`;
const listed = (items: readonly string[]) =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;

/** What stands for a number that is not there. */
const NONE = '–';
const PART_NAMES = {train: 'training', valid: 'validation', test: 'test'} as const;
const MODELS = {before: 'all interactions', after: 'kept interactions'} as const;
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** Every text of the page. */
export const words = {
  numbers: {count, percent, plural, none: NONE},
  /** A message of the library, which begins in lower case behind a name. */
  sentence: (text: string) => text.charAt(0).toUpperCase() + text.slice(1),
  page: {
    title: 'Which fields matter together?',
    description: 'Searches feature interactions in your own table, inside this tab.',
    skip: 'To the data',
    introduction:
      'Choose a table with a column of 0 and 1. This page puts a gate on each pair of its other columns and trains: gates of useless pairs close to exactly zero. Everything happens in this tab; your data goes nowhere.',
    noScript: 'This page computes, and needs JavaScript for it.',
    crashed:
      'The part of this page that computes has ended unexpectedly; this tab may have run out of memory. Reload the page: a run goes on from what was saved.',
  },
  labelNames: ['label', 'click', 'clicked', 'target', 'y', 'late'],
  file: {
    empty: 'The file is empty.',
    noRows: 'The file has column names but no rows.',
    zip: 'This is a zip archive or a spreadsheet (.xlsx). Save the table as CSV and choose that file.',
    binary:
      'This is not a table of text: it holds binary data. CSV, TSV and Parquet files can be read, CSV and TSV also compressed by gzip.',
    encoding: 'The text of this file is not UTF-8. Save it as "CSV UTF-8" and choose that file.',
    damagedGzip: 'The compressed file is damaged: it ends too early or its contents do not fit its checksum.',
    damagedParquet: (why: string) => `The Parquet file cannot be read; it may be cut off or damaged. (${why})`,
    openQuote: (row: number) =>
      `A quotation mark in row ${count(row)} is never closed, or stands in the middle of a value. Correct that row.`,
    ragged: (bad: number, rows: number, columns: number, first: number) =>
      `${count(bad)} of ${plural(rows, 'row')} do not have ${columns} values as the first line does; the first is row ${count(first)}. Check the separator and the quotation marks.`,
    leftOut: (bad: number, first: readonly number[]) =>
      `${plural(bad, 'row')} with too few or too many values ${bad === 1 ? 'is' : 'are'} left out: ${first
        .map(count)
        .join(', ')}${bad > first.length ? ', ...' : ''}.`,
    fewColumns: (columns: number) =>
      `The table has ${plural(columns, 'column')}. A search needs a label and two fields at least: three columns.`,
    noHeader: (first: readonly string[]) =>
      `The first line must hold the names of the columns. It begins with ${first.join(', ')}.`,
    twice: (name: string) => `Two columns are called "${name}". Rename one.`,
    unnamed: (column: number) => `column ${column}`,
    hadNoName: (columns: number) => `${plural(columns, 'column')} had no name and got the number of the column.`,
    tooLarge:
      'The table is too large for this browser: a column has more different values than fit. Leave out columns of ids, or choose fewer rows.',
    noSample: 'The sample cannot be loaded. Reload the page when you are online.',
  },
  plan: {
    noLabel: (choices: readonly string[]) =>
      choices.length === 0
        ? 'No column holds two values, in every row: none can be the label. Write the label as 0 and 1 and choose the file again.'
        : `No column holds 0 and 1 or is called a label. Choose which is it: ${listed(choices)}.`,
    badLabel: (name: string, examples: readonly string[], distinct: number, missing: number) =>
      `No column can be the label: it must hold two values, both of them and nothing else, in every row. "${name}" ${
        distinct === 1
          ? `holds only ${examples[0]}`
          : `holds ${distinct > 4 ? `${count(distinct)} values, such as ` : ''}${listed([...examples].sort().slice(0, 4))}`
      }${missing > 0 ? `, and ${plural(missing, 'row')} without a value` : ''}.`,
    fewFields: (fields: number) => `A search needs two fields at least; there ${fields === 1 ? 'is one' : 'are none'}.`,
    small: ({name, rows, positives}: TableView['parts'][number], least: number, column: string | null) =>
      (rows < least
        ? `There are ${plural(rows, `${PART_NAMES[name]} row`)}; at least ${least} are needed.`
        : `All ${count(rows)} ${PART_NAMES[name]} rows have the label ${positives === 0 ? 0 : 1}; both are needed.`) +
      (column === null ? '' : ` The column "${column}" says so; leave it out, and the rows are parted anew.`),
    broken: ({field, value, row, problem, rows}: FieldProblem) =>
      `${field}: ${plural(rows, 'value')} cannot be used and ${rows === 1 ? 'counts' : 'count'} as missing, such as "${value}" in row ${count(row + 1)}, which ${problem}.`,
    proposed: (rules: readonly FieldRule[]) =>
      rules.length === 0
        ? 'leave out'
        : listed(
            rules.map(rule => {
              switch (rule.type) {
                case 'categorical':
                  return 'category';
                case 'numeric':
                  return 'number in buckets';
                case 'multiValued':
                  return `list with "${rule.separator}" between`;
                case 'dateTime':
                  return rule.part;
                case 'hashed':
                  return 'category, hashed';
              }
            }),
          ),
  },
  values: {
    missing: '(missing)',
    rare: '(rare)',
    bucket: (from: number | undefined, to: number | undefined) =>
      from === undefined
        ? to === undefined
          ? 'any'
          : `below ${to}`
        : to === undefined
          ? `from ${from}`
          : `${from} to ${to}`,
    datePart: (part: DatePart, id: number) => {
      switch (part) {
        case 'hour':
          return `${id - 1}:00`;
        case 'weekday':
          return WEEKDAYS[id - 1];
        case 'weekend':
          return id === 2 ? 'weekend' : 'working day';
        case 'month':
          return MONTHS[id - 1];
        case 'day':
          return `day ${id}`;
      }
    },
  },
  data: {
    title: '1. Data',
    sample: 'Use 100,000 US flights',
    or: 'or',
    choose: 'Choose a file',
    hint: 'CSV, TSV or Parquet; you can also drop it here. The label is a column of two values.',
    reading: (share: number) => `Reading: ${Math.round(100 * share)} %`,
    summary: ({name, rows, columns}: TableView) =>
      `${name}: ${plural(rows, 'row')}, ${plural(columns.length, 'column')}.`,
    parts: {
      caption: 'Parts of the rows',
      head: ['Part', 'Rows', 'Positive'],
      names: PART_NAMES,
      positive: (rows: number, positives: number) => (rows === 0 ? NONE : percent(positives / rows)),
    },
    fields: (fields: number, values: number, pairs: number) =>
      `${plural(fields, 'field')} with ${plural(values, 'value')} make ${plural(pairs, 'pair')}.`,
    columns: 'What each column is used as',
    assumed: 'What was assumed',
    columnHead: ['Column', 'Use as', 'Different values', 'Missing', 'Most frequent'],
    uses: {
      proposed: (what: string) => `proposed: ${what}`,
      category: 'category',
      number: 'number in buckets',
      ignored: 'leave out',
    },
    roles: {label: 'label', part: 'parts of the rows'},
    useOf: (column: string) => `Use ${column} as`,
    label: 'Label',
  },
  settings: {
    title: '2. Settings',
    strength: {name: 'Strength', hint: 'larger closes more gates'},
    order: {name: 'Interactions', pairs: 'pairs', both: 'pairs and triples', hint: 'triples take longer'},
    dimension: {name: 'Dimension d', hint: 'numbers for each value'},
    mlp: {name: 'MLP', none: 'none', units: '128 × 128 units', hint: 'beside the gates'},
    passes: {name: 'Passes', hint: 'over the training rows'},
    seed: {name: 'Seed', hint: 'same seed, same run'},
    start: 'Start the search',
    link: 'Copy a link with these settings',
    copied: 'The link was copied.',
    notCopied: 'The link stands in the address bar.',
    linked: 'The settings of the link are in place. Choose the data.',
  },
  run: {
    title: '3. Search',
    continue: 'Continue',
    pause: 'Pause',
    resume: 'Resume',
    stop: 'Stop',
    discard: 'Forget this run',
    progress: 'Progress of the run',
    notSaved: 'This browser has no room for the run, or does not allow to save it: a reload loses it.',
    otherTab: 'This page is open in another tab, too. That one saves its run; in this one a reload loses it.',
    notRestored: (why: string) => `A saved run could not be brought back and was forgotten. (${why})`,
    saved: ({role, pass, passes}: SavedPass) =>
      role === 'search'
        ? `Saved after pass ${pass} of ${passes}.`
        : `Saved after pass ${pass} of ${passes} over the model of ${MODELS[role]}.`,
    interrupted: (data: string, {role, pass, passes}: SavedPass) =>
      role === 'search'
        ? `The search on ${data} is saved after pass ${pass} of ${passes}. Continue it, or choose other data.`
        : `The retraining on ${data} is saved ${pass === 0 ? 'before' : `after pass ${pass} of ${passes} over`} the model of ${MODELS[role]}. Continue it, or choose other data.`,
    status: {
      starting: 'Starting',
      searching: 'Searching',
      paused: 'Paused',
      stopping: 'Stopping',
      searched: 'Search finished',
      retraining: 'Retraining',
      finished: 'Finished',
      interrupted: 'Interrupted',
    },
    stopped: (step: number, steps: number) =>
      `You stopped the search after ${count(step)} of ${count(steps)} steps: the gates are as they were then.`,
    seconds: (seconds: number) =>
      !Number.isFinite(seconds)
        ? NONE
        : seconds < 60
          ? `${Math.ceil(seconds)} s`
          : `${Math.floor(seconds / 60)} min ${Math.ceil(seconds % 60)} s`,
    model: {after: ': the model of the kept interactions', before: ': the model of all interactions, to compare'},
    ofTotal: (value: number, total: number) => `${count(value)} of ${count(total)}`,
  },
  figures: {
    step: 'step',
    gates: 'gates open',
    threshold: 'threshold',
    loss: 'training loss',
    auc: 'validation AUC',
    speed: 'steps a second',
    left: 'time left',
  },
  heat: {
    caption: 'Alpha of each pair of fields',
    scale: {negative: 'negative', positive: 'positive', closed: 'closed'},
    alpha: (alpha: number) => alpha.toFixed(2).replace('-0.00', '0.00'),
    cell: (fields: readonly string[]) => fields.join(' × '),
    /** Holds what stands in the cell. */
    label: (fields: readonly string[], alpha: number, closedAt: number | null): string =>
      `${words.heat.cell(fields)}: ${alpha === 0 ? words.heat.state(0, closedAt) : `${words.heat.alpha(alpha)}, gate open`}`,
    state: (alpha: number, closedAt: number | null) =>
      alpha === 0
        ? closedAt === null
          ? 'gate closed'
          : `gate closed at step ${count(closedAt)}`
        : `gate open, alpha ${alpha.toFixed(3)}`,
    triples: (open: number, total: number) => `Triples: ${count(open)} of ${count(total)} open`,
    tripleList: 'Alpha of the strongest triples',
    moreTriples: (more: number) => `and ${plural(more, 'triple')} more`,
  },
  pictures: {
    paths: {
      title: 'How each alpha moves under the rising threshold',
      description: 'Lines of alpha by step, with the threshold, and a cross where a gate closes.',
    },
    loss: {title: 'Loss', description: 'Training loss by step and validation loss after each pass.'},
    auc: {title: 'Validation AUC', description: 'AUC on the validation rows after each pass.'},
  },
  result: {
    title: '4. Result',
    notYet: 'When the search has ended, gates can be opened and closed here.',
    hint: "Press a gate to open or close it and see what the validation AUC does. A gate that you open gets alpha's start, 0.6.",
    reset: 'Gates as searched',
    retrain: 'Retrain with the open gates',
    retrainHint:
      'Trains two fresh models, one of the open gates and one of all interactions, and compares them on the test rows.',
    keptTitle: 'What matters together',
    moreKept: (more: number) => `${plural(more, 'weaker interaction')}`,
    filesTitle: 'Take it with you',
    comparison: 'Retrained, on the test rows',
    models: MODELS,
    head: ['', 'All interactions', 'Kept interactions'],
    rows: {
      interactions: 'Interactions',
      auc: 'Test AUC',
      logloss: 'Test logloss',
      parameters: 'Parameters',
      bytes: 'Size of the weights',
      milliseconds: 'ms for 1,000 rows',
    },
    kilobytes: (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`,
    together: ({fields, alpha}: Kept) => `${listed(fields)} matter together (alpha ${alpha.toFixed(2)}).`,
    example: ({values, rows, rate, expected}: Kept['examples'][number]) =>
      `${values.join(' with ')}: ${percent(rate)} of ${plural(rows, 'row')} positive, where ${percent(expected)} would follow from each alone.`,
    none: 'Every gate closed. Search again with a smaller strength.',
    whatIf: (searched: number, now: number) => {
      const difference = now - searched;
      const sign = difference < 0 ? '−' : '+';
      return `Validation AUC as searched ${searched.toFixed(4)}, with your gates ${now.toFixed(4)} (${sign}${Math.abs(difference).toFixed(4)})`;
    },
    fileNames: {
      'model.json': 'the model, in the format of TensorFlow.js',
      'weights.bin': 'its weights, to be kept beside model.json',
      'schema.json': 'how raw values become ids',
      'selection.json': 'the kept interactions',
      'bundle.json': 'binds the files above into a bundle',
      'run.json': 'the whole run as data',
      'predictions.csv': 'what the model says of the test rows',
      'report.html': 'the report as one page',
    } as {[name: string]: string},
  },
  report: {
    backend: (threads: number) => `wasm, ${threads === 1 ? 'one thread' : `${threads} threads`}, in a browser`,
    title: (data: string) => `${data}: which fields matter together?`,
    positive: (label: string) => `a row whose ${label} is 1`,
  },
};
