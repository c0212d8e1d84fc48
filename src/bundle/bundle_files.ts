import {checkKeys} from '../checks';
import {AutofisError, invalidArgument} from '../errors';
import {sealed, unsealed} from '../schema/sealed_json';
import {sha256} from '../schema/sha256';
import type {BundleStore} from './store';

/** The file that makes a folder a bundle: it lists the others. */
export const BUNDLE_FILE = 'bundle.json';
const FORMAT = 'tfjs-autofis-bundle';
const VERSION = 1;

/** Content of `bundle.json`. */
export interface BundleInfo {
  format: typeof FORMAT;
  version: typeof VERSION;
  /** Hash of the fitted schema; shards that were encoded with it have the same. */
  schemaHash: string;
  /** The user's own remarks. */
  metadata: Record<string, unknown>;
  files: Array<{name: string; bytes: number; sha256: string}>;
}

const encoder = /* @__PURE__ */ new TextEncoder();

/** JSON as the bytes of a file. */
export function jsonFile(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

/** The files with the list of them that makes them a bundle. */
export async function withBundleFile(
  files: ReadonlyMap<string, Uint8Array>,
  about: {schemaHash: string; metadata: Record<string, unknown>},
): Promise<Map<string, Uint8Array>> {
  const list = await Promise.all(
    [...files].map(async ([name, bytes]) => ({name, bytes: bytes.length, sha256: await digest(bytes)})),
  );
  const info: BundleInfo = {format: FORMAT, version: VERSION, ...about, files: list};
  return new Map([...files, [BUNDLE_FILE, encoder.encode(`${JSON.stringify(sealed(info), null, 1)}\n`)]]);
}

/** Read a bundle's list of files, and the hash of that list. */
export async function readInfo(store: BundleStore): Promise<BundleInfo & {hash: string}> {
  const bytes = await store.read(BUNDLE_FILE);
  if (bytes === null)
    throw new AutofisError(
      `loadBundle: ${store.name} has no ${BUNDLE_FILE}, so it is not a bundle. ${await bundleCure(store)}`,
    );
  const where = `loadBundle: ${store.name}: ${BUNDLE_FILE}`;
  const info = unsealed(where, parse(`${store.name}: ${BUNDLE_FILE}`, bytes)) as BundleInfo;
  if (info?.format !== FORMAT) throw invalidArgument(where, 'format', `be ${JSON.stringify(FORMAT)}`, info?.format);
  if (info.version !== VERSION)
    throw invalidArgument(where, 'version', `be ${VERSION}`, info.version, 'Another version of tfjs-autofis wrote it.');
  checkKeys(where, info, ['format', 'version', 'schemaHash', 'metadata', 'files']);
  if (!Array.isArray(info.files)) throw invalidArgument(where, 'files', 'be a list of files', info.files);
  return {...info, hash: await digest(bytes)};
}

/** Return a cure for a place that is not a bundle: the folder of a run contains one. */
async function bundleCure(store: BundleStore): Promise<string> {
  const inside = await store.read(`bundle/${BUNDLE_FILE}`).catch(() => null);
  if (inside !== null) return `Give ${store.name.replace(/\/?$/, '/bundle')}.`;
  return 'Give the bundle of a run, such as autofis-run/bundle, or save one there with saveBundle.';
}

/** Describe how a file differs from its entry in the bundle's list; null if it does not. */
async function differenceOf(bytes: Uint8Array | null, listed: BundleInfo['files'][number]): Promise<string | null> {
  if (bytes === null) return 'is missing';
  if (bytes.length !== listed.bytes) return `has ${bytes.length} bytes instead of ${listed.bytes}`;
  if ((await digest(bytes)) === listed.sha256) return null;
  return 'has changed since it was saved (its SHA-256 differs)';
}

/** Read one file of a bundle, null if the bundle has none of this name; throws if it is not the one that was saved. */
export async function readListed(store: BundleStore, info: BundleInfo, name: string): Promise<Uint8Array | null> {
  const listed = info.files.find(file => file.name === name);
  if (listed === undefined) return null;
  const bytes = await store.read(name);
  const what = await differenceOf(bytes, listed);
  if (what !== null)
    throw new AutofisError(`loadBundle: ${store.name}: ${name} ${what}. Save or copy the whole bundle again.`);
  return bytes;
}

/** A JSON file of a bundle. */
export function parse(at: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new AutofisError(`loadBundle: ${at} is not JSON: ${(error as Error).message}.`);
  }
}

/** SHA-256 in hexadecimal; the platform's where it has one, which pages without TLS lack. */
async function digest(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) return sha256([bytes]);
  const hash = new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(hash, byte => byte.toString(16).padStart(2, '0')).join('');
}
