import type {Run} from '../run/run';
import {Picture, picturesOf} from './pictures/pictures';
import {figuresOf, listed, pointerKey, say, Text} from './text';

/** What a section is made of; HTML and Markdown are written from the same. */
export type Block =
  {type: 'text', text: Text} |
  {type: 'picture', picture: Picture} |
  {type: 'table', caption: Text, head: readonly string[], rows: ReadonlyArray<readonly Cell[]>, cards?: boolean} |
  {type: 'terms', terms: ReadonlyArray<readonly [string, Text]>} |
  {type: 'fold', title: string, blocks: readonly Block[]};

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
  /** The figures that matter most, each with what it is. */
  keys: ReadonlyArray<readonly [string, Text]>;
  sections: readonly Section[];
}

/** Kept interactions in the main table, interactions in the table of all. */
const MOST_KEPT = 100, MOST_LISTED = 1000;
/** Kept interactions with all of their examples; the others have one. */
const DETAILED = 5;
/** A difference of AUC below this is called none: other seeds differ by more. */
const NOTICEABLE = 0.0005;

/** All that a report says. Every number in it is a figure of the run. */
export function contentOf(run: Run): Content {
  const f = figuresOf(run);
  const before = run.models.findIndex(({role}) => role === 'before'), after = run.models.findIndex(({role}) => role === 'after');
  const pictures = picturesOf(run);
  const picture = (...names: string[]): Block[] => pictures.filter(({name}) => names.includes(name.replace(/-\d+$/, '')))
    .map(each => ({type: 'picture', picture: each}));
  const noun = kindOf(run);
  const sections: Section[] = [
    {id: 'reading', title: 'How to read this page', blocks: [{type: 'terms', terms: glossary(run)}]},
    {id: 'interactions', title: `Which ${noun} matter`, blocks: [...picture('alpha'), keptTable(run)]},
    {id: 'pruning', title: 'What pruning cost or gained', blocks: [
      {type: 'text', text: pruningWords(run, before, after)}, modelTable(run), ...picture('calibration'),
      {type: 'text', text: say`Of the rows that a model gives a rate of 20 %, a fifth should be positive: then its point lies on the dashed line.`},
    ]},
    ...run.verdict === null ? [] : [{id: 'verdict', title: 'Verdict', blocks: verdictBlocks(run)}],
    {id: 'search', title: 'How the search went', blocks: [
      {type: 'text', text: searchWords(run)},
      ...run.warnings.map((_, i): Block => ({type: 'text', text: say`Warning: ${f(`/warnings/${i}`)}`})),
      ...picture('paths'),
    ]},
    ...run.interactions.every(({auc}) => auc === null) ? [] : [{id: 'alone', title: 'The interactions alone', blocks: [
      {type: 'text' as const, text: aloneWords(run)}, ...picture('alone')]}],
    {id: 'training', title: 'Training', blocks: [...picture('loss', 'auc'), epochTable(run)]},
    {id: 'data', title: 'Data', blocks: dataBlocks(run)},
    {id: 'settings', title: 'Settings', blocks: settingBlocks(run)},
    {id: 'all', title: `All ${noun}`, blocks: [{type: 'fold', title: 'Show the table', blocks: [allTable(run)]}]},
  ];
  return {title: [f('/title')], answer: answerOf(run, before, after), keys: keysOf(run, before, after), sections};
}

/** "pairs of fields", or "interactions" where there are triples, too. */
function kindOf(run: Run): string {
  const orders = new Set(run.search.alpha.gates.map(({order}) => order));
  return orders.size > 1 ? 'interactions' : orders.has(2) ? 'pairs of fields' : 'triples of fields';
}

/** "day × destination". */
function nameOf(run: Run, path: string): Text {
  const f = figuresOf(run), {length} = f(`${path}/fields/length`).value === 3 ? [0, 0, 0] : [0, 0];
  return Array.from({length}, (_, k) => [...k === 0 ? [] : [' × '], f(`${path}/fields/${k}`)]).flat();
}

