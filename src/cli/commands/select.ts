import {type Decision, decisionInWords, isUncertain, type JudgedInteraction} from '../../select/decision';
import {INTERVAL} from '../../statistics';
import {areCopied, copiedWords} from '../../training/copied_rows';
import {textTable, wrapped} from '../../text_table';
import type {CommandSpec} from '../command';
import {signed} from '../output';
import {flagOf} from '../setting';
import type {SettingKey} from '../settings';
import type {PaperResult} from '../steps/paper';
import {folderOf} from '../steps/run_folder';
import type {SelectResult} from '../steps/select';
import {UsageError} from '../usage_error';
import {modelsInWords} from './evaluate';

/** The settings of the components of `run`, too. */
export const COMPONENT_SETTINGS = [
  'folder',
  'effort',
  'share',
  'batchSize',
  'learningRate',
  'epochs',
  'threads',
  'seed',
  'backend',
  'resume',
] as const satisfies readonly SettingKey[];

/** Settings of one method alone. */
const COMPONENTS_ALONE = ['effort', 'share', 'threads'] as const satisfies readonly SettingKey[];
const PAPER_ALONE = [
  'model',
  'order',
  'embeddingDim',
  'hiddenUnits',
  'searchEpochs',
] as const satisfies readonly SettingKey[];

export const selectCommand: CommandSpec = {
  name: 'select',
  summary: 'decide which interactions matter, and train a model of these',
  description:
    'Decides on the encoded rows in FOLDER/data which interactions matter, trains a model of these, compares it with ' +
    'others on the test rows, and writes FOLDER/bundle: the model with its schema. By components, gates that are ' +
    'fitted to held-out rows close what adds nothing to logistic regression. With --method paper, gRDA closes gates ' +
    'while --model trains, and a fresh model of the open ones is trained.',
  settings: ['folder', 'method', ...PAPER_ALONE, ...COMPONENT_SETTINGS.filter(key => key !== 'folder')],
  examples: ['select', 'select --effort quick --share 0.1', 'select --method paper --model autoDeepFm'],
  run: async given => {
    const {values, output} = given;
    const {method = 'components'} = values;
    const vain = (method === 'paper' ? COMPONENTS_ALONE : PAPER_ALONE).find(key => values[key] !== undefined);
    if (vain !== undefined) {
      const other = method === 'paper' ? 'components' : 'paper';
      throw new UsageError(`${flagOf(vain)} is for --method ${other}. Received: --method ${method}.`);
    }
    const {startBackend} = await import('../steps/backend');
    const folder = folderOf(values);
    const backend = await startBackend(given);
    if (method === 'paper') {
      const {paperStep} = await import('../steps/paper');
      const result = await paperStep(given, folder, backend);
      output.result(result);
      output.say(paperInWords(result));
      return 0;
    }
    const {selectStep} = await import('../steps/select');
    const selected = await selectStep(given, folder, backend);
    output.result(selected);
    output.say([selectedInWords(selected), ...lastWarnings(selected)].join('\n\n'));
    return 0;
  },
};

/** Describe both stages of the paper: the open interactions, and the scores. */
function paperInWords({selection, total, search, retrain, warnings, models}: PaperResult): string {
  const shown = selection.slice(0, LISTED);
  const more = selection.length - shown.length;
  return [
    [
      `The search keeps ${selection.length} of ${total} interactions.`,
      ...warnings.map(warning => `Warning: ${warning}`),
    ].join('\n'),
    textTable(
      ['interaction', 'alpha'],
      shown.map(({fields, alpha}) => [fields.join(' x '), alpha.toFixed(4)]),
      [0],
    ) + (more > 0 ? `\nand ${more.toLocaleString('en')} more, which --json has` : ''),
    `On the validation rows:\n${textTable(
      ['stage', 'AUC', 'logloss'],
      [
        ['search, its end', search.auc.toFixed(4), search.logloss.toFixed(4)],
        [`retrain, epoch ${retrain.bestEpoch}`, retrain.auc.toFixed(4), retrain.logloss.toFixed(4)],
      ],
      [0],
    )}`,
    `On the test rows:\n${modelsInWords(models)}`,
  ].join('\n\n');
}

/** Interactions that are listed at most. */
const LISTED = 5;

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
    [
      headOf(decision, open, open.filter(isCertain).length),
      ...warnings.map(warning => wrapped(`Warning: ${warning}`)),
    ].join('\n'),
    ...(open.length === 0 ? [] : [interactionsInWords(open, isCertain)]),
    `On the test rows, read once:\n${modelsInWords(models)}`,
  ].join('\n\n');
}

/** The warning that ends the output, since it is about all of it. */
export function lastWarnings({copied}: Pick<SelectResult, 'copied'>): string[] {
  return areCopied(copied) ? [wrapped(`Warning: ${copiedWords(copied)}`)] : [];
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
    ['interaction', 'logloss that it saves (95 %)', 'certain'],
    open
      .slice(0, LISTED)
      .map(each => [
        each.fields.join(' x '),
        `${signed(each.gain)} ± ${(INTERVAL * each.standardError).toFixed(4)}`,
        isCertain(each) ? 'yes' : 'no',
      ]),
    [0],
  );
  const rest = open.length - LISTED;
  return rest > 0 ? `${table}\nand ${rest.toLocaleString('en')} more, which the report has` : table;
}
