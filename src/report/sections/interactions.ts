import type {InteractionRecord, RunRecord} from '../../record/run_record';
import {isUncertain, isUnstable, mayBeChance} from '../../select/stability';
import {keptOf, nameOf} from '../answer';
import type {Block, Cell} from '../blocks';
import {hasCopies} from '../copies';
import {LISTED} from '../listed';
import {say, Text} from '../text';
import {figuresOf} from '../figures';
import {exampleWords} from '../words';

/** Kept interactions in the main table, interactions in the table of all. */
const MOST_KEPT = 100;
const MOST_LISTED = 1000;
/** The same where all are kept, so that the table says no choice that gates have made. */
const MOST_OF_ALL = 300;
/** Kept interactions with all of their examples; the others have one. */
const DETAILED = 5;

/** The kept interactions, the strongest first. */
export function keptTable(run: RunRecord): Block {
  const f = figuresOf(run);
  const {shown, rest} = shownOf(run);
  const kept: Text =
    run.selection.length === 1
      ? say`The only kept interaction.`
      : say`The ${f('/selection/length', 'count')} kept interactions, the strongest first.`;
  const rows = shown.map((i, place): Cell[] => [
    nameOf(run, `/interactions/${i}`),
    ...evidenceCells(run, i),
    ...(run.recipe === null ? [[f(`/interactions/${i}/alpha`, 'alpha')]] : []),
    [f(`/interactions/${i}/auc`, 'auc')],
    examplesOf(run, i, place < DETAILED),
  ]);
  return {
    type: 'table',
    name: 0,
    head: [
      'Interaction',
      ...evidenceHeads(run),
      ...(run.recipe === null ? ['alpha'] : []),
      'AUC alone',
      'Where it shows most',
    ],
    rows,
    caption: say`${kept}${rest} AUC
      alone: how well the interaction predicts without the others. The last column has the values where it shows most:
      the share of their training rows that are positive (${f('/positive')}), instead of the share that the single
      values suggest.`,
  };
}

/** The kept interactions that are shown; of many that are all kept, those that held-out rows confirm, if any. */
function shownOf(run: RunRecord): {shown: number[]; rest: string} {
  const kept = keptOf(run);
  const confirmed = kept.filter(i => {
    const {evidence} = run.interactions[i];
    return evidence !== null && !hasCopies(run) && !isUncertain(evidence);
  });
  if (isWhole(run) && kept.length > LISTED && confirmed.length < kept.length) {
    const words = 'The model of all was chosen, and gates confirm';
    if (confirmed.length === 0)
      return {shown: kept.slice(0, LISTED), rest: ` ${words} none by itself. The ${LISTED} strongest are shown.`};
    const most = confirmed.length > MOST_KEPT ? `The ${MOST_KEPT} strongest of those are` : 'Those are';
    return {shown: confirmed.slice(0, MOST_KEPT), rest: ` ${words} some by themselves. ${most} shown.`};
  }
  return {
    shown: kept.slice(0, MOST_KEPT),
    rest: kept.length > MOST_KEPT ? ` The ${MOST_KEPT} strongest are shown.` : '',
  };
}

/** Whether the recipe chose the model of all interactions. */
function isWhole({recipe, interactions, selection}: RunRecord): boolean {
  return recipe !== null && selection.length === interactions.length;
}

function examplesOf(run: RunRecord, i: number, detailed: boolean): Cell {
  const {examples} = run.interactions[i];
  if (examples.length === 0) return ['–'];
  return {
    lines: examples.slice(0, detailed ? undefined : 1).map((_, e) => exampleWords(run, `/interactions/${i}`, e)),
  };
}

/** Every interaction, kept or not. */
export function allTable(run: RunRecord): Block {
  const f = figuresOf(run);
  const isSearch = run.recipe === null;
  const most = isWhole(run) ? MOST_OF_ALL : MOST_LISTED;
  const order = [...run.interactions.keys()]
    .sort((a, b) => compareStrength(run.interactions[a], run.interactions[b]) || a - b)
    .slice(0, most);
  const rest = run.interactions.length > most ? ` The first ${most} are shown; the run's JSON has all.` : '';
  const by = isSearch ? '|alpha|, then by when their gate closed' : 'what they add on held-out rows';
  return {
    type: 'table',
    name: 0,
    caption: say`All ${f('/interactions/length', 'count')} interactions, by ${by}.${rest}`,
    head: [
      'Interaction',
      'Kept',
      ...evidenceHeads(run),
      'alpha',
      ...(isSearch ? ['Closed after step'] : []),
      'AUC alone',
    ],
    rows: order.map(i => [
      nameOf(run, `/interactions/${i}`),
      [run.interactions[i].kept ? 'yes' : 'no'],
      ...evidenceCells(run, i),
      [f(`/interactions/${i}/alpha`, 'alpha')],
      ...(isSearch ? [[f(`/interactions/${i}/closedAt`, 'count')]] : []),
      [f(`/interactions/${i}/auc`, 'auc')],
    ]),
  };
}

function compareStrength(a: InteractionRecord, b: InteractionRecord): number {
  return (
    (b.evidence?.gain ?? 0) - (a.evidence?.gain ?? 0) ||
    Math.abs(b.alpha) - Math.abs(a.alpha) ||
    (b.closedAt ?? 0) - (a.closedAt ?? 0)
  );
}

/** What held-out rows say, after the recipe. */
function evidenceHeads(run: RunRecord): string[] {
  return run.recipe === null ? [] : ['Gain in logloss (95 %)', 'Half-samples that keep it'];
}

function evidenceCells(run: RunRecord, i: number): Text[] {
  const {evidence, kept} = run.interactions[i];
  if (evidence === null) return [];
  const f = figuresOf(run);
  const at = `/interactions/${i}/evidence`;
  const marked = (text: Text, isWeak: boolean): Text =>
    kept && (isWeak || hasCopies(run)) ? [...text, ', uncertain'] : text;
  return [
    marked(say`${f(`${at}/gain`, 'signed')} ${f(`${at}/standardError`, 'interval')}`, mayBeChance(evidence)),
    marked(
      say`${f(`${at}/stability/kept`, 'count')} of ${f(`${at}/stability/samples`, 'count')}`,
      isUnstable(evidence.stability),
    ),
  ];
}
