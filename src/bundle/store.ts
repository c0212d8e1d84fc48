import {AutofisError, invalidArgument} from '../errors';

/** A place for the files of one bundle: a folder, a web server, an IndexedDB, a Map in memory. */
export interface BundleStore {
  /** Name of the place in messages. */
  readonly name: string;
  /** The bytes of a file, null where there is none. */
  read(file: string): Promise<Uint8Array | null>;
  /** Replace all files of the bundle at once, or none. Absent where nothing can be written. */
  write?(files: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /** Throws where `write` would refuse whatever it got, so that nobody trains for it first. */
  check?(): Promise<void>;
}

/** Check that `store` can at least be read. */
export function checkStore(where: string, store: unknown): asserts store is BundleStore {
  if (store === null || typeof store !== 'object' || typeof (store as BundleStore).read !== 'function') {
    throw invalidArgument(where, 'location', 'be a URL, a folder (in Node only) or a store {name, read, write}', store);
  }
}

/** The files of a bundle below a URL, read by `fetch`. */
export function urlStore(url: string): BundleStore {
  const page = (globalThis as {location?: {href: string}}).location?.href;
  let base: URL;
  try {
    base = new URL(url.endsWith('/') ? url : `${url}/`, page);
  } catch {
    throw invalidArgument('loadBundle', 'location', 'be a URL of a folder', url);
  }
  return {
    name: base.href,
    async read(file) {
      const response = await fetch(new URL(file, base));
      if (response.status === 404) return null;
      if (!response.ok)
        throw new AutofisError(`loadBundle: ${response.url} answers ${response.status} ${response.statusText}.`);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}
