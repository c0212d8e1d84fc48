import type {BundleStore} from '../../bundle/store';
import type {UpdateReport} from '../update_words';
import type {UpdateOptions} from './update_options';

export {Bundle, driftReport, reasonsOf, RowEncoder} from '../../bundle/index';
export {loadBundle, saveBundle} from '../../bundle/node/save_load';
export type {BundleStore, DriftReport, EncodedRows, Explanation, LogitShare, Row} from '../../bundle/index';

/**
 * Continue the training of a bundle's model with newer rows. The vocabulary and the model grow by their new values; the
 * training continues from the model's weights, and from the moments of its optimizer if the bundle has them; the
 * interactions stay. The newest rows are held out, to score the model before and after, to measure the drift from the
 * training rows, and to test whether the selection would change. The new bundle replaces the old one, unless AUC or
 * logloss is worse by more than its 95 % interval, or the newer rows are doubtful: `doubts` says why.
 *
 * @param location The path of the bundle's folder, or a store of your own.
 * @throws AutofisError if the bundle or the source cannot be read, or the schema has no label. The bundle then stays as
 *     it was.
 *
 * @example
 * const {verdict, after, written} = await updateBundle('bundles/clicks', {source: 'clicks/2026-11-27.csv'});
 */
export async function updateBundle(location: string | BundleStore, options: UpdateOptions): Promise<UpdateReport> {
  // Bundles are loaded without what reads files.
  const update = await import('./update_bundle');
  return update.updateBundle(location, options);
}
