import type {ModelRecord, RunRecord} from '../../record/run_record';
import {certainOf, openPositions} from '../../report/lookups';
import {toPlain} from '../../report/text';
import {headline, nextOf} from '../../report/verdict';
import {withInterval} from '../../statistics';
import {textTable, wrapped} from '../../text_table';
import type {CommandSpec} from '../command';
import {flagOf} from '../setting';
import type {SettingKey} from '../settings';
import type {PaperResult} from '../steps/paper';
import {folderOf} from '../steps/run_folder';
import {UsageError} from '../usage_error';
import {modelsInWords} from './evaluate';

/** The settings of the components of `run`, too. */
export const COMPONENT_SETTINGS = [
  'folder',
  'effort',
  'share',
  'forbid',
  'batchSize',
  'learningRate',
  'epochs',
  'threads',
  'seed',
  'backend',
  'resume',
  'verbose',
] as const satisfies readonly SettingKey[];

/** Settings of one method alone. */
const COMPONENTS_ALONE = ['effort', 'share', 'forbid', 'threads'] as const satisfies readonly SettingKey[];
const PAPER_ALONE = ['model', 'searchEpochs'] as const satisfies readonly SettingKey[];

export const selectCommand: CommandSpec = {
  name: 'select',
  summary: 'decide which interactions matter, and train a model of these',
  description:
    'Decides on the encoded rows in FOLDER/data which interactions matter, trains a model of these, compares it with ' +
    'others on the test rows, and writes FOLDER/bundle: the model with its schema. By components, gates that are ' +
    'fitted to held-out rows close what adds nothing to logistic regression. With --method paper, gRDA closes gates ' +
    'while --model trains, and a fresh model of the open ones is trained.',
  settings: ['method', ...PAPER_ALONE, ...COMPONENT_SETTINGS],
  examples: ['select', 'select --effort quick --share 0.1', 'select --method paper --model autoDeepFm'],
  run: async given => {
    const {values, output} = given;
    const {method = 'components'} = values;
    const vain = (method === 'paper' ? COMPONENTS_ALONE : PAPER_ALONE).find(key => values[key] !== undefined);
    if (vain !== undefined) {
      const other = method === 'paper' ? 'components' : 'paper';
      throw new UsageError(`${flagOf(vain)} is for --method ${other}. Received: --method ${method}.`);
    }
    const {selectSteps, STEPS} = await import('../steps/expected');
    output.begin(STEPS.backend);
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
    const {openParts} = await import('../steps/open_parts');
    const {train, valid} = await openParts(folder);
    output.expect(selectSteps({rows: train.rows + valid.rows, fields: train.fields.length}, values));
    output.result(await selectStep(given, folder, backend));
    if (output.json) return 0;
    const {runRecord} = await import('../steps/report');
    output.say(runInWords(await runRecord(given, folder)));
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

/** Interactions and models that are listed at most. */
const [LISTED, MODELS] = [3, 3];

/** Describe a run: the verdict, what to do, warnings, the strongest interactions, and models on the test rows. */
export function runInWords(run: RunRecord): string {
  const open = openPositions(run);
  const certain = new Set(certainOf(run));
  const shown = open.slice(0, LISTED);
  const head = open.length > LISTED ? `interaction (${LISTED} of ${open.length.toLocaleString('en')})` : 'interaction';
  const interactions = textTable(
    [head, 'logloss that it saves (95 %)', 'certain'],
    shown.map(i => {
      const {fields, evidence} = run.interactions[i];
      return [fields.join(' x '), withInterval(evidence.gain, evidence.standardError), certain.has(i) ? 'yes' : 'no'];
    }),
    [0],
  );
  return [
    [
      `verdict: ${headline(run)}`,
      `next:    ${toPlain(nextOf(run))}`,
      ...run.warnings.map(warning => `Warning: ${warning}`),
    ]
      .map(wrapped)
      .join('\n'),
    ...(open.length === 0 ? [] : [interactions]),
    modelsInWords(rivals(run.models)),
  ].join('\n\n');
}

/** The chosen model and logistic regression, then the others by their test AUC, three models in all. */
function rivals(models: readonly ModelRecord[]): ModelRecord[] {
  const first = ({role}: ModelRecord) => ['after', 'linear'].includes(role);
  const others = models.filter(model => !first(model)).sort((a, b) => b.auc - a.auc);
  return [...models.filter(first), ...others].slice(0, MODELS);
}
