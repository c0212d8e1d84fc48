import type {RunRecord} from '../record/run_record';
import {answerOf, kindOf} from './answer';
import {Block, Content, paragraph, Section} from './blocks';
import {picturesOf} from './pictures/pictures';
import {choiceBlocks} from './sections/choice';
import {dataBlocks, settingBlocks} from './sections/data';
import {allTable, keptTable} from './sections/interactions';
import {comparisonTable, keyFigures, modelTable} from './sections/models';
import {glossary} from './glossary';
import {say} from './text';
import {figuresOf} from './figures';
import {aloneWords, calibrationWords, comparedWords, leftOutWords, mapWords, noneKeptWords} from './words';

/** All that a report says. Every number in it is a figure of the run. */
export function contentOf(run: RunRecord): Content {
  return {
    title: [figuresOf(run)('/title')],
    answer: answerOf(run),
    keys: keyFigures(run),
    sections: sectionsOf(run),
  };
}

function sectionsOf(run: RunRecord): Section[] {
  const noun = kindOf(run);
  const section = (id: string, title: string, blocks: readonly Block[]): Section => ({id, title, blocks});
  const optional = (holds: boolean, ...given: Parameters<typeof section>) => (holds ? [section(...given)] : []);
  return [
    section('interactions', `Which ${noun} matter`, [...warningBlocks(run), ...interactionBlocks(run)]),
    section('words', 'What the words mean', [{type: 'terms', terms: glossary(run)}]),
    section('models', 'The models on the test rows', [
      paragraph(comparedWords(run)),
      modelTable(run),
      ...(run.models.some(({comparison}) => comparison !== null) ? [comparisonTable(run)] : []),
      paragraph(calibrationWords()),
      ...pictureBlocks(run, 'calibration'),
    ]),
    section('choice', 'How the model was chosen', choiceBlocks(run)),
    ...optional(
      run.interactions.some(({auc}) => auc !== null),
      'alone',
      'The interactions alone',
      [paragraph(aloneWords(run)), ...pictureBlocks(run, 'alone')],
    ),
    section('data', 'Data', dataBlocks(run)),
    section('settings', 'Settings', settingBlocks(run)),
    ...optional(run.interactions.length > 0, 'all', `All ${noun}`, [
      {type: 'fold', title: 'Show the table', blocks: [allTable(run)]},
    ]),
  ];
}

function pictureBlocks(run: RunRecord, kind: string): Block[] {
  return picturesOf(run)
    .filter(({name}) => kind === name.replace(/-\d+$/, ''))
    .map(picture => ({type: 'picture', picture}));
}

function warningBlocks(run: RunRecord): Block[] {
  const f = figuresOf(run);
  return run.warnings.map((_, i) => paragraph(say`Warning: ${f(`/warnings/${i}`)}`));
}

function interactionBlocks(run: RunRecord): Block[] {
  if (run.selection.length === 0) return [paragraph(noneKeptWords(run))];
  return [
    paragraph(mapWords(run)),
    ...pictureBlocks(run, 'interactions'),
    ...leftOutWords(run).map(paragraph),
    keptTable(run),
  ];
}
