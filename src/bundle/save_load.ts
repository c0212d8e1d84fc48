import * as tfl from '@tensorflow/tfjs-layers';
import {checkChoice, checkKeys} from '../checks';
import {AutofisError, invalidArgument, show} from '../errors';
import {registerAutofis} from '../register';
import {checkFitted, FittedSchema, schemaHash, fieldSpecs} from '../schema/vocabulary';
import {checkModel} from '../stages/gates';
import type {Selection} from '../stages/selection';
import {Bundle} from './bundle';
import {jsonFile, parse, readInfo, readListed, withBundleFile} from './bundle_files';
import {optimizerFiles} from './optimizer_files';
import {BundleStore, checkStore} from './store';
import * as tf from '@tensorflow/tfjs-core';
import {checkGraph} from '../check_graph';
import type {FieldEmbedding} from '../../layers/field_embedding';
import {columnCount} from '../../layers/field_layout';
import {isFieldLayer, layersOf} from '../stages/model_layers';

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

const MODEL_FILE = 'model.json';
const WEIGHTS_FILE = 'weights.bin';

/** A model as the two files that `model.save('file://...')` writes, without its optimizer. */
async function modelFiles(model: tfl.LayersModel): Promise<Map<string, Uint8Array>> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async artifacts => {
      saved = artifacts;
      return {modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts)};
    }),
  );
  const {weightData, weightSpecs, ...rest} = saved!;
  return new Map([
    [MODEL_FILE, jsonFile({...rest, weightsManifest: [{paths: [WEIGHTS_FILE], weights: weightSpecs ?? []}]})],
    [WEIGHTS_FILE, new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData))],
  ]);
}

/** The model of its two files; `at` is what to call the first one. */
async function modelFromFiles(at: string, json: unknown, weights: Uint8Array): Promise<tfl.LayersModel> {
  checkGraph(at, (json as tf.io.ModelJSON | null)?.modelTopology);
  const {buffer} = weights.byteLength === weights.buffer.byteLength ? weights : weights.slice();
  const artifacts = await tf.io.getModelArtifactsForJSON(json as tf.io.ModelJSON, async manifest => [
    manifest.flatMap(group => group.weights),
    buffer as ArrayBuffer,
  ]);
  return tfl.loadLayersModel(tf.io.fromMemory(artifacts));
}

/** Check that the model reads the ids that the fitted schema gives, and has one output a row. */
function checkModelFits(where: string, model: tfl.LayersModel, fitted: FittedSchema): void {
  const specs = fieldSpecs(fitted);
  const columns = columnCount(specs);
  const {inputs, outputs} = model;
  const shapesOf = (tensors: readonly tfl.SymbolicTensor[]) =>
    tensors.map(({shape}) => `[${shape.map(size => size ?? 'batch')}]`).join(', ');
  if (inputs.length !== 1 || inputs[0].shape.length !== 2 || inputs[0].shape[1] !== columns) {
    throw new AutofisError(
      `${where}: \`model\` must have one input [batch, ${columns}], the ids of the schema's ${specs.length} fields. ` +
        `Received: ${shapesOf(inputs)}.`,
    );
  }
  if (outputs.length !== 1 || outputs[0].shape.length !== 2 || outputs[0].shape[1] !== 1) {
    throw new AutofisError(
      `${where}: \`model\` must have one output [batch, 1], the probability. Received: ${shapesOf(outputs)}.`,
    );
  }
  for (const layer of layersOf(model)) {
    if (!isFieldLayer(layer)) continue;
    const {fields} = layer as FieldEmbedding;
    const wrong = specs.findIndex(
      ({name, size, width}, i) =>
        fields[i]?.name !== name || fields[i].size !== size || (fields[i].width ?? 1) !== (width ?? 1),
    );
    if (wrong < 0) continue;
    throw new AutofisError(
      `${where}: the model's layer ${layer.name} has the field ${JSON.stringify(fields[wrong] ?? null)} where the ` +
        'schema has ' +
        `${JSON.stringify(specs[wrong])}. Save the model with the schema that it was trained with.`,
    );
  }
}
