import type {Bundle} from '../bundle';
import {BundleParts, loadFromStore, saveInStore} from '../save_load';
import {BundleStore, urlStore} from '../store';
import {folderStore} from './folder_store';

/** In Node a string without http(s):// is the path of a folder. */
export function storeOf(place: string | BundleStore): BundleStore {
  if (typeof place !== 'string') return place;
  return /^https?:\/\//.test(place) ? urlStore(place) : folderStore(place);
}

/** `saveBundle` of the browser's entry, to folders as well. */
export async function saveBundle(place: string | BundleStore, parts: BundleParts): Promise<void> {
  return saveInStore(storeOf(place), parts);
}

/** `loadBundle` of the browser's entry, from folders as well. */
export async function loadBundle(place: string | BundleStore): Promise<Bundle> {
  return loadFromStore(storeOf(place));
}
