import type {RunRecord} from '../record/run_record';
import {Picture, picturesOf} from './pictures/pictures';
import {figuresOf, pointerKey, say, Text} from './text';
import {
  aloneWords,
  answerOf,
  calibrationWords,
  exampleWords,
  glossary,
  kindOf,
  logName,
  mapWords,
  nameOf,
  pruningWords,
  rolesOf,
  searchWords,
  trainingWords,
  uselessWords,
  verdictWords,
} from './words';

/** What a section is made of; HTML and Markdown are written from the same. */
export type Block =
  | {type: 'text'; text: Text}
  | {type: 'picture'; picture: Picture}
  /** `name` is the column that says what a row is about; on a phone each row becomes a card under it. */
  | {type: 'table'; caption: Text; head: readonly string[]; rows: ReadonlyArray<readonly Cell[]>; name?: number}
  | {type: 'terms'; terms: ReadonlyArray<readonly [string, Text]>}
  | {type: 'fold'; title: string; blocks: readonly Block[]};

/** Text, or lines of it. */
export type Cell = Text | {lines: readonly Text[]};

export interface Section {
  id: string;
  title: string;
  blocks: readonly Block[];
}

export interface Content {
  title: Text;
  /** The answer in one sentence. */
  answer: Text;
  /** What `judgeSelection` says of it in short, if it was asked. */
  verdict: Text | null;
  /** The figures that matter most, each with what it is. */
  keys: ReadonlyArray<readonly [string, Text]>;
  sections: readonly Section[];
}

/** Kept interactions in the main table, interactions in the table of all. */
const MOST_KEPT = 100;
const MOST_LISTED = 1000;
/** More fields than these are folded. */
const MOST_FIELDS = 20;
/** More epochs than these are folded. */
const MOST_EPOCHS = 20;
/** Kept interactions with all of their examples; the others have one. */
const DETAILED = 5;

/** All that a report says. Every number in it is a figure of the run. */
export function contentOf(run: RunRecord): Content {
  const f = figuresOf(run);
  const pictures = picturesOf(run);
  const picture = (...names: string[]): Block[] =>
    pictures
      .filter(({name}) => names.includes(name.replace(/-\d+$/, '')))
      .map(each => ({type: 'picture', picture: each}));
  const noun = kindOf(run);
  const text = (words: Text): Block => ({type: 'text', text: words});
  const sections: Section[] = [
    {
      id: 'interactions',
      title: `Which ${noun} matter`,
      blocks: [text(mapWords(run)), ...picture('alpha'), ...uselessWords(run).map(text), keptTable(run)],
    },
    {id: 'words', title: 'What the words mean', blocks: [{type: 'terms', terms: glossary(run)}]},
    {
      id: 'pruning',
      title: 'What pruning cost or gained',
      blocks: [text(pruningWords(run)), modelTable(run), text(calibrationWords()), ...picture('calibration')],
    },
    ...(run.verdict === null ? [] : [{id: 'verdict', title: 'Verdict', blocks: verdictBlocks(run)}]),
    {
      id: 'search',
      title: 'How the search went',
      blocks: [
        text(searchWords(run)),
        ...run.warnings.map((_, i) => text(say`Warning: ${f(`/warnings/${i}`)}`)),
        ...picture('paths'),
      ],
    },
    ...(run.interactions.every(({auc}) => auc === null)
      ? []
      : [{id: 'alone', title: 'The interactions alone', blocks: [text(aloneWords(run)), ...picture('alone')]}]),
    {id: 'training', title: 'Training', blocks: [text(trainingWords(run)), ...picture('loss', 'auc'), epochTable(run)]},
    {id: 'data', title: 'Data', blocks: dataBlocks(run)},
    {id: 'settings', title: 'Settings', blocks: settingBlocks(run)},
    {id: 'all', title: `All ${noun}`, blocks: [{type: 'fold', title: 'Show the table', blocks: [allTable(run)]}]},
  ];
  return {
    title: [f('/title')],
    answer: answerOf(run),
    verdict: verdictWords(run),
    keys: keysOf(run),
    sections,
  };
}

function keysOf(run: RunRecord): Content['keys'] {
  const f = figuresOf(run);
  const {before, after} = rolesOf(run);
  const both = (key: string, format: Parameters<typeof f>[1]) =>
    say`${f(`/models/${before}${key}`, format)} → ${f(`/models/${after}${key}`, format)}`;
  return [
    ['interactions', say`${f('/interactions/length', 'count')} → ${f('/selection/length', 'count')}`],
    ['test AUC', both('/auc', 'auc')],
    ['logloss', both('/logloss', 'auc')],
    ['parameters', both('/parameters', 'count')],
    ['size', both('/bytes', 'bytes')],
    ...(run.models[before].latency === null || run.models[after].latency === null
      ? []
      : [['one row, median', both('/latency/p50', 'milliseconds')] as const]),
  ];
}

