import {interactionOf} from '../../components/component';
import type {RunRecord} from '../../record/run_record';
import {isUnstable, mayBeChance} from '../../select/decision';
import type {Block} from '../blocks';
import {figuresOf} from '../figures';
import {hasCopies, nameOf} from '../lookups';
import {listed, say, Text} from '../text';

/** Interactions in the table of all. */
const MOST_LISTED = 1000;

/** Every interaction, kept or not. */
export function allTable(run: RunRecord): Block {
  const f = figuresOf(run);
  const {interactions} = run;
  const components = openComponents(run);
  const evidence = (i: number) => interactions[i].evidence;
  const order = [...interactions.keys()]
    .sort(
      (a, b) => evidence(b).gain - evidence(a).gain || evidence(b).stability.kept - evidence(a).stability.kept || a - b,
    )
    .slice(0, MOST_LISTED);
  const rest = interactions.length > MOST_LISTED ? ` The first ${MOST_LISTED} are shown; the run's JSON has all.` : '';
  return {
    type: 'table',
    cards: true,
    caption: say`All ${f('/interactions/length', 'count')} interactions, by what they add on held-out
      rows.${rest}`,
    head: ['Interaction', 'Kept', ...EVIDENCE_HEADS, 'Open components and their alpha'],
    rows: order.map(i => [
      nameOf(run, `/interactions/${i}`),
      [interactions[i].kept ? 'yes' : 'no'],
      ...evidenceCells(run, i),
      listed(components.get(`${interactions[i].interaction}`) ?? [['–']]),
    ]),
  };
}

/** List the open components of each interaction with their alpha, by the positions of its fields. */
function openComponents(run: RunRecord): Map<string, Text[]> {
  const f = figuresOf(run);
  const components = new Map<string, Text[]>();
  run.decision.components.forEach(({component}, c) => {
    const at = `/decision/components/${c}`;
    const key = `${interactionOf(component)}`;
    const words = say`${f(`${at}/component/type`)} ${f(`${at}/alpha`, 'alpha')}`;
    components.set(key, [...(components.get(key) ?? []), words]);
  });
  return components;
}

const EVIDENCE_HEADS = ['Gain in logloss (95 %)', 'Helps in folds'];

/** Return the held-out evidence of an interaction as cells. */
function evidenceCells(run: RunRecord, i: number): Text[] {
  const {evidence, kept: isOpen} = run.interactions[i];
  const f = figuresOf(run);
  const at = `/interactions/${i}/evidence`;
  const marked = (text: Text, isWeak: boolean): Text =>
    isOpen && (isWeak || hasCopies(run)) ? [...text, ', uncertain'] : text;
  return [
    isOpen
      ? marked(say`${f(`${at}/gain`, 'signed')} ${f(`${at}/standardError`, 'interval')}`, mayBeChance(evidence))
      : ['–'],
    marked(
      say`${f(`${at}/stability/kept`, 'count')} of ${f(`${at}/stability/samples`, 'count')}`,
      isUnstable(evidence.stability),
    ),
  ];
}
