import type {Bundle} from './bundle';
import {BundleParts, loadFromStore, saveInStore} from './save_load';
import {BundleStore, urlStore} from './store';

export {Bundle} from './bundle';
export {reasonsOf} from './explanation';
export type {Explanation, LogitShare} from './explanation';
export type {BundleStore} from './store';
export {driftReport} from '../schema/drift';
export type {DriftReport} from '../schema/drift';
export {RowEncoder} from '../schema/row_encoder';
export type {EncodedRows, Row} from '../schema/row_encoder';

/**
 * Save a model with its schema, vocabularies and selection as one bundle, which predicts on raw rows when it is loaded.
 *
 * @param location In Node the path of a folder, which is replaced at once or, with the old bundle in it, stays as it
 *     was; or a store of your own.
 * @throws AutofisError if the model does not read the ids of the schema, or the selection is of other fields.
 *
 * @example
 * await saveBundle('bundles/clicks', {model: slim, fitted, selection: search.selection, metadata: {auc: 0.79}});
 */
export async function saveBundle(location: string | BundleStore, parts: BundleParts): Promise<void> {
  return saveInStore(typeof location === 'string' ? urlStore(location) : location, parts);
}

/**
 * Load a bundle. Layers of this library are registered by it.
 *
 * @param location The URL of the bundle's folder, in Node also its path; or a store of your own.
 * @throws AutofisError if a file is missing or is not the one that was saved.
 *
 * @example
 * const bundle = await loadBundle('bundles/clicks');
 * const probabilities = await bundle.predict(rows);   // [{hour: '14102100', site_id: '1fbe01fe', C1: 1005}, ...]
 */
export async function loadBundle(location: string | BundleStore): Promise<Bundle> {
  return loadFromStore(typeof location === 'string' ? urlStore(location) : location);
}
