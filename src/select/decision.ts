import {counted} from '../counted';
import type {Component} from '../components/component';
import type {Ridge} from '../components/linear/ridge_penalty';
import type {GroupEvidence} from '../decision/decide_gates';
import type {PathPoint} from '../decision/penalty_path';
import type {Interaction, Order} from '../interactions';
import type {Selection} from '../stages/selection';
import {INTERVAL} from '../statistics';
import type {Scores} from '../training/evaluation';
import type {Evidence} from './folds';

/** A component and its gate. */
export interface GatedComponent {
  component: Component;
  /** 0 is closed. */
  alpha: number;
}

/** Gain of an interaction on held-out rows, and the number of folds in which it helps. */
export type InteractionEvidence = Pick<GroupEvidence, 'gain' | 'standardError' | 'stability'>;

/** The share of folds below which an interaction is uncertain. */
const SURE = 0.6;

/** Tell whether an interaction helps in too few folds to be certain. */
export function isUnstable({kept, samples}: InteractionEvidence['stability']): boolean {
  return kept < SURE * samples;
}

/** Tell whether a gain may be chance: its 95 % interval reaches down to 0. */
export function mayBeChance({gain, standardError}: Pick<InteractionEvidence, 'gain' | 'standardError'>): boolean {
  return gain <= INTERVAL * standardError;
}

/** Tell whether an interaction is uncertain: its gain may be chance, or it helps in fewer than 60 % of the folds. */
export function isUncertain(evidence: InteractionEvidence): boolean {
  return isUnstable(evidence.stability) || mayBeChance(evidence);
}

/** Evidence of the held-out rows on one interaction, with its alpha. */
export interface JudgedInteraction extends GroupEvidence {
  /** Position of the gate in the caller's model; 0 in models of the library. */
  gate: number;
  order: Order;
  /** Positions of the fields. */
  interaction: Interaction;
  /** Names of the fields. */
  fields: string[];
  /** The largest alpha of its components; 0 where it is closed. */
  alpha: number;
}

/** Rise of the held-out logloss when the effect of one field is removed and all else stays unchanged. */
export interface FieldGain {
  field: string;
  gain: number;
  standardError: number;
}

/** Scores on rows that neither components nor gates learned from. */
export interface HeldOutScores {
  linear: Scores;
  /** The selection. */
  selection: Scores;
  /** Every component of products of the penalty that is best with all pairs; null where no products were trained. */
  all: Scores | null;
  /** Random sets of as many interactions; none where no or every interaction is open. */
  random: Scores[];
}

/** Which interactions a model has and why; plain JSON, from which the model is trained again on other rows. */
export interface Decision {
  /** Kind of held-out evidence that the decision is based on. */
  evidence: Evidence;
  /** Number of rows that judged the components. */
  rows: number;
  /** Penalties of logistic regression, of each field. */
  ridge: Ridge;
  /** Added to the logit. */
  intercept: number;
  /** Components with an open gate. */
  components: GatedComponent[];
  /** The gates along the path of penalties. */
  path: PathPoint[];
  /** Position of the chosen penalty. */
  chosen: number;
  /** Every interaction that was judged, in canonical order: pairs, then triples and sets of four. */
  interactions: JudgedInteraction[];
  fields: FieldGain[];
  scores: HeldOutScores;
}

/** The open interactions of a decision, those that gain most first. */
export function openSelection({interactions}: Pick<Decision, 'interactions'>): Selection {
  return interactions
    .filter(({open}) => open)
    .sort((a, b) => b.gain - a.gain)
    .map(({fields, alpha, order, interaction, gate}, i) => ({fields, alpha, rank: i + 1, order, interaction, gate}));
}

/** A model in words: "logistic regression", "3 of 45 pairs and 1 triple", "3 of 45 pairs and 2 larger sets". */
export function decisionInWords({interactions}: Pick<Decision, 'interactions'>): string {
  const pairs = interactions.filter(({order}) => order === 2);
  const larger = interactions.filter(({order, open}) => order > 2 && open);
  const openPairs = pairs.filter(({open}) => open).length;
  const words = [
    ...(openPairs > 0 ? [`${openPairs} of ${pairs.length} pairs`] : []),
    ...(larger.length > 0
      ? [counted(larger.length, larger.some(({order}) => order > 3) ? 'larger set' : 'triple')]
      : []),
  ];
  return words.length === 0 ? 'logistic regression' : words.join(' and ');
}