function keptTable(run: RunRecord): Block {
  const f = figuresOf(run);
  const places = new Map(run.interactions.map(({gate, interaction}, i) => [`${gate}:${interaction}`, i]));
  const rows = run.selection.slice(0, MOST_KEPT).map((selected, i): Cell[] => {
    const at = places.get(`${selected.gate}:${selected.interaction}`)!;
    const {auc, examples} = run.interactions[at];
    return [
      [f(`/selection/${i}/rank`, 'count')],
      nameOf(run, `/selection/${i}`),
      [f(`/selection/${i}/alpha`, 'alpha')],
      auc === null ? ['–'] : [f(`/interactions/${at}/auc`, 'auc')],
      examples.length === 0
        ? ['–']
        : {
            lines: examples
              .slice(0, i < DETAILED ? undefined : 1)
              .map((_, e) => exampleWords(run, `/interactions/${at}`, e)),
          },
    ];
  });
  const rest = run.selection.length > MOST_KEPT ? ` The ${MOST_KEPT} strongest are shown.` : '';
  return {
    type: 'table',
    name: 1,
    head: ['Rank', 'Interaction', 'alpha', 'AUC alone', 'Where it shows most'],
    rows,
    caption: say`The ${f('/selection/length', 'count')} interactions that are kept, the strongest first.${rest} AUC alone: how well it predicts without the others. ${''}The last column: the values with which it shows most, and the share of their training rows that are positive (${f('/positive')}), instead of the share that ${''}the values lead to each by itself.`,
  };
}

function modelTable(run: RunRecord): Block {
  const f = figuresOf(run);
  const timed = run.models.some(({latency}) => latency !== null);
  const {before, after} = rolesOf(run);
  const others = [...run.models.keys()].filter(i => i !== before && i !== after);
  return {
    type: 'table',
    name: 0,
    caption: say`Models on the test rows.${timed ? ' Time of one row, from ids to prediction, where the run was made: median (p50) and 95th percentile (p95); other work on the machine slows it.' : ''}`,
    head: ['Model', 'AUC', 'Logloss', 'Interactions', 'Parameters', 'Size', ...(timed ? ['p50', 'p95'] : [])],
    rows: [before, after, ...others].map((i): Cell[] => {
      const at = `/models/${i}`;
      const {role, interactions, latency} = run.models[i];
      return [
        say`${f(`${at}/name`)}${role === 'other' ? '' : ` (${role})`}`,
        [f(`${at}/auc`, 'auc')],
        [f(`${at}/logloss`, 'auc')],
        interactions === null
          ? ['–']
          : say`${f(`${at}/interactions/open`, 'count')} of ${f(`${at}/interactions/total`, 'count')}`,
        [f(`${at}/parameters`, 'count')],
        [f(`${at}/bytes`, 'bytes')],
        ...(!timed
          ? []
          : latency === null
            ? [['–'], ['–']]
            : [[f(`${at}/latency/p50`, 'milliseconds')], [f(`${at}/latency/p95`, 'milliseconds')]]),
      ];
    }),
  };
}

function verdictBlocks(run: RunRecord): Block[] {
  const f = figuresOf(run);
  const {standings, duels} = run.verdict!;
  return [
    {type: 'text', text: [f('/verdict/words')]},
    {
      type: 'table',
      caption: say`Each set of interactions retrained on the same rows; test AUC and logloss: mean and standard deviation over the runs.`,
      head: ['Interactions', 'Form', 'Kept', 'AUC', 'sd', 'Logloss', 'Runs'],
      rows: standings.map((_, i) => {
        const at = `/verdict/standings/${i}`;
        return [
          [f(`${at}/contestant`)],
          [f(`${at}/form`)],
          [f(`${at}/kept`, 'count')],
          [f(`${at}/auc/mean`, 'auc')],
          [f(`${at}/auc/sd`, 'auc')],
          [f(`${at}/logloss/mean`, 'auc')],
          [f(`${at}/auc/runs`, 'count')],
        ];
      }),
    },
    {
      type: 'table',
      caption: say`The selection against each other set, paired by seed; p: how likely chance alone makes such a difference.`,
      head: ['Against', 'Selection', 'Other', 'Difference', 'p'],
      rows: duels.map((_, i) => {
        const at = `/verdict/duels/${i}`;
        return [
          [f(`${at}/opponent`)],
          [f(`${at}/own`, 'auc')],
          [f(`${at}/other`, 'auc')],
          [f(`${at}/difference`, 'auc')],
          [f(`${at}/p`, 'p')],
        ];
      }),
    },
  ];
}

