import {allInteractionsOf} from '../../select/candidate';
import {evidenceOf, gatesBehind, mostInteractions} from '../../select/gates_behind';
import type {GateRecord} from '../../select/fit_gates';
import {isUncertain} from '../../select/stability';
import {areCopied, copiedWords} from '../../training/copied_rows';
import {LISTED} from '../../report/listed';
import {areMeaningless} from '../../report/separated';
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
    'Trains logistic regression, the same with tables of pairs and triples (GA2M), and FFM with all pairs (on large ' +
    'tables FM as well) on the encoded rows in FOLDER/data. Gates that are fitted on one half of the validation rows ' +
    'show which interactions help, and models of these are retrained. Chooses the simplest model that the other half ' +
    'cannot distinguish from the best. Trains it again on all rows except the test rows, and compares it on these ' +
    'with logistic regression and all interactions. Writes FOLDER/bundle: the model with its schema. --model starts ' +
    'from another model instead.',
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
    given.output.say([selectedInWords(selected), ...lastWarnings(selected)].join('\n\n'));
    return 0;
  },
};

/** The choice, its interactions, and its rivals on the test rows. */
export function selectedInWords(result: SelectResult): string {
  const {chosen, candidates, gates, models, warnings} = result;
  const total = mostInteractions(chosen, candidates, gates);
  const kinds = total > allInteractionsOf(candidates) ? 'pairs and triples' : 'interactions';
  const evidence = evidenceRows(chosen, gates);
  const isSure = sureness(result);
  const head = headOf(result, evidence.filter(isSure).length, {total, kinds});
  const table = textTable(
    ['model', 'interactions', 'weights', 'AUC on V2', 'calibrated logloss on V2'],
    candidates.map(({name, selection, parameters, choice}) => [
      `${name}${name === chosen.name ? ' (chosen)' : ''}`,
      String(selection.length),
      parameters.toLocaleString('en'),
      ...[choice.auc, choice.logloss].map(score => (areMeaningless(choice) ? '-' : score.toFixed(4))),
    ]),
    [0],
  );
  return [
    [head, ...warnings.map(warning => `Warning: ${warning}`)].join('\n'),
    `${table}\nV2 is the half of the validation rows that makes the choice. The report explains the models' names.`,
    ...pairsInWords(chosen, gates, {all: evidence, isSure}),
    `On the test rows, read once:\n${modelsInWords(models)}`,
  ].join('\n\n');
}

/** The choice in one sentence. */
function headOf(
  {chosen, selection, gates}: SelectResult,
  certain: number,
  {total, kinds}: {total: number; kinds: string},
): string {
  const {name} = chosen;
  const kept = selection.length;
  if (kept === 0 && gates.length === 0)
    return `There are too few rows to tell interactions from chance: ${name} alone is trained.`;
  if (kept === 0) return `Held-out rows confirm no interaction: no other model is clearly better than ${name} alone.`;
  if (kept < total) {
    const isByFolds = gatesBehind(gates, chosen).some(({gates: {by}}) => by === 'folds');
    const does = isByFolds
      ? `${kept === 1 ? 'adds' : 'add'} at least nine tenths of what all add to logistic regression`
      : `${kept === 1 ? 'is' : 'are'} enough to do as well as the best model`;
    return `${name} is chosen: ${kept} of ${total} ${kinds} ${does} on held-out rows${certainWords(certain, kept)}.`;
  }
  if (total === 1) return `The only interaction is kept: held-out rows prefer it to none (${name}).`;
  const all = total.toLocaleString('en');
  if (certain === total) return `All ${all} ${kinds} are kept: held-out rows prefer them to fewer (${name}).`;
  const few = certain === 0 ? 'none of them by itself' : `${certain.toLocaleString('en')} of them by themselves`;
  return `The model of all ${all} ${kinds} was chosen (${name}); gates confirm ${few}.`;
}

/** How many of the kept interactions held-out rows confirm one by one. */
function certainWords(certain: number, kept: number): string {
  if (certain === kept) return '';
  if (certain === 0) return kept === 1 ? '; it is uncertain' : '; each by itself is uncertain';
  return `; ${certain} of them ${certain === 1 ? 'is' : 'are'} certain`;
}

/** The test of what is certain: nothing where test rows are copies. */
function sureness({copied}: SelectResult): (gate: GateRecord) => boolean {
  const isDoubted = areCopied(copied);
  return ({held, stability}) => !isDoubted && !isUncertain({...held, stability});
}

/** The warning that ends the output, since it is about all of it. */
export function lastWarnings({copied}: SelectResult): string[] {
  return areCopied(copied) ? [`Warning: ${copiedWords(copied)}`] : [];
}

/** What the gates know of each kept interaction. */
function evidenceRows(chosen: SelectResult['chosen'], gates: SelectResult['gates']): GateRecord[] {
  if (chosen.selection.length === 0) return [];
  const interactions = evidenceOf(gatesBehind(gates, chosen));
  return chosen.selection.map(({fields}) => interactions.find(gate => gate.fields.join() === fields.join())!);
}

/** The interactions, each with what the gates know of it; of many the first, those that they confirm before others. */
function pairsInWords(
  chosen: SelectResult['chosen'],
  gates: SelectResult['gates'],
  {all, isSure}: {all: readonly GateRecord[]; isSure: (gate: GateRecord) => boolean},
): string[] {
  if (all.length === 0) return [];
  const bases = [...new Set(gatesBehind(gates, chosen).map(({gates: {base}}) => base))].join(' and ');
  const isMany = all.length > LISTED;
  const ranked = isMany
    ? [...all].sort((a, b) => Number(isSure(b)) - Number(isSure(a)) || b.held.gain - a.held.gain)
    : all;
  const rows = ranked
    .slice(0, LISTED)
    .map(gate => [
      gate.fields.join(' x '),
      gate.alpha.toFixed(2),
      `${gate.stability.kept} of ${gate.stability.samples}`,
      `${signed(gate.held.gain)} ± ${(INTERVAL * gate.held.standardError).toFixed(4)}`,
      isSure(gate) ? 'yes' : 'no',
    ]);
  const table = textTable(
    [
      `interaction (gates on ${bases})`,
      'alpha',
      'half-samples that keep it',
      'logloss that it saves (95 %)',
      'certain',
    ],
    rows,
    [0],
  );
  const more = isMany ? `\nand ${(all.length - LISTED).toLocaleString('en')} more, which --json has` : '';
  return [`${table}${more}\nCertain: at least 60 % of the half-samples keep it, and its interval is above 0.`];
}
