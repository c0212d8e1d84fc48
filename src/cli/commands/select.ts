import {allInteractionsOf} from '../../select/candidate';
import {evidenceOf, gatesBehind, mostInteractions} from '../../select/gates_behind';
import {isUncertain} from '../../select/stability';
import {INTERVAL} from '../../statistics';
import {textTable} from '../../text_table';
import type {CommandSpec} from '../command';
import {signed} from '../output';
import {folderOf} from '../steps/run_folder';
import type {SelectResult} from '../steps/select';
import {ARCHITECTURE} from '../steps/plan';
import {modelsInWords} from './evaluate';

export const selectCommand: CommandSpec = {
  name: 'select',
  summary: 'choose the simplest model that does as well as the best: logistic regression, all interactions or some',
  description:
    'Trains logistic regression and FFM with all interactions (on large tables FM as well) on the encoded ' +
    'rows in FOLDER/data, closes the gates of interactions that held-out rows do not confirm, and retrains the rest. ' +
    'Chooses the simplest model that the other half of the validation rows cannot tell from the best. Trains that ' +
    'model again on all rows except the test rows, and compares it on these with logistic regression and ' +
    'all interactions. Writes FOLDER/bundle: the model with its schema. --model starts from another model instead.',
  settings: [
    'folder',
    'effort',
    'model',
    ...ARCHITECTURE,
    'batchSize',
    'learningRate',
    'epochs',
    'threads',
    'seed',
    'backend',
    'precision',
    'resume',
  ],
  examples: ['select', 'select --effort quick --seed 3', 'select --folder runs/deep --model autoDeepFm --resume'],
  run: async given => {
    const {startBackend} = await import('../steps/backend');
    const {selectStep} = await import('../steps/select');
    const backend = await startBackend(given);
    const selected = await selectStep(given, folderOf(given.values), backend);
    given.output.result(selected);
    given.output.say(selectedInWords(selected));
    return 0;
  },
};

/** The choice, its interactions, and its rivals on the test rows. */
export function selectedInWords({chosen, selection, candidates, gates, models, warnings}: SelectResult): string {
  const total = mostInteractions(chosen, candidates, gates);
  const kinds = total > allInteractionsOf(candidates) ? 'pairs and triples' : 'interactions';
  const head = headOf(chosen.name, selection.length, `${total} ${kinds}`, selection.length === total);
  const table = textTable(
    ['model', 'interactions', 'weights', 'AUC on V2', 'logloss on V2'],
    candidates.map(candidate => [
      `${candidate.name}${candidate.name === chosen.name ? ' (chosen)' : ''}`,
      String(candidate.selection.length),
      candidate.parameters.toLocaleString('en'),
      candidate.choice.auc.toFixed(4),
      candidate.choice.logloss.toFixed(4),
    ]),
    [0],
  );
  return [
    [head, ...warnings.map(warning => `Warning: ${warning}`)].join('\n'),
    table,
    ...pairsInWords(chosen, gates),
    `On the test rows, read once:\n${modelsInWords(models)}`,
  ].join('\n\n');
}

function headOf(name: string, kept: number, all: string, isAll: boolean): string {
  if (kept === 0) return `Held-out rows confirm no interaction: ${name} alone does as well.`;
  if (isAll) return `All ${all} are kept: held-out rows prefer them to fewer (${name}).`;
  return `${kept} of ${all} do as well as the best model on held-out rows (${name}).`;
}

/** The interactions, each with what the gates know of it. */
function pairsInWords(chosen: SelectResult['chosen'], gates: SelectResult['gates']): string[] {
  const {selection} = chosen;
  if (selection.length === 0) return [];
  const behind = gatesBehind(gates, chosen);
  const bases = [...new Set(behind.map(({gates: {base}}) => base))].join(' and ');
  const interactions = evidenceOf(behind);
  const rows = selection.map(({fields}) => {
    const {
      alpha,
      stability,
      held: {gain, standardError},
    } = interactions.find(gate => gate.fields.join() === fields.join())!;
    return [
      fields.join(' x '),
      alpha.toFixed(2),
      `${stability.kept} of ${stability.samples}${isUncertain(stability) ? ', uncertain' : ''}`,
      `${signed(gain)} ± ${(INTERVAL * standardError).toFixed(4)}`,
    ];
  });
  return [
    textTable(
      [`interaction, in the gates on ${bases}`, 'alpha', 'half-samples that keep it', 'logloss that it saves (95 %)'],
      rows,
      [0],
    ),
  ];
}
