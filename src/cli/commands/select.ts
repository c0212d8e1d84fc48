import {INTERVAL} from '../../statistics';
import {bestGates} from '../../select/fit_gates';
import {isUncertain} from '../../select/stability';
import {textTable} from '../../text_table';
import type {CommandSpec} from '../command';
import {folderOf} from '../steps/run_folder';
import type {SelectResult} from '../steps/select';
import {signed} from '../output';
import {encode, encodedInWords} from './encode';

export const select: CommandSpec = {
  name: 'select',
  summary:
    'from a table to the simplest model that does as well as the best: logistic regression, all interactions or some',
  description:
    'Encodes the table; trains logistic regression, FM and FFM with all interactions; closes the gates of interactions that held-out rows ' +
    'do not confirm; retrains what stays open; and takes the simplest model that the other half of the validation rows cannot tell from the best. ' +
    'Trains it again on all rows but those of test, and compares it there with logistic regression and all interactions. Writes FOLDER/bundle: the ' +
    'model with its schema. After Ctrl-C or a crash the same command with --resume goes on with the step that was stopped.',
  positional: 'data',
  settings: [
    ...new Set([...encode.settings, 'effort' as const, 'seed' as const, 'backend' as const, 'resume' as const]),
  ],
  examples: [
    'select data.csv --label clicked',
    'select data.csv --label clicked --effort quick --folder runs/quick',
    'select data.csv --label clicked --resume',
  ],
  run: async given => {
    const {startBackend} = await import('../steps/backend');
    const {encodeStep} = await import('../steps/encode');
    const {selectStep} = await import('../steps/select');
    const {output} = given;
    const folder = folderOf(given.values);
    const encoded = await encodeStep(given, folder);
    await startBackend(given);
    const selected = await selectStep(given, folder);
    const bundle = folder.file('bundle');
    output.result({encode: encoded, select: selected, bundle});
    output.say([encodedInWords(encoded), selectedInWords(selected), `model:  ${bundle}`].join('\n\n'));
    return 0;
  },
};

/** The choice, its interactions and its rivals. */
export function selectedInWords({chosen, selection, candidates, gates, test, rivals, warnings}: SelectResult): string {
  const total = Math.max(...candidates.map(candidate => candidate.selection.length));
  const head =
    selection.length === 0
      ? `No interaction is confirmed by held-out rows: ${chosen.name} alone does as well.`
      : `${selection.length} of ${total} interactions do as well as the best model on held-out rows (${chosen.name}).`;
  const table = textTable(
    ['model', 'interactions', 'weights', 'AUC on V2', 'logloss on V2'],
    candidates.map(candidate => [
      candidate === chosen || candidate.name === chosen.name ? `${candidate.name} (chosen)` : candidate.name,
      String(candidate.selection.length),
      candidate.parameters.toLocaleString('en'),
      candidate.choice.auc.toFixed(4),
      candidate.choice.logloss.toFixed(4),
    ]),
    [0],
  );
  return [
    head,
    ...warnings.map(warning => `Warning: ${warning}`),
    table,
    ...pairsInWords(selection, gates),
    ...(test === null ? [] : [`Test rows, read once: AUC ${test.auc.toFixed(4)}, logloss ${test.logloss.toFixed(4)}.`]),
    ...rivals.map(
      ({name, test: {scores, auc, words}}) =>
        `  ${words === 'cannot be told apart' ? 'It cannot be told apart from' : `It is ${words} than`} ${name}: ` +
        `${scores.auc.toFixed(4)}, difference ${signed(auc.difference)} ± ${(INTERVAL * auc.standardError).toFixed(4)} (95 %).`,
    ),
  ].join('\n');
}

/** The interactions, each with what the gates know of it. */
function pairsInWords(selection: SelectResult['selection'], gates: SelectResult['gates']): string[] {
  if (selection.length === 0) return [];
  const {interactions, base} = bestGates(gates);
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
    '',
    textTable(
      [`interaction, in the gates on ${base}`, 'alpha', 'half-samples that keep it', 'logloss that it saves (95 %)'],
      rows,
      [0],
    ),
    '',
  ];
}
