import type {BundleStore} from '../../bundle/store';
import type {UpdateReport} from './update_bundle';
import type {UpdateOptions} from './update_options';

export {Bundle, driftReport, RowEncoder} from '../../bundle/index';
export {loadBundle, saveBundle} from '../../bundle/node/save_load';
export type {
  BundleParts,
  BundlePredictOptions,
  BundleStore,
  DriftReport,
  EncodedRows,
  FieldCounts,
  FieldDrift,
  FieldShares,
  Row,
  RowIssue,
  RowValue,
} from '../../bundle/index';
export type {UpdateComparison, UpdateScores} from '../compare_models';
export type {SelectionReview} from '../review_selection';
export type {UpdateReport} from './update_bundle';
export type {UpdateOptions} from './update_options';

/**
 * Train the model of a bundle on with newer rows: the vocabulary grows by their values, and the model with it; it
 * trains on from its weights, and from the moments of its optimizer where the bundle has them; its interactions stay.
 * The newest rows are held out: they say what the model was worth before and after, how they differ from the training
 * rows, and whether a new selection would be another one. The new bundle takes the place of the old one, unless AUC or
 * logloss is worse by more than its 95 % interval.
 *
 * @param place The path of the bundle's folder, or a store of your own.
 * @throws AutofisError if the bundle or the source cannot be read, or the schema has no label. The bundle then stays as
 *     it was.
 *
 * @example
 * const {words, after, written} = await updateBundle('bundles/clicks', {source: 'clicks/2026-11-27.csv'});
 */
export async function updateBundle(place: string | BundleStore, options: UpdateOptions): Promise<UpdateReport> {
  // Bundles are loaded without what reads files.
  const update = await import('./update_bundle');
  return update.updateBundle(place, options);
}
