import type {FieldSpec} from '../../layers/field_layout';
import {idTable} from '../components/linear_model';
import type {Trainer} from '../components/products/trainer';
import {isUncertain, openSelection} from '../select/decision';
import {SHARE} from '../select/effort';
import {searchDecision} from '../select/search_decision';
import type {Selection} from '../stages/selection';
import {rowsIn, type TrainingRows} from '../training/rows';
import {scheduleFor} from '../training/schedule';
import type {SearchMetadata} from './refit_model';
import {fieldsKey} from './interaction_changes';

/** An interaction, and how much logloss it saves on held-out rows. */
export interface InteractionGain {
  fields: string[];
  gain: number;
  standardError: number;
}

/** Result of checking a model's interactions by a quick search on the newer rows; plain JSON. */
export interface SelectionReview {
  /** Interactions that the search judged; 0 where the rows are too few for any. */
  judged: number;
  /** Interactions that it opens for certain and the model lacks, those that gain most first. */
  gained: InteractionGain[];
  /** Interactions of the model that it opens, too; few rows confirm fewer. */
  confirmed: string[][];
  /** Interactions of the model that it leaves closed. */
  unconfirmed: string[][];
}

interface ReviewArgs {
  /** The interactions of the model; none for logistic regression. */
  selection: Selection;
  fields: readonly FieldSpec[];
  /** Fields and pairs that the search of the selection left out. */
  forbid: SearchMetadata['forbid'];
  /** The newer rows. */
  rows: TrainingRows;
  seed: number;
  trainer: Trainer;
}

/** Passes over the newer rows: products have to tell pairs apart, not to win. */
const EPOCHS = 3;

/** Search interactions on newer rows with effort quick, and compare them with those of a model. */
export async function reviewSelection({
  selection,
  fields,
  forbid,
  rows,
  seed,
  trainer,
}: ReviewArgs): Promise<SelectionReview> {
  const schedule = {...scheduleFor(rowsIn(rows)), epochs: EPOCHS};
  const table = await idTable(rows, seed);
  const options = {effort: 'quick', share: SHARE, forbid, schedule, seed, trainer} as const;
  const {decision} = await searchDecision(table, fields, options);
  const open = new Set(openSelection(decision).map(fieldsKey));
  const present = new Set(selection.map(fieldsKey));
  const names = (isOpen: boolean) =>
    selection.filter(interaction => open.has(fieldsKey(interaction)) === isOpen).map(({fields}) => fields);
  return {
    judged: decision.interactions.length,
    gained: decision.interactions
      .filter(interaction => interaction.open && !isUncertain(interaction) && !present.has(fieldsKey(interaction)))
      .sort((a, b) => b.gain - a.gain)
      .map(({fields, gain, standardError}) => ({fields, gain, standardError})),
    confirmed: names(true),
    unconfirmed: names(false),
  };
}
