import {BUNDLE_FILE} from '../../bundle/bundle_files';
import type {BundleStore} from '../../bundle/store';
import {AutofisError} from '../../errors';

/**
 * Note which bundle a place holds.
 *
 * @returns A check that it still holds that one. It throws where another process has replaced the bundle, whose work
 *   would be lost if a model that was trained from the old bundle took its place.
 */
export async function unchangedCheck(where: string, store: BundleStore): Promise<() => Promise<void>> {
  // The file has the checksums of all others.
  const noted = await bytesIn(store);
  return async () => {
    if (noted.equals(await bytesIn(store))) return;
    throw new AutofisError(
      `${where}: ${store.name} was replaced while this update ran, and the new model has not learnt what the other ` +
        'one did. Nothing was written. Run the update again, which then starts from the new bundle.',
    );
  };
}

async function bytesIn(store: BundleStore): Promise<Buffer> {
  return Buffer.from((await store.read(BUNDLE_FILE)) ?? []);
}
