import type * as tfl from '@tensorflow/tfjs-layers';
import {checkChoice, checkKeys} from '../checks';
import {AutofisError, invalidArgument, show} from '../errors';
import {registerAutofis} from '../register';
import {checkFitted, FittedSchema, schemaHash} from '../schema/vocabulary';
import {checkModel} from '../stages/gates';
import type {Selection} from '../stages/selection';
import {Bundle} from './bundle';
import {jsonFile, parse, readInfo, readListed, withBundleFile} from './bundle_files';
import {MODEL_FILE, modelFiles, modelFromFiles, WEIGHTS_FILE} from './model_files';
import {checkModelFits} from './check_model_fits';
import {optimizerFiles} from './optimizer_files';
import {BundleStore, checkStore} from './store';

/** Contents of a bundle. */
export interface BundleParts {
  /** A model that reads the schema's ids and gives one probability a row; usually the slim one. */
  model: tfl.LayersModel;
  /** The schema that encoded its training rows. */
  fitted: FittedSchema;
  /** The interactions that the search kept. */
  selection?: Selection;
  /** Your own remarks, such as metrics or a date: anything that JSON can hold. */
  metadata?: Record<string, unknown>;
  /**
   * True to save the optimizer's state too, so that `updateBundle` continues with its moments. They are two more values
   * for each weight, which `loadBundle` does not read. Default false.
   */
  optimizer?: boolean;
}

const SCHEMA_FILE = 'schema.json';
const SELECTION_FILE = 'selection.json';

/**
 * Save a bundle in a store: model.json, weights.bin, schema.json, selection.json, and bundle.json, which lists them.
 */
export async function saveInStore(store: BundleStore, parts: BundleParts): Promise<void> {
  const where = 'saveBundle';
  checkStore(where, store);
  checkKeys(where, parts, ['model', 'fitted', 'selection', 'metadata', 'optimizer']);
  const {model, fitted, selection, metadata = {}, optimizer = false} = parts;
  checkChoice(where, 'optimizer', optimizer, [true, false]);
  if (store.write === undefined)
    throw new AutofisError(`${where}: ${store.name} is read-only. Give a folder or a store with \`write\`.`);
  checkModel(where, model);
  checkFitted(fitted);
  checkModelFits(where, model, fitted);
  if (selection !== undefined) checkSelectionFits(where, selection, fitted);
  if (metadata === null || typeof metadata !== 'object')
    throw invalidArgument(where, 'metadata', 'be an object', metadata);
  const files = await modelFiles(model);
  files.set(SCHEMA_FILE, jsonFile(fitted));
  if (selection !== undefined) files.set(SELECTION_FILE, jsonFile(selection));
  if (optimizer) for (const [name, bytes] of await optimizerFiles(where, model)) files.set(name, bytes);
  await store.write(await withBundleFile(files, {schemaHash: schemaHash(fitted), metadata}));
}

/** Load a bundle from a store. Every file is checked against the sizes and hashes that were saved. */
export async function loadFromStore(store: BundleStore): Promise<Bundle> {
  const where = 'loadBundle';
  checkStore(where, store);
  // The layers must be known even where a bundler has dropped the bare import.
  registerAutofis();
  const info = await readInfo(store);
  const need = async (name: string) => {
    const bytes = await readListed(store, info, name);
    if (bytes === null) throw new AutofisError(`${where}: ${store.name} is a bundle without ${name}. Save it again.`);
    return bytes;
  };
  const fitted = checkFitted(parse(SCHEMA_FILE, await need(SCHEMA_FILE)));
  const hash = schemaHash(fitted);
  if (hash !== info.schemaHash) {
    throw new AutofisError(
      `${where}: ${store.name}: ${SCHEMA_FILE} has the hash ${hash}, ` +
        `but the bundle was saved with ${show(info.schemaHash)}. Save it again.`,
    );
  }
  const selection = await readListed(store, info, SELECTION_FILE);
  const model = await modelFromFiles(
    `${where}: ${store.name}: ${MODEL_FILE}`,
    parse(MODEL_FILE, await need(MODEL_FILE)),
    await need(WEIGHTS_FILE),
  );
  checkModelFits(where, model, fitted);
  return new Bundle(
    model,
    fitted,
    hash,
    selection === null ? null : (parse(SELECTION_FILE, selection) as Selection),
    info.metadata ?? {},
    info.hash,
  );
}

function checkSelectionFits(where: string, selection: unknown, {fields}: FittedSchema): void {
  const names = new Set(fields.map(({name}) => name));
  const holds =
    Array.isArray(selection) &&
    selection.every(
      (selected: Selection[number] | null) =>
        Array.isArray(selected?.fields) && selected.fields.every(name => names.has(name)),
    );
  if (!holds) throw invalidArgument(where, 'selection', "be a `search.selection` of the schema's fields", selection);
}
