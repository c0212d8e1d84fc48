import {auc, aucDifference, logloss, loglossDifference, type Scores} from 'tfjs-autofis';
import {verdictOn} from '../../internals';

/** The recipe's result less a rival's, on the same rows. */
export interface Compared {
  auc: {difference: number; standardError: number};
  /** Below 0 the recipe is better. */
  logloss: {difference: number; standardError: number};
  /** Of the AUC at 95 %; 'the same' where the recipe chose the rival. */
  verdict: ReturnType<typeof verdictOn> | 'the same';
}

export function scoresOf(labels: ArrayLike<number>, predictions: ArrayLike<number>): Scores {
  return {auc: auc(labels, predictions), logloss: logloss(labels, predictions)};
}

/** What test rows say of the recipe beside a rival: DeLong's test of the AUCs, a paired one of the loglosses. */
export function compared(
  labels: ArrayLike<number>,
  recipe: ArrayLike<number>,
  rival: ArrayLike<number>,
  isSame = false,
): Compared {
  const difference = aucDifference(labels, recipe, rival);
  return {
    auc: difference,
    logloss: loglossDifference(labels, recipe, rival),
    verdict: isSame ? 'the same' : verdictOn(difference),
  };
}