function answerOf(run: Run, before: number, after: number): Text {
  const f = figuresOf(run);
  const strongest = run.selection.slice(0, 3).map((_, i) => nameOf(run, `/selection/${i}`));
  const difference = run.models[after].auc - run.models[before].auc;
  const effect = difference >= NOTICEABLE ? 'which is better' : difference <= -NOTICEABLE ? 'which is worse' : 'which is about the same';
  return say`Of ${f('/interactions/length', 'count')} ${kindOf(run)}, ${f('/selection/length', 'count')} help to predict ${f('/positive')}, above all ${listed(strongest)}; ${
    ''}with these alone the test AUC is ${f(`/models/${after}/auc`, 'auc')} instead of ${f(`/models/${before}/auc`, 'auc')}, ${effect}.`;
}

function keysOf(run: Run, before: number, after: number): Content['keys'] {
  const f = figuresOf(run);
  const both = (key: string, format: Parameters<typeof f>[1]) => say`${f(`/models/${before}${key}`, format)} → ${f(`/models/${after}${key}`, format)}`;
  return [
    ['interactions', say`${f('/interactions/length', 'count')} → ${f('/selection/length', 'count')}`],
    ['test AUC', both('/auc', 'auc')],
    ['logloss', both('/logloss', 'auc')],
    ['parameters', both('/parameters', 'count')],
    ['size', both('/bytes', 'bytes')],
    ...run.models[before].latency === null || run.models[after].latency === null ? [] :
      [['one row, median', both('/latency/p50', 'milliseconds')] as const],
  ];
}

function glossary(run: Run): ReadonlyArray<readonly [string, Text]> {
  return [
    ['Interaction', say`Two fields (or three) whose combination says more than each of them: the hour may matter on one weekday and not on another.`],
    ['Gate and alpha', say`During the search each interaction has a gate, whose weight is alpha. Useless gates close: their alpha becomes exactly zero. The larger |alpha|, the more the model relies on the interaction; the sign alone says nothing.`],
    ['AUC', say`The probability that the model puts a positive row above a negative one: 0.5 is chance, 1 perfect. Logloss also asks for right probabilities; smaller is better.`],
    ['Before and after', say`${figuresOf(run)(`/models/${run.models.findIndex(m => m.role === 'before')}/name`)} has all interactions, ${
      figuresOf(run)(`/models/${run.models.findIndex(m => m.role === 'after')}/name`)} only those that matter, trained afresh.`],
  ];
}

function keptTable(run: Run): Block {
  const f = figuresOf(run);
  const places = new Map(run.interactions.map(({gate, interaction}, i) => [`${gate}:${interaction}`, i]));
  const rows = run.selection.slice(0, MOST_KEPT).map((selected, i): Cell[] => {
    const at = places.get(`${selected.gate}:${selected.interaction}`)!, {auc, examples} = run.interactions[at];
    return [
      [f(`/selection/${i}/rank`, 'count')], nameOf(run, `/selection/${i}`), [f(`/selection/${i}/alpha`, 'alpha')],
      auc === null ? ['–'] : [f(`/interactions/${at}/auc`, 'auc')],
      examples.length === 0 ? ['–'] : {lines: examples.slice(0, i < DETAILED ? undefined : 1).map((_, e) => exampleWords(run, `/interactions/${at}`, e))},
    ];
  });
  const rest = run.selection.length > MOST_KEPT ? ` The ${MOST_KEPT} strongest are shown.` : '';
  return {
    type: 'table', cards: true, head: ['Rank', 'Interaction', 'alpha', 'AUC alone', 'Where it shows most'], rows,
    caption: say`The ${f('/selection/length', 'count')} interactions that are kept, the strongest first.${rest} The last column: combinations of values whose share of positive rows (${
      f('/positive')}) is furthest from what each value by itself leads to, in the training rows.`,
  };
}

/** "day 14 March, destination ATL: 62.0 % of 120 rows (expected 24.0 %)". */
function exampleWords(run: Run, path: string, e: number): Text {
  const f = figuresOf(run), at = `${path}/examples/${e}`;
  const fields = f(`${path}/fields/length`).value as number;
  const values = Array.from({length: fields}, (_, k) => say`${f(`${path}/fields/${k}`)} ${f(`${at}/values/${k}`)}`);
  return say`${values.flatMap((value, k) => [...k === 0 ? [] : [', '], ...value])}: ${f(`${at}/rate`, 'percent')} of ${f(`${at}/rows`, 'count')} rows (expected ${f(`${at}/expected`, 'percent')})`;
}

