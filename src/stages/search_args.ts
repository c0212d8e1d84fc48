import {checkChoice, checkKeys} from '../checks';
import {AutofisError} from '../errors';
import {CalibrationArgs, calibrationKeys, checkCalibration} from './calibration';
import {checkHeldOut, HeldOut} from './held_out';
import {checkSelect, SelectOptions} from './selection';

export interface SearchStageArgs extends CalibrationArgs, SelectOptions {
  /**
   * Rows that alpha takes its gradients from, one batch a step, instead of the training batches: gates are then not
   * rewarded for what the model memorises. Weights, moving statistics included, are not touched by these batches.
   */
  heldOut?: HeldOut;
  /**
   * The optimizer of alpha. 'grda' (default) closes gates during the search. 'adam', for comparisons, closes none:
   * `keep` says how many of the largest |alpha| stay, and `learningRate` is Adam's, default 1e-3. With `heldOut` that
   * is a first-order bi-level search as in DARTS, without it the top-K of a plain training.
   */
  alphaOptimizer?: 'grda' | 'adam';
}

/** Check that options of a search are known, in range and consistent. */
export function checkSearchArgs(args: SearchStageArgs): void {
  checkKeys('SearchStage', args, [...calibrationKeys, 'heldOut', 'cut', 'keep', 'alphaOptimizer']);
  checkCalibration('SearchStage', args);
  checkSelect('SearchStage', args);
  if (args.alphaOptimizer !== undefined) checkAlphaOptimizer(args);
  if (args.heldOut === undefined) return;
  checkHeldOut('SearchStage', args.heldOut);
  if (args.recipe === 'paper') {
    throw new AutofisError(
      "SearchStage: recipe 'paper' takes alpha's gradients from the training batches. Remove `heldOut`.",
    );
  }
}

/**
 * Check that a search whose alpha Adam trains has no options of gRDA, and has `keep`.
 */
function checkAlphaOptimizer({
  alphaOptimizer,
  keep,
  cut,
  learningRate: _,
  heldOut: __,
  ...calibration
}: SearchStageArgs): void {
  checkChoice('SearchStage', 'alphaOptimizer', alphaOptimizer, ['grda', 'adam']);
  if (alphaOptimizer !== 'adam') return;
  const own = Object.entries(calibration).find(([, value]) => value !== undefined);
  if (own !== undefined) {
    throw new AutofisError(
      `SearchStage: alphaOptimizer 'adam' has no \`${own[0]}\`, which belongs to gRDA. Received: ${own[1]}. ` +
        'Remove one of the two.',
    );
  }
  if (keep === undefined && cut === undefined) {
    throw new AutofisError(
      "SearchStage: alphaOptimizer 'adam' closes no gate. Give `keep`, the number of interactions with the " +
        'largest |alpha| that stay.',
    );
  }
}
