import type {RunRecord} from '../record/run_record';
import {Block, Content, paragraph, Section} from './blocks';
import {figuresOf, formats} from './figures';
import {glossary, term} from './glossary';
import {picturesOf} from './pictures/pictures';
import {choiceBlocks} from './sections/choice';
import {dataBlocks, settingBlocks} from './sections/data';
import {segmentTable} from './sections/errors';
import {allTable} from './sections/interactions';
import {modelTable} from './sections/models';
import {say, listed, type Text} from './text';
import {nextOf, verdictOf} from './verdict';
import {comparedWords, gainWords, noneSelectedWords, rowWords} from './words';
import {modelIndex} from './lookups';

const MAPS = say`Predicted rate of test rows in percent; below it the rate without the interaction, which raises orange
  cells and lowers blue ones.`;
const CALIBRATION = say`On the dashed line predictions are right; above it they are too low, below it too high.`;

/** All that a report says. Its numbers are figures of the run, or follow from them. */
export function contentOf(run: RunRecord): Content {
  return {
    title: [figuresOf(run)('/title')],
    verdict: verdictOf(run),
    next: nextOf(run),
    facts: factsOf(run),
    overview: [...warningBlocks(run), ...pictureBlocks(run, 'models', 'top')],
    sections: [
      ...(run.inspection.maps.length === 0 ? [] : [section('maps', 'Effects by value', mapBlocks(run))]),
      section('gains', 'All importances', [
        paragraph(run.selection.length === 0 ? noneSelectedWords(run) : gainWords(run)),
        ...pictureBlocks(run, 'gains'),
      ]),
      section('row', 'One row explained', [paragraph(rowWords(run)), ...pictureBlocks(run, 'row')]),
      section('errors', 'Where the model errs', [
        segmentTable(run),
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
    fold('The models on the test rows', paragraph(comparedWords(run)), modelTable(run)),
    ...(run.interactions.length === 0 ? [] : [fold('All interactions', allTable(run))]),
    fold('How the model was chosen', ...choiceBlocks(run)),
    fold('Data and what was assumed of it', ...dataBlocks(run)),
    fold('Settings', ...settingBlocks(run)),
  ];
}

function section(id: string, title: string, blocks: readonly Block[]): Section {
  return {id, title, blocks};
}

function pictureBlocks(run: RunRecord, ...names: string[]): Block[] {
  return picturesOf(run)
    .filter(({name}) => names.includes(name))
    .map(picture => ({type: 'picture', picture}));
}

function mapBlocks(run: RunRecord): Block[] {
  return [paragraph(MAPS), {type: 'grid', pictures: picturesOf(run).filter(({name}) => name.startsWith('map-'))}];
}

function warningBlocks(run: RunRecord): Block[] {
  const f = figuresOf(run);
  return run.warnings.map((_, i) => paragraph(say`Warning: ${f(`/warnings/${i}`)}`));
}

/** Columns that are named; the appendix has the others. */
const NAMED = 5;

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
    [
      'Model',
      say`${f(`${at}/parameters`, 'count')} ${term(run, 'parameters')}, ${f(`${at}/bytes`, 'bytes')}; scores
        ${f('/inspection/rowsPerSecond', 'count')} rows a second`,
    ],
  ];
}

/** Compute the mean absolute difference of predicted and observed rate over the bins of the chosen model. */
function miscalibration({models}: RunRecord): number {
  const {calibration} = models.find(({role}) => role === 'after')!;
  const rows = calibration.reduce((sum, bin) => sum + bin.rows, 0);
  return calibration.reduce((sum, bin) => sum + bin.rows * Math.abs(bin.predicted - bin.observed), 0) / rows;
}
