import {type Decision, decisionInWords, isUncertain, type JudgedInteraction} from '../../select/decision';
import {INTERVAL, mean} from '../../statistics';
import {areCopied, copiedWords} from '../../training/copied_rows';
import {textTable} from '../../text_table';
import type {CommandSpec} from '../command';
import {signed} from '../output';
import {folderOf} from '../steps/run_folder';
import type {SelectResult} from '../steps/select';
import {modelsInWords} from './evaluate';

export const selectCommand: CommandSpec = {
  name: 'select',
  summary: 'decide which interactions matter, and train a model of these on top of logistic regression',
  description:
    'Fits logistic regression and components of interactions (products of vectors, tables, rates and counts of ' +
    'cells) to the encoded rows in FOLDER/data without each fold, and evaluates them on it. Gates that are fitted to ' +
    'these values close what does not help; of the open interactions the fewest that save nearly all stay. Trains ' +
    'their model on all rows except the test rows, and compares it on these with logistic regression and products of ' +
    'all pairs. Writes FOLDER/bundle: the model with its schema.',
  settings: [
    'folder',
    'effort',
    'share',
    'batchSize',
    'learningRate',
    'epochs',
    'threads',
    'seed',
    'backend',
    'precision',
    'resume',
  ],
  examples: ['select', 'select --effort quick --share 0.1'],
  run: async given => {
    const {startBackend} = await import('../steps/backend');
    const {selectStep} = await import('../steps/select');
    const backend = await startBackend(given);
    const selected = await selectStep(given, folderOf(given.values), backend);
    given.output.result(selected);
    given.output.say([selectedInWords(selected), ...lastWarnings(selected)].join('\n\n'));
    return 0;
  },
};

/** Interactions that are listed at most. */
const LISTED = 20;

/** Describe the decision, its interactions, and the models on held-out and on test rows. */
export function selectedInWords({
  decision,
  copied,
  models,
  warnings,
}: Pick<SelectResult, 'decision' | 'copied' | 'models' | 'warnings'>): string {
  const isCertain = (each: JudgedInteraction) => !areCopied(copied) && !isUncertain(each);
  const open = decision.interactions.filter(each => each.open).sort((a, b) => b.gain - a.gain);
  return [
    [headOf(decision, open, open.filter(isCertain).length), ...warnings.map(warning => `Warning: ${warning}`)].join(
      '\n',
    ),
    ...(open.length === 0 ? [] : [interactionsInWords(open, isCertain)]),
    scoresInWords(decision, open.length),
    `On the test rows, read once:\n${modelsInWords(models)}`,
  ].join('\n\n');
}

/** The warning that ends the output, since it is about all of it. */
export function lastWarnings({copied}: Pick<SelectResult, 'copied'>): string[] {
  return areCopied(copied) ? [`Warning: ${copiedWords(copied)}`] : [];
}

/** The decision in one sentence. */
function headOf(decision: Decision, open: readonly JudgedInteraction[], certain: number): string {
  const {length: judged} = decision.interactions;
  if (judged === 0)
    return 'The rows are too few to tell interactions from chance: logistic regression is trained alone.';
  if (open.length === 0)
    return `Held-out rows confirm none of ${judged.toLocaleString('en')} interactions: logistic regression is chosen.`;
  return `Chosen: ${decisionInWords(decision)}, ${certainInWords(certain, open.length)}.`;
}

function certainInWords(certain: number, open: number): string {
  if (open === 1) return certain === 1 ? 'certain' : 'uncertain';
  if (certain === open) return 'all certain';
  return certain === 0 ? 'none of them certain by itself' : `${certain.toLocaleString('en')} of them certain`;
}

/** The open interactions with their evidence; of many the first. */
function interactionsInWords(
  open: readonly JudgedInteraction[],
  isCertain: (each: JudgedInteraction) => boolean,
): string {
  const table = textTable(
    ['interaction', 'logloss that it saves (95 %)', 'open in folds', 'certain'],
    open
      .slice(0, LISTED)
      .map(each => [
        each.fields.join(' x '),
        `${signed(each.gain)} ± ${(INTERVAL * each.standardError).toFixed(4)}`,
        `${each.stability.kept} of ${each.stability.samples}`,
        isCertain(each) ? 'yes' : 'no',
      ]),
    [0],
  );
  const rest = open.length - LISTED;
  const more = rest > 0 ? `\nand ${rest.toLocaleString('en')} more, which --json has` : '';
  return `${table}${more}\nCertain: it is open in at least 60 % of the folds, and its interval is above 0.`;
}

/** The selection, and models without it, on rows that neither components nor gates learned from. */
function scoresInWords({rows, evidence, scores}: Decision, open: number): string {
  const {linear, all, random, selection} = scores;
  const table = textTable(
    ['model', 'AUC', 'logloss'],
    [
      {name: 'logistic regression', scores: [linear]},
      ...(all === null ? [] : [{name: 'products of all pairs', scores: [all]}]),
      ...(random.length === 0
        ? []
        : [{name: `random interactions, as many (mean of ${random.length} sets)`, scores: random}]),
      ...(open === 0 ? [] : [{name: 'the selection', scores: [selection]}]),
    ].map(({name, scores}) => [
      name,
      mean(scores.map(({auc}) => auc)).toFixed(4),
      mean(scores.map(({logloss}) => logloss)).toFixed(4),
    ]),
    [0],
  );
  const by = evidence.by === 'folds' ? `by ${evidence.folds} folds` : 'a part of all';
  return `On ${rows.toLocaleString('en')} held-out rows (${by}):\n${table}`;
}