function pruningWords(run: Run, before: number, after: number): Text {
  const f = figuresOf(run), difference = run.models[after].auc - run.models[before].auc;
  const effect = difference >= NOTICEABLE ? 'gained accuracy' : difference <= -NOTICEABLE ? 'cost accuracy' : 'changed accuracy little';
  return say`Pruning ${effect}: test AUC ${f(`/models/${after}/auc`, 'auc')} with ${f('/selection/length', 'count')} interactions, ${
    f(`/models/${before}/auc`, 'auc')} with all ${f('/interactions/length', 'count')}.${run.verdict === null ?
    ' This is one training of each; differences of a few thousandths may be chance.' : ''}`;
}

function modelTable(run: Run): Block {
  const f = figuresOf(run), timed = run.models.some(({latency}) => latency !== null);
  return {
    type: 'table', caption: say`Models on the test rows.${timed ? ' Time: one row, from ids to prediction, median and 95th percentile.' : ''}`,
    head: ['Model', 'AUC', 'Logloss', 'Interactions', 'Parameters', 'Size', ...timed ? ['p50', 'p95'] : []],
    rows: run.models.map(({role, interactions, latency}, i): Cell[] => {
      const at = `/models/${i}`;
      return [
        say`${f(`${at}/name`)}${role === 'other' ? '' : ` (${role})`}`, [f(`${at}/auc`, 'auc')], [f(`${at}/logloss`, 'auc')],
        interactions === null ? ['–'] : say`${f(`${at}/interactions/open`, 'count')} of ${f(`${at}/interactions/total`, 'count')}`,
        [f(`${at}/parameters`, 'count')], [f(`${at}/bytes`, 'bytes')],
        ...!timed ? [] : latency === null ? [['–'], ['–']] : [[f(`${at}/latency/p50`, 'milliseconds')], [f(`${at}/latency/p95`, 'milliseconds')]],
      ];
    }),
  };
}

function verdictBlocks(run: Run): Block[] {
  const f = figuresOf(run), {standings, duels} = run.verdict!;
  return [
    {type: 'text', text: [f('/verdict/words')]},
    {type: 'table', caption: say`Each set of interactions retrained on the same rows; test AUC and logloss: mean and standard deviation over the runs.`,
      head: ['Interactions', 'Form', 'Kept', 'AUC', 'sd', 'Logloss', 'Runs'], rows: standings.map((_, i) => {
        const at = `/verdict/standings/${i}`;
        return [[f(`${at}/contestant`)], [f(`${at}/form`)], [f(`${at}/kept`, 'count')], [f(`${at}/auc/mean`, 'auc')], [f(`${at}/auc/sd`, 'auc')],
          [f(`${at}/logloss/mean`, 'auc')], [f(`${at}/auc/runs`, 'count')]];
      })},
    {type: 'table', caption: say`The selection against each other set, paired by seed; p: how likely chance alone makes such a difference.`,
      head: ['Against', 'Selection', 'Other', 'Difference', 'p'], rows: duels.map((_, i) => {
        const at = `/verdict/duels/${i}`;
        return [[f(`${at}/opponent`)], [f(`${at}/own`, 'auc')], [f(`${at}/other`, 'auc')], [f(`${at}/difference`, 'auc')], [f(`${at}/p`, 'p')]];
      })},
  ];
}

function searchWords(run: Run): Text {
  const f = figuresOf(run), {points} = run.search.alpha, last = points.length - 1;
  return say`The search took ${f('/search/steps', 'count')} steps and ${f('/search/seconds', 'seconds')}. ${run.constants === null ? '' :
    say`Alpha stayed as it was for the first ${f('/constants/warmupSteps', 'count')} steps. After that a threshold grew to ${
      f(`/search/alpha/points/${last}/threshold`, 'alpha')}; a gate whose training signal does not outgrow it closes.`}`;
}

