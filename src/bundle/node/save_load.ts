import type {Bundle} from '../bundle';
import {BundleParts, loadFromStore, saveInStore} from '../save_load';
import {BundleStore, urlStore} from '../store';
import {folderStore} from './folder_store';

/** In Node a string without http(s):// is the path of a folder. */
export function storeOf(place: string | BundleStore): BundleStore {
  if (typeof place !== 'string') return place;
  return /^https?:\/\//.test(place) ? urlStore(place) : folderStore(place);
}

/**
 * Save a bundle as the browser's `saveBundle` does, also to a folder.
 * @example
 * await saveBundle('bundles/clicks', {model: slim, fitted, selection: search.selection});
 */
export async function saveBundle(place: string | BundleStore, parts: BundleParts): Promise<void> {
  return saveInStore(storeOf(place), parts);
}

/**
 * Load a bundle as the browser's `loadBundle` does, also from a folder.
 * @example
 * const bundle = await loadBundle('bundles/clicks');
 */
export async function loadBundle(place: string | BundleStore): Promise<Bundle> {
  return loadFromStore(storeOf(place));
}
