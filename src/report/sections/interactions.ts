import {interactionOf} from '../../components/component';
import type {RunRecord} from '../../record/run_record';
import {strengthOf} from '../../record/strength';
import {isUnstable, mayBeChance} from '../../select/decision';
import {keptOf, nameOf} from '../answer';
import type {Block, Cell} from '../blocks';
import {hasCopies} from '../copies';
import {figuresOf} from '../figures';
import {closingSteps, positionsInGates} from '../positions_in_gates';
import {listed, say, Text} from '../text';
import {exampleWords} from '../words';

/** Kept interactions in the main table, interactions in the table of all. */
const [MOST_KEPT, MOST_LISTED] = [100, 1000];
/** Kept interactions with all of their examples; the others have one. */
const DETAILED = 5;

/** The kept interactions, the strongest first. */
export function keptTable(run: RunRecord): Block {
  const f = figuresOf(run);
  const positions = keptOf(run);
  const isSearch = run.selectedBy.type === 'search';
  const which: Text =
    positions.length === 1
      ? say`The only kept interaction.`
      : say`The ${f('/selection/length', 'count')} kept interactions, the strongest first.`;
  const rest = positions.length > MOST_KEPT ? ` The ${MOST_KEPT} strongest are shown.` : '';
  return {
    type: 'table',
    name: 0,
    head: ['Interaction', ...(isSearch ? ['alpha'] : EVIDENCE_HEADS), 'AUC alone', 'Where it shows most'],
    rows: positions
      .slice(0, MOST_KEPT)
      .map((i, rank): Cell[] => [
        nameOf(run, `/interactions/${i}`),
        ...(isSearch ? [[f(`/interactions/${i}/alpha`, 'alpha')]] : evidenceCells(run, i)),
        [f(`/interactions/${i}/auc`, 'auc')],
        examplesOf(run, i, rank < DETAILED),
      ]),
    caption: say`${which}${rest} AUC
      alone: how well the interaction predicts without the others. The last column has the values where it shows most:
      the share of their training rows that are positive (${f('/positive')}), instead of the share that logistic
      regression predicts for these rows.`,
  };
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
  const {interactions} = run;
  const detail = run.selectedBy.type === 'search' ? searchDetail(run) : componentDetail(run);
  const strength = (i: number) => strengthOf(interactions[i]);
  const order = [...interactions.keys()]
    .sort((a, b) => strength(b) - strength(a) || detail.rank(b) - detail.rank(a) || a - b)
    .slice(0, MOST_LISTED);
  const rest = interactions.length > MOST_LISTED ? ` The first ${MOST_LISTED} are shown; the run's JSON has all.` : '';
  return {
    type: 'table',
    name: 0,
    caption: say`All ${f('/interactions/length', 'count')} interactions, by ${detail.by}.${rest}`,
    head: ['Interaction', 'Kept', ...detail.heads, 'AUC alone'],
    rows: order.map(i => [
      nameOf(run, `/interactions/${i}`),
      [interactions[i].kept ? 'yes' : 'no'],
      ...detail.cells(i),
      [f(`/interactions/${i}/auc`, 'auc')],
    ]),
  };
}

/** Columns of the table of all, and the order of interactions of one strength. */
interface Detail {
  by: string;
  heads: readonly string[];
  cells(i: number): Text[];
  rank(i: number): number;
}

/** After a search: alpha, and the step after which the gate was closed. */
function searchDetail(run: RunRecord): Detail {
  const f = figuresOf(run);
  const steps = closingSteps(run);
  const positions = positionsInGates(run.interactions);
  return {
    by: '|alpha|, then by when their gate closed',
    heads: ['alpha', 'Closed after step'],
    cells: i => [
      [f(`/interactions/${i}/alpha`, 'alpha')],
      [f(`/selectedBy/search/alpha/closedAt/${run.interactions[i].gate}/${positions[i]}`, 'count')],
    ],
    rank: i => steps[i] ?? 0,
  };
}

/** After a decision: what held-out rows say, and the open components with their alpha. */
function componentDetail(run: RunRecord): Detail {
  const f = figuresOf(run);
  const components = new Map<string, Text[]>();
  if (run.selectedBy.type === 'components') {
    run.selectedBy.decision.components.forEach(({component}, c) => {
      const at = `/selectedBy/decision/components/${c}`;
      const key = `${interactionOf(component)}`;
      const words = say`${f(`${at}/component/type`)} ${f(`${at}/alpha`, 'alpha')}`;
      components.set(key, [...(components.get(key) ?? []), words]);
    });
  }
  return {
    by: 'what they add on held-out rows',
    heads: [...EVIDENCE_HEADS, 'Open components and their alpha'],
    cells: i => {
      const open = components.get(`${run.interactions[i].interaction}`);
      return [...evidenceCells(run, i), open === undefined ? ['–'] : listed(open)];
    },
    rank: i => run.interactions[i].evidence?.stability.kept ?? 0,
  };
}

const EVIDENCE_HEADS = ['Gain in logloss (95 %)', 'Open in folds'];

/** Return the held-out evidence of an interaction as cells; no cells after a search. */
function evidenceCells(run: RunRecord, i: number): Text[] {
  const {evidence, kept} = run.interactions[i];
  if (evidence === null) return [];
  const f = figuresOf(run);
  const at = `/interactions/${i}/evidence`;
  const marked = (text: Text, isWeak: boolean): Text =>
    kept && (isWeak || hasCopies(run)) ? [...text, ', uncertain'] : text;
  return [
    kept
      ? marked(say`${f(`${at}/gain`, 'signed')} ${f(`${at}/standardError`, 'interval')}`, mayBeChance(evidence))
      : ['–'],
    marked(
      say`${f(`${at}/stability/kept`, 'count')} of ${f(`${at}/stability/samples`, 'count')}`,
      isUnstable(evidence.stability),
    ),
  ];
}