function aloneWords(run: Run): Text {
  const f = figuresOf(run);
  return say`How well does one interaction predict by itself? Each test row scores the training click rate of its values, smoothed. ${run.correlation === null ? '' :
    say`Over ${f('/correlation/interactions', 'count')} interactions this AUC and |alpha| have a correlation of ${f('/correlation/pearson', 'alpha')} (of their ranks: ${
      f('/correlation/spearman', 'alpha')}). `}A pair may score high alone only because one of its fields does; alpha measures what it adds to the rest of the model.`;
}

function epochTable(run: Run): Block {
  const f = figuresOf(run);
  const stages = (['search', 'retrain'] as const).flatMap(stage => (run[stage]?.epochs ?? []).map((epoch, i) => ({stage, epoch, i})));
  const names = [...new Set(stages.flatMap(({epoch}) => Object.keys(epoch.logs)))];
  return {
    type: 'table', caption: say`What was logged at the end of each epoch.`, head: ['Stage', 'Epoch', 'Step', ...names],
    rows: stages.map(({stage, epoch, i}): Cell[] => [
      [stage], [f(`/${stage}/epochs/${i}/epoch`, 'count')], [f(`/${stage}/epochs/${i}/step`, 'count')],
      ...names.map(name => name in epoch.logs ? [f(`/${stage}/epochs/${i}/logs/${pointerKey(name)}`, Number.isInteger(epoch.logs[name]) ? 'count' : 'auc')] : ['–']),
    ]),
  };
}

function dataBlocks(run: Run): Block[] {
  const f = figuresOf(run);
  return [
    ...run.data.source === null ? [] : [{type: 'text' as const, text: say`Source: ${f('/data/source')}. A positive row is ${f('/positive')}.`}],
    {type: 'table', caption: say`Rows`, head: ['Part', 'Rows', 'Positive'], rows: run.data.parts.map((_, i) =>
      [[f(`/data/parts/${i}/name`)], [f(`/data/parts/${i}/rows`, 'count')], [f(`/data/parts/${i}/positives`, 'count')]])},
    {type: 'table', caption: say`Fields`, head: ['Field', 'Different values'], rows: run.data.fields.map((_, i) =>
      [[f(`/data/fields/${i}/name`)], [f(`/data/fields/${i}/size`, 'count')]])},
  ];
}

function settingBlocks(run: Run): Block[] {
  const f = figuresOf(run);
  const row = (name: string, path: string): Cell[] => [[name], [f(path)]];
  return [{type: 'table', caption: say`What the run was started with`, head: ['Setting', 'Value'], rows: [
    row('command', '/command'), row('seed', '/seed'), row('backend', '/backend'), row('ended', '/created'),
    ...Object.keys(run.settings).map(key => row(key, `/settings/${pointerKey(key)}`)),
    ...Object.keys(run.constants ?? {}).map(key => row(`gRDA: ${key}`, `/constants/${key}`)),
    ...Object.keys(run.versions).map(key => row(`version of ${key}`, `/versions/${pointerKey(key)}`)),
  ]}];
}

function allTable(run: Run): Block {
  const f = figuresOf(run);
  const order = [...run.interactions.keys()].sort((a, b) => Math.abs(run.interactions[b].alpha) - Math.abs(run.interactions[a].alpha) ||
    (run.interactions[b].closedAt ?? 0) - (run.interactions[a].closedAt ?? 0) || a - b).slice(0, MOST_LISTED);
  const rest = run.interactions.length > MOST_LISTED ? ` The first ${MOST_LISTED} are shown; the run's JSON has all.` : '';
  return {
    type: 'table', caption: say`All ${f('/interactions/length', 'count')} interactions, by |alpha|, then by when their gate closed.${rest}`,
    head: ['Interaction', 'alpha', 'Kept', 'Closed after step', 'AUC alone'],
    rows: order.map(i => [
      nameOf(run, `/interactions/${i}`), [f(`/interactions/${i}/alpha`, 'alpha')], [run.interactions[i].kept ? 'yes' : 'no'],
      [f(`/interactions/${i}/closedAt`, 'count')], [f(`/interactions/${i}/auc`, 'auc')],
    ]),
  };
}
