import type {RunRecord} from '../record/run_record';
import {Block, Content, paragraph, Section} from './blocks';
import {figuresOf, formats} from './figures';
import {glossary, term} from './glossary';
import {picturesOf} from './pictures/pictures';
import {choiceBlocks} from './sections/choice';
import {dataBlocks, settingBlocks} from './sections/data';
import {allTable, topTable} from './sections/interactions';
import {comparisonTable, modelTable} from './sections/models';
import {say, listed, type Text} from './text';
import {nextOf, verdictOf} from './verdict';
import {aloneWords, comparedWords, leftOutWords, noneSelectedWords} from './words';
import {modelIndex} from './lookups';

const GAINS = say`A gain is how much the logloss of held-out rows rises without the interaction or field; the line
  through the dot is its 95 % interval.`;
const CALIBRATION = say`Where a model predicts a rate of 20 %, a fifth should be positive: then its point lies on the
  dashed line. Above the line the model predicts too little, below it too much.`;

/** All that a report says. Its numbers are figures of the run, or follow from them. */
export function contentOf(run: RunRecord): Content {
  return {
    title: [figuresOf(run)('/title')],
    verdict: verdictOf(run),
    next: nextOf(run),
    facts: factsOf(run),
    overview: [...warningBlocks(run), ...pictureBlocks(run, 'models', 'top')],
    sections: [
      ...optional(run.selection.length > 0, 'examples', 'Where the strongest interactions show', [topTable(run)]),
      section('gains', 'What interactions and single fields add', [
        paragraph(run.selection.length === 0 ? noneSelectedWords(run) : GAINS),
        ...pictureBlocks(run, 'gains'),
      ]),
      section('rates', 'Are the predicted rates right?', [
        paragraph(CALIBRATION),
        ...pictureBlocks(run, 'calibration'),
      ]),
      section('appendix', 'Appendix', appendix(run)),
    ],
  };
}

/** Tables of evidence, meanings of words and details, each folded under its title. */
function appendix(run: RunRecord): Block[] {
  const fold = (title: string, ...blocks: Block[]): Block => ({type: 'fold', title, blocks});
  return [
    fold('What the words mean', {type: 'terms', terms: glossary(run)}),
    fold(
      'The models on the test rows',
      paragraph(comparedWords(run)),
      modelTable(run),
      ...(run.models.some(({comparison}) => comparison !== null) ? [comparisonTable(run)] : []),
    ),
    ...(run.interactions.length === 0
      ? []
      : [fold('All interactions', ...leftOutWords(run).map(paragraph), paragraph(aloneWords(run)), allTable(run))]),
    fold('How the model was chosen', ...choiceBlocks(run)),
    fold('Data and what was assumed of it', ...dataBlocks(run)),
    fold('Settings', ...settingBlocks(run)),
  ];
}

function section(id: string, title: string, blocks: readonly Block[]): Section {
  return {id, title, blocks};
}

function optional(holds: boolean, ...given: Parameters<typeof section>): Section[] {
  return holds ? [section(...given)] : [];
}

function pictureBlocks(run: RunRecord, ...names: string[]): Block[] {
  return picturesOf(run)
    .filter(({name}) => names.includes(name))
    .map(picture => ({type: 'picture', picture}));
}

function warningBlocks(run: RunRecord): Block[] {
  const f = figuresOf(run);
  return run.warnings.map((_, i) => paragraph(say`Warning: ${f(`/warnings/${i}`)}`));
}

/** Columns that are named; the appendix has the others. */
const NAMED = 8;

/** State rows, share of positives, columns, calibration and size of the model. */
function factsOf(run: RunRecord): Content['facts'] {
  const f = figuresOf(run);
  const {parts, fields} = run.data;
  const at = `/models/${modelIndex(run, 'after')}`;
  const names = fields.slice(0, NAMED).map((_, i): Text => [f(`/data/fields/${i}/name`)]);
  const rest = fields.length - NAMED;
  return [
    ['Rows', listed(parts.map((_, i) => say`${f(`/data/parts/${i}/rows`, 'count')} ${f(`/data/parts/${i}/name`)}`))],
    ['Positive', say`${f('/data/parts/0/rate', 'percent')}: ${f('/positive')}`],
    [
      'Columns',
      say`${f('/data/fields/length', 'count')}: ${listed([
        ...names,
        ...(rest > 0 ? [[`${formats.count(rest)} more`]] : []),
      ])}`,
    ],
    ['Predicted rates', say`off by ${(100 * miscalibration(run)).toFixed(1)} points on average over bins of test rows`],
    ['Model', say`${f(`${at}/parameters`, 'count')} ${term(run, 'parameters')}, ${f(`${at}/bytes`, 'bytes')}`],
  ];
}

/** Compute the mean absolute difference of predicted and observed rate over the bins of the chosen model. */
function miscalibration({models}: RunRecord): number {
  const {calibration} = models.find(({role}) => role === 'after')!;
  const rows = calibration.reduce((sum, bin) => sum + bin.rows, 0);
  return calibration.reduce((sum, bin) => sum + bin.rows * Math.abs(bin.predicted - bin.observed), 0) / rows;
}
