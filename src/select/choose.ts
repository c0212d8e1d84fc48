import {checkKeys} from '../checks';
import {AutofisError, show} from '../errors';
import {aucDifference} from '../metrics/auc_difference';
import {checkScores} from '../metrics/check_scores';
import {loglossDifference} from '../metrics/logloss_difference';
import {INTERVAL} from '../statistics';
import {calibrated, recalibrate} from './recalibrate';

/** A model that could be the result, and its predictions for the rows that decide. */
export interface Contender {
  name: string;
  /** Interactions that it computes; the first measure of how simple it is. */
  kept: number;
  /** Weights that it trains; the second. */
  parameters: number;
  /** Its logit for each of the rows. */
  logits: ArrayLike<number>;
}

/** One contender compared with the best. */
export interface ChoiceStanding {
  name: string;
  /** AUC of the best less its own, and the standard error of that by DeLong's method. */
  behind: {auc: number; standardError: number};
  /** The same of the loglosses, each model calibrated first: its own less that of the best. */
  logloss: {difference: number; standardError: number};
  /** Whether the rows cannot tell it from the best. */
  suffices: boolean;
}

export interface Choice {
  /** Position of the chosen contender. */
  chosen: number;
  /** Position of the one with the highest AUC. */
  best: number;
  /** In the order of the contenders. */
  standings: ChoiceStanding[];
}

export interface ChooseOptions {
  /** >= 0; default 1. More prefers simpler models. */
  margin?: number;
  /** Multiple of `margin` that another must be ahead of a model without interactions by one score; default 2.5. */
  interactionMargin?: number;
  /** Of the rows, >= 0; default 1 each. */
  weights?: ArrayLike<number>;
}

/** A simpler model suffices if it is at most this many standard errors of the difference behind. */
export const defaultMargin = 1;
/** Of many models one is two or three standard errors ahead by chance. This many are not chance. */
export const CLEAR = 4;

/**
 * Choose the simplest contender that the rows cannot tell from the best one.
 *
 * The best has the highest AUC. Another one suffices if it is at most `margin` standard errors behind, by AUC (DeLong)
 * and by logloss, of which each model is calibrated first by an intercept and a slope. A model without interactions
 * suffices unless another is ahead by more than `interactionMargin` times that by one of the two, and by more than
 * `margin` by the other: that interactions help is a claim, and one of several candidates is two standard errors ahead
 * by chance in one table of noise in ten. It is left out where another is ahead by four standard errors of logloss and
 * not for certain behind by AUC, which what is known of few rows hardly moves. Of those that suffice the simplest is
 * chosen: the one with the fewest interactions, then with the fewest weights, then with the higher AUC.
 *
 * @param labels 0 or 1, of both two at least.
 * @throws AutofisError if there is no contender, or labels and logits do not belong together.
 */
export function choose(
  labels: ArrayLike<number>,
  contenders: readonly Contender[],
  options: ChooseOptions = {},
): Choice {
  checkKeys('choose', options, ['margin', 'interactionMargin', 'weights']);
  const {margin = defaultMargin, interactionMargin = 2.5, weights} = options;
  if (contenders.length === 0) throw new AutofisError('choose: `contenders` must hold at least one. Received: none.');
  contenders.forEach(({name, logits}) => checkScores(`choose: contender ${show(name)}`, labels, logits, weights));
  const probabilities = contenders.map(({logits}) => calibrated(logits, recalibrate(labels, logits, weights)));
  /** How far one is ahead of another. */
  const lead = (one: number, other: number): Lead => ({
    auc: aucDifference(labels, contenders[one].logits, contenders[other].logits, weights),
    logloss: loglossDifference(labels, probabilities[other], probabilities[one], weights),
  });
  const ahead = interactionMargin * margin;
  const helps = ({auc, logloss}: Lead) =>
    (isAbove(auc, ahead) && isAbove(logloss, margin)) || (isAbove(logloss, ahead) && isAbove(auc, margin));
  const all = [...contenders.keys()];
  const isBeaten = (i: number, by: (lead: Lead) => boolean) =>
    contenders[i].kept === 0 && all.some(other => other !== i && by(lead(other, i)));
  const isOutdone = all.map(i =>
    isBeaten(i, ({auc, logloss}) => isAbove(logloss, CLEAR * margin) && isAbove(auc, -INTERVAL * margin)),
  );
  const best = all
    .filter(i => !isOutdone[i])
    .reduce((top, i) => (i !== top && lead(i, top).auc.difference > 0 ? i : top));
  const standings = contenders.map(({name, kept}, i): ChoiceStanding => {
    const {auc, logloss} = lead(best, i);
    return {
      name,
      behind: {auc: auc.difference, standardError: auc.standardError},
      logloss,
      suffices: kept === 0 ? !isOutdone[i] && !isBeaten(i, helps) : !isAbove(auc, margin) && !isAbove(logloss, margin),
    };
  });
  const enough = all.filter(i => i === best || standings[i].suffices);
  enough.sort(
    (a, b) =>
      contenders[a].kept - contenders[b].kept ||
      contenders[a].parameters - contenders[b].parameters ||
      standings[a].behind.auc - standings[b].behind.auc,
  );
  return {chosen: enough[0], best, standings};
}

interface Difference {
  difference: number;
  standardError: number;
}

/** By AUC and by logloss; above 0 where the first model is ahead. */
interface Lead {
  auc: Difference;
  logloss: Difference;
}

function isAbove({difference, standardError}: Difference, errors: number): boolean {
  return difference > errors * standardError;
}
