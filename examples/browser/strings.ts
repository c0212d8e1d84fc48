import type {TestComparison} from 'tfjs-autofis';
import type {Estimate, Figures, PassProgress, RunView, TableView, WhatIf} from './protocol';
import {INTERVAL} from '../../src/statistics';
import type {DatePart} from '../../src/schema/schema';
import type {MapCell} from '../../src/record/run_record';
import {MONTHS, WEEKDAYS} from '../../src/schema/calendar';
import type {FieldProblem} from '../../src/schema/columns/encode_columns';

const count = (value: number) => value.toLocaleString('en');
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const plural = (value: number, one: string, more = `${one}s`) => `${count(value)} ${value === 1 ? one : more}`;
const listed = (items: readonly string[]) =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
const signed = (value: number, digits: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;

/** What stands for a number that is not there. */
const NONE = '–';
const PART_NAMES = {train: 'training', valid: 'validation', test: 'test'} as const;

/** What a column holds that cannot be the label. */
function heldBy(examples: readonly string[], distinct: number, missing: number): string {
  if (distinct === 0) return 'has no value in any row';
  const some = listed([...examples].sort().slice(0, 4));
  const held = distinct === 1 ? `only ${some}` : `${distinct > 4 ? `${count(distinct)} values, such as ` : ''}${some}`;
  return `holds ${held}${missing > 0 ? `, and ${plural(missing, 'row')} without a value` : ''}`;
}

/** Sum up the columns as they are read: "Read: 8 categories, 2 numbers and the label late. Check 1: delay." */
function readAs({columns, label}: TableView): string {
  const used = columns.filter(({role}) => role === 'field' || role === 'ignored');
  const kinds = used.map(({role, use, proposed}) => {
    if (role === 'ignored') return 'left out';
    return (use === 'proposed' ? proposed : use).split(/\W/)[0];
  });
  const counted = [...new Set(kinds)].map(kind => {
    const n = kinds.filter(each => each === kind).length;
    return kind === 'left out' ? `${count(n)} left out` : plural(n, kind, kind.replace(/y$/, 'ie') + 's');
  });
  const doubtful = used.filter(({isDoubtful, use}) => isDoubtful && use === 'proposed').map(({name}) => name);
  const first = doubtful.slice(0, 3);
  const check =
    doubtful.length === 0
      ? ''
      : ` Check ${count(doubtful.length)}: ${first.join(', ')}${doubtful.length > first.length ? ', ...' : ''}.`;
  if (label === null || used.every(({role}) => role === 'ignored')) return '';
  return `Read: ${listed([...counted, `the label ${label}`])}.${check}`;
}

/** Every text of the page. */
export const words = {
  numbers: {count, percent, plural, none: NONE},
  /** A message of the library, which begins in lower case behind a name. */
  sentence: (text: string) => text.charAt(0).toUpperCase() + text.slice(1),
  page: {
    title: 'Which fields matter together?',
    description: 'Finds the feature interactions that matter in your own table, inside this tab.',
    skip: 'To the data',
    introduction:
      'This page finds the pairs of columns that matter in combination. It trains a model on your table, puts a gate ' +
      'on each pair, and closes the gates of pairs that do not help on unseen rows, which were kept back from ' +
      'training. Everything runs in this tab; your data does not leave it.',
    example: 'A finished run: late flights in the US. A larger number is a larger gain on unseen rows.',
    noScript: 'This page needs JavaScript.',
    crashed:
      'The computation ended unexpectedly; this tab may have run out of memory. Reload the page to continue from ' +
      'the saved steps.',
  },
  labelNames: ['label', 'click', 'clicked', 'target', 'y', 'late'],
  file: {
    empty: 'The file is empty.',
    noRows: 'The file has column names but no rows.',
    zip: 'This is a zip archive or a spreadsheet (.xlsx). Save the table as CSV and choose that file.',
    binary:
      'This is not a table of text: it holds binary data. CSV, TSV and Parquet files can be read, CSV and TSV ' +
      'also compressed by gzip.',
    encoding: 'The text of this file is not UTF-8. Save it as "CSV UTF-8" and choose that file.',
    json: 'This is JSON. Save the table as CSV or Parquet and choose that file.',
    unreadable:
      'The browser cannot read this file. It may be a folder, or was moved or changed after it was chosen. Choose it ' +
      'again.',
    damagedGzip: 'The compressed file is damaged: it ends too early or its contents do not fit its checksum.',
    damagedParquet: (why: string) => `The Parquet file cannot be read; it may be incomplete or damaged. (${why})`,
    openQuote: (row: number) =>
      `A quotation mark in ${row === 0 ? 'the line of column names' : `row ${count(row)}`} is never closed, or ` +
      'stands in the middle of a value. Correct that line.',
    ragged: (bad: number, rows: number, columns: number, first: number) =>
      `${count(bad)} of ${plural(rows, 'row')} do not have ${columns} values as the first line does; the first ` +
      `is row ${count(first)}. Check the separator and the quotation marks.`,
    leftOut: (bad: number, first: readonly number[]) =>
      `${plural(bad, 'row')} with too few or too many values ${bad === 1 ? 'is' : 'are'} left out: ${first
        .map(count)
        .join(', ')}${bad > first.length ? ', ...' : ''}.`,
    fewColumns: (columns: number) =>
      `The table has ${plural(columns, 'column')}. A search needs at least three: a label and two fields.`,
    noHeader: (first: readonly string[]) =>
      `The first line must hold the names of the columns. It begins with ${first.join(', ')}.`,
    twice: (name: string) => `Two columns are called "${name}". Rename one.`,
    unnamed: (column: number) => `column ${column}`,
    hadNoName: (columns: number) => `${plural(columns, 'column')} had no name and got the number of the column.`,
    tooLarge:
      'The table is too large for this browser: a column has too many different values. Leave out columns of ids, ' +
      'or choose fewer rows.',
    noSample: 'The sample cannot be loaded. Reload the page when you are online.',
  },
  plan: {
    noLabel: (choices: readonly string[]) =>
      choices.length === 0
        ? 'No column can be the label: none has two to ten values and no gaps. Write the label as 0 and 1 and ' +
          'choose the file again.'
        : `No column has the values 0 and 1 or the name of a label. Choose the label: ${listed(choices)}.`,
    badLabel: (name: string, examples: readonly string[], distinct: number, missing: number) =>
      'The label must have two to ten values, and one of them in every row. ' +
      `"${name}" ${heldBy(examples, distinct, missing)}.`,
    choosePositive: (name: string, values: readonly string[]) =>
      `"${name}" ${heldBy(values, values.length, 0)}. Choose the one to predict against the rest.`,
    fewFields: (fields: number) => `A search needs at least two fields; there ${fields === 1 ? 'is one' : 'are none'}.`,
    small: ({name, rows, positives}: TableView['parts'][number], least: number, column: string | null) =>
      (rows < least
        ? `There are ${plural(rows, `${PART_NAMES[name]} row`)}; at least ${least} are needed.`
        : `All ${count(rows)} ${PART_NAMES[name]} rows have the label ${positives === 0 ? 0 : 1}; both are needed.`) +
      (column === null ? '' : ` The column "${column}" defines the parts; leave it out to split the rows by chance.`),
    broken: ({field, value, row, problem, rows}: FieldProblem) =>
      `${field}: ${plural(rows, 'invalid value')} ${rows === 1 ? 'counts' : 'count'} as missing, ` +
      `such as "${value}" in row ${count(row + 1)}, which ${problem}.`,
    why: (why: string, alternative: string | null) =>
      alternative === null ? `since ${why}` : `since ${why}; else ${alternative}`,
  },
  values: {
    missing: '(missing)',
    rare: '(rare)',
    bucket: (from: number | undefined, to: number | undefined) => {
      // Halfway between 0.1 and 0.2 is 0.15000000000000002.
      const edge = (x: number) => Number(x.toPrecision(12));
      if (from === undefined) return to === undefined ? 'any' : `below ${edge(to)}`;
      return to === undefined ? `from ${edge(from)}` : `${edge(from)} to ${edge(to)}`;
    },
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
    title: 'Data',
    sample: 'Try it on 100,000 US flights',
    choose: 'Choose a file',
    hint: 'or drop it here: CSV, TSV or Parquet, with a column to predict.',
    reading: (share: number) => `Reading: ${Math.round(100 * share)} %`,
    summary: ({name, rows, columns}: TableView) =>
      `${name}: ${plural(rows, 'row')}, ${plural(columns.length, 'column')}.`,
    readAs,
    parts: {
      caption: 'Parts of the rows',
      head: ['Part', 'Rows', 'Positive'],
      names: PART_NAMES,
      positive: (rows: number, positives: number) => (rows === 0 ? NONE : percent(positives / rows)),
    },
    fields: (fields: number, values: number, pairs: number) =>
      `${plural(fields, 'field')} with ${plural(values, 'value')} make ${plural(pairs, 'pair')}.`,
    columns: 'Use of each column',
    columnHead: ['Column', 'Values', 'Use as', 'Different', 'Missing', 'Most frequent'],
    proposed: (what: string) => `proposed: ${what}`,
    uses: {
      proposed: 'as proposed',
      category: 'category',
      number: 'number',
      date: 'date',
      ignored: 'leave out',
    },
    roles: {label: 'label', part: 'parts of the rows'},
    useOf: (column: string) => `Use ${column} as`,
    pick: (column: string) => `Choose ${column}`,
    bulk: 'Use the chosen columns as …',
    undo: 'Undo',
    label: 'Predict',
    noChoice: 'choose',
    against: (value: string) => `${value}, against the rest`,
    positive: 'where positive is',
  },
  settings: {
    title: 'Settings',
    effort: {
      name: 'Effort',
      quick: 'quick: judged on a fifth of the rows',
      normal: 'normal: judged on four parts in turn',
      thorough: 'thorough: judged on eight parts in turn',
    },
    seed: {name: 'Seed', hint: 'same seed, same run'},
    start: 'Find the pairs that matter',
    estimate: ({seconds, bytes}: Estimate) =>
      `About ${words.run.seconds(Math.max(1, seconds))}, ${count(Math.max(1, Math.round(bytes / 1e6)))} MB of memory.`,
  },
  link: {
    copy: 'Copy a link',
    copied: 'The link was copied.',
    notCopied: 'The link is in the address bar.',
    wrong: (names: readonly string[]) =>
      `The link has ${names.length === 1 ? 'an invalid setting' : 'invalid settings'}: ${listed(names)}. The ` +
      'defaults are used instead.',
    /** What a person does to see what the link shows. */
    waits: ({data, isSample}: Pick<RunView, 'data' | 'isSample'>): string =>
      isSample
        ? `The link shows a run of the sample. Press "${words.data.sample}" to see it.`
        : `The link shows a run of ${data}. Choose that file, or drop it here.`,
    other: 'The link shows something that this run does not have.',
  },
  run: {
    title: 'Run',
    summary: ({data, rows, fields}: RunView) => `${data}: ${plural(rows, 'row')}, ${plural(fields.length, 'field')}`,
    settings: ({settings: {effort, seed}}: RunView) => `Effort ${effort}, seed ${seed}.`,
    details: 'Details',
    change: 'Other data',
    continue: 'Continue',
    pause: 'Pause',
    resume: 'Resume',
    stop: 'Stop',
    discard: 'Forget this run',
    forget: {
      title: 'Forget this run?',
      text: 'Its data, its steps and its files are deleted from this browser.',
      yes: 'Forget it',
      no: 'Keep it',
    },
    progress: 'Progress of the run',
    notSaved: 'This browser cannot save the run: it has no room, or does not allow it. A reload loses the run.',
    otherTab: 'This page is also open in another tab, which saves its run. A reload of this tab loses the run.',
    notRestored: (why: string) => `A saved run could not be restored and was deleted. (${why})`,
    saved: 'Finished steps are saved in this browser.',
    interrupted: 'Finished steps are kept.',
    status: {
      starting: 'Starting',
      running: 'Running',
      paused: 'Paused',
      stopping: 'Stopping',
      finished: 'Finished',
      interrupted: 'Interrupted',
    },
    stages: {
      fields: 'Measuring fields and combinations of values',
      gates: 'Deciding the gates on unseen rows',
      model: 'Fitting the chosen model on all rows',
      record: 'Comparing the models on the test rows',
    },
    task: ({training, trainings, pass, passes}: PassProgress) =>
      `Training ${training} of ${trainings}: pass ${pass} of ${passes}`,
    loss: (loss: number) => `error ${loss.toFixed(4)}`,
    left: (seconds: number) => `about ${words.run.seconds(seconds)} left`,
    seconds: (seconds: number) =>
      seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.ceil(seconds % 60)} s`,
    steps: 'Steps',
  },
  map: {
    caption: 'Pairs of fields',
    larger: 'Sets of three or four fields',
    unit: 'Gain on unseen rows × 1000:',
    fields: 'What each field gains on unseen rows × 1000',
    role: 'map of pairs',
    filterRows: 'Rows named',
    filterColumns: 'Columns named',
    filterAll: 'all',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    scale: {closed: 'closed', weak: 'weak', strong: 'strong'},
    strength: (value: number) => value.toFixed(2).replace('-', '−'),
    cell: (fields: readonly string[]) => fields.join(' × '),
    /** Holds what stands in the cell. */
    label: (fields: readonly string[], value: number): string =>
      `${words.map.cell(fields)}: ${value === 0 ? 'closed' : `${words.map.strength(value)}, open`}`,
    /** A gain as the map shows it. */
    thousandths: (gain: number) => 1000 * gain,
    moves: (value: number) => `moves the prediction by ${value.toFixed(3)} (standard deviation over rows)`,
    closed: 'gate closed',
    learning: 'Not yet a result: the darker, the further a pair moves the prediction.',
    decided: (open: number, judged: number) => `${count(open)} of ${count(judged)} gates are open.`,
    whatIf: ({chosen, now, changed, rows}: WhatIf) =>
      changed
        ? `AUC on ${plural(rows, 'test row')} as chosen ${chosen.toFixed(4)}, with your gates ${now.toFixed(4)} ` +
          `(${signed(now - chosen, 4)}).`
        : `Press an open gate to close it: the AUC on ${plural(rows, 'test row')} is now ${chosen.toFixed(4)}.`,
    effect: ({before, now}: WhatIf) => `AUC ${now.toFixed(4)} (${signed(now - before, 4)})`,
    undo: 'Undo',
    reset: 'Gates as chosen',
  },
  effect: {
    single: 'effect',
    where: (field: string) => `${field}:`,
    caption: (rows: number, isCut: boolean, isOpen: boolean) =>
      `${isOpen ? '+ makes positive likelier, − less likely' : 'The chosen model adds nothing here'}; ` +
      `${plural(rows, 'training row')}${isCut ? ' of the most frequent values' : ''}.`,
    share: (share: number, digits: number) => (Number(share.toFixed(digits)) === 0 ? '0' : signed(share, digits)),
    cell: (values: readonly string[], effect: number, rows: number, positives: number) =>
      rows === 0
        ? `${values.join(' with ')}: no rows`
        : `${values.join(' with ')}: ${signed(effect, 2)}; ${percent(positives / rows)} of ` +
          `${plural(rows, 'row')} positive`,
  },
  row: {
    title: 'Try a row',
    hint: 'Choose values and see what the model predicts.',
    probability: (probability: number) => `Predicted probability: ${percent(probability)}`,
    caption: 'What makes positive likelier (+) or less likely (−)',
    head: ['Part', 'Contribution'],
    base: 'Fields alone',
    share: (share: number) => signed(share, 3),
    others: (count: number) => `${plural(count, 'other interaction')}`,
    none: 'The model has no interactions.',
  },
  charts: {
    path: 'Logloss of held-out rows along the penalty on gates',
    pathNow: (open: number, judged: number, lambda: number) =>
      `Logloss of held-out rows along the penalty on gates. ${count(open)} of ${count(judged)} gates are open at the ` +
      `marked penalty ${lambda}.`,
    penalty: 'penalty',
  },
  result: {
    linear: 'logistic regression',
    models: (from: number, to: number) =>
      `AUC on test rows, ${from.toFixed(2)} to ${to.toFixed(2)}, with 95 % intervals`,
    auc: 'how often a positive row ranks above a negative one',
    error: 'probability error',
    /** Compare the chosen model with another one. */
    difference: (found: TestComparison['verdict'], difference: number, error: number) =>
      `chosen ${found === 'undecided' ? 'cannot be told apart' : `is ${found}`}: ` +
      `${signed(difference, 4)} ± ${error.toFixed(4)}`,
    selectedTitle: 'The selected interactions',
    selectedHead: ['Interaction', 'Held-out gain', 'Folds', 'Where it shows most'],
    selectedCaption:
      'Held-out gain: logloss that it saves on rows that its components were not fitted to, with its 95 % interval. ' +
      'Folds: in how many it helps. Fewer than 60 %, or an interval down to 0, leave it uncertain.',
    gain: ({gain, standardError}: Pick<Figures, 'gain' | 'standardError'>, at: number) =>
      `${signed(gain[at], 4)} ± ${(INTERVAL * standardError[at]).toFixed(4)}`,
    fieldGain: (gain: number, standardError: number) =>
      `gain ${signed(gain, 4)} ± ${(INTERVAL * standardError).toFixed(4)} on unseen rows`,
    stability: ({helpedFolds, folds}: Figures, pair: number) => `${helpedFolds[pair]} of ${folds}`,
    evidence: (figures: Figures, pair: number) => [
      `gain ${words.result.gain(figures, pair)} on unseen rows, in ${words.result.stability(figures, pair)} parts`,
      ...(figures.uncertain[pair] === 1 ? [words.result.uncertain] : []),
    ],
    uncertain: 'uncertain',
    none: 'None: held-out rows do not confirm that any interaction helps.',
    noExample: 'no values with enough rows',
    more: (count: number) => `${plural(count, 'weaker interaction')}`,
    picture: 'Save a picture',
    filesTitle: 'Downloads',
    example: ({values, rows, predicted, without}: MapCell & {values: readonly string[]}) =>
      `${values.join(' with ')}: predicted ${percent(predicted)} instead of ${percent(without)}, ` +
      plural(rows, 'test row'),
    fileNames: {
      'autofis.zip': 'all files in one archive, the report first',
      'model.json': 'the model, in the format of TensorFlow.js',
      'weights.bin': 'its weights, to be kept beside model.json',
      'schema.json': 'how raw values become ids',
      'selection.json': 'the selected interactions',
      'bundle.json': 'makes a bundle of the files above',
      'run.json': 'the whole run as data',
      'predictions.csv': 'predictions for the test rows',
    } as {[name: string]: string},
  },
  report: {
    backend: (threads: number) => `wasm, ${threads === 1 ? 'one thread' : `${threads} threads`}, in a browser`,
    title: (data: string) => `${data}: which fields matter together?`,
  },
};
