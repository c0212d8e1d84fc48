import type {Bundle} from '../bundle';
import {BundleParts, loadFromStore, saveInStore} from '../save_load';
import {BundleStore, urlStore} from '../store';
import {folderStore} from './folder_store';

/** In Node a string without http(s):// is the path of a folder. */
export function storeOf(location: string | BundleStore): BundleStore {
  if (typeof location !== 'string') return location;
  return /^https?:\/\//.test(location) ? urlStore(location) : folderStore(location);
}

/**
 * Save a bundle as the browser's `saveBundle` does, also to a folder.
 * @example
 * await saveBundle('bundles/clicks', {model: slim, fitted, selection: search.selection});
 */
export async function saveBundle(location: string | BundleStore, parts: BundleParts): Promise<void> {
  return saveInStore(storeOf(location), parts);
}

/**
 * Load a bundle as the browser's `loadBundle` does, also from a folder.
 * @example
 * const bundle = await loadBundle('bundles/clicks');
 */
export async function loadBundle(location: string | BundleStore): Promise<Bundle> {
  return loadFromStore(storeOf(location));
}