function epochTable(run: RunRecord): Block {
  const f = figuresOf(run);
  const stages = (['search', 'retrain'] as const).flatMap(stage =>
    (run[stage]?.epochs ?? []).map((epoch, i) => ({stage, epoch, i})),
  );
  const names = [...new Set(stages.flatMap(({epoch}) => Object.keys(epoch.logs)))];
  const table: Block = {
    type: 'table',
    caption: say`What was logged at the end of each epoch, a pass over the training rows.`,
    head: ['Stage', 'Epoch', 'Step', ...names.map(logName)],
    rows: stages.map(({stage, epoch, i}): Cell[] => [
      [stage],
      [f(`/${stage}/epochs/${i}/epoch`, 'count')],
      [f(`/${stage}/epochs/${i}/step`, 'count')],
      ...names.map(name =>
        name in epoch.logs
          ? [f(`/${stage}/epochs/${i}/logs/${pointerKey(name)}`, Number.isInteger(epoch.logs[name]) ? 'count' : 'auc')]
          : ['–'],
      ),
    ]),
  };
  return stages.length > MOST_EPOCHS ? {type: 'fold', title: 'Show the epochs', blocks: [table]} : table;
}

function dataBlocks(run: RunRecord): Block[] {
  const f = figuresOf(run);
  const lists = run.data.fields.some(({width}) => width > 1);
  const fields: Block = {
    type: 'table',
    caption: say`Fields`,
    head: ['Field', 'Different values', ...(lists ? ['Values a row, at most'] : [])],
    rows: run.data.fields.map((_, i) => [
      [f(`/data/fields/${i}/name`)],
      [f(`/data/fields/${i}/size`, 'count')],
      ...(lists ? [[f(`/data/fields/${i}/width`, 'count')]] : []),
    ]),
  };
  return [
    ...(run.data.source === null
      ? []
      : [{type: 'text' as const, text: say`Source: ${f('/data/source')}. A positive row is ${f('/positive')}.`}]),
    {
      type: 'table',
      caption: say`Rows`,
      head: ['Part', 'Rows', 'Positive', 'Share'],
      rows: run.data.parts.map((_, i) => [
        [f(`/data/parts/${i}/name`)],
        [f(`/data/parts/${i}/rows`, 'count')],
        [f(`/data/parts/${i}/positives`, 'count')],
        [f(`/data/parts/${i}/rate`, 'percent')],
      ]),
    },
    run.data.fields.length > MOST_FIELDS ? {type: 'fold', title: 'Show the fields', blocks: [fields]} : fields,
  ];
}

function settingBlocks(run: RunRecord): Block[] {
  const f = figuresOf(run);
  const row = (name: string, path: string): Cell[] => [[name], [f(path)]];
  return [
    {
      type: 'table',
      caption: say`What the run was started with`,
      head: ['Setting', 'Value'],
      rows: [
        row('command', '/command'),
        row('seed', '/seed'),
        row('backend', '/backend'),
        row('ended', '/created'),
        ...Object.keys(run.settings).map(key => row(key, `/settings/${pointerKey(key)}`)),
        ...Object.keys(run.constants ?? {}).map(key => row(`gRDA: ${key}`, `/constants/${key}`)),
        ...Object.keys(run.versions).map(key => row(`version of ${key}`, `/versions/${pointerKey(key)}`)),
      ],
    },
  ];
}

function allTable(run: RunRecord): Block {
  const f = figuresOf(run);
  const order = [...run.interactions.keys()]
    .sort(
      (a, b) =>
        Math.abs(run.interactions[b].alpha) - Math.abs(run.interactions[a].alpha) ||
        (run.interactions[b].closedAt ?? 0) - (run.interactions[a].closedAt ?? 0) ||
        a - b,
    )
    .slice(0, MOST_LISTED);
  const rest =
    run.interactions.length > MOST_LISTED ? ` The first ${MOST_LISTED} are shown; the run's JSON has all.` : '';
  return {
    type: 'table',
    caption: say`All ${f('/interactions/length', 'count')} interactions, by |alpha|, then by when their gate closed.${rest}`,
    head: ['Interaction', 'alpha', 'Kept', 'Closed after step', 'AUC alone'],
    rows: order.map(i => [
      nameOf(run, `/interactions/${i}`),
      [f(`/interactions/${i}/alpha`, 'alpha')],
      [run.interactions[i].kept ? 'yes' : 'no'],
      [f(`/interactions/${i}/closedAt`, 'count')],
      [f(`/interactions/${i}/auc`, 'auc')],
    ]),
  };
}
