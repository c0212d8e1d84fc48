import {mkdir, readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import {checkGraph} from '../check_graph';
import {AutofisError} from '../errors';
import {checkThat} from '../checks';
import {replaceFile} from './replace_file';

const SCHEME = 'file://';
const MODEL = 'model.json';
const WEIGHTS = 'weights.bin';

/** The path of `file://...` as tfjs-node reads it (relative paths, too), or of a true file URL. */
export function pathOf(where: string, url: string): string {
  const isFile = typeof url === 'string' && url.startsWith(SCHEME);
  checkThat(isFile, where, 'url', `be '${SCHEME}' and the path of a folder`, url);
  const rest = url.slice(SCHEME.length);
  return path.resolve(/^\/[A-Za-z]:\//.test(rest) ? fileURLToPath(url) : rest);
}

/** Write artifacts and the bytes of their weights as model.json and weights.bin. */
export async function writeModel(
  folder: string,
  {weightData: _, weightSpecs, ...rest}: tf.io.ModelArtifacts,
  weights: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found && !found.isDirectory()) {
    throw new AutofisError(`save: \`url\` must name a folder. Received: the file ${folder}. Choose another path.`);
  }
  const json = {...rest, weightsManifest: [{paths: [WEIGHTS], weights: weightSpecs ?? []}]};
  await mkdir(folder, {recursive: true});
  // Without its model.json a folder is not a model, so the weights come first.
  await replaceFile(path.join(folder, WEIGHTS), weights);
  await replaceFile(path.join(folder, MODEL), JSON.stringify(json));
}

async function save(folder: string, artifacts: tf.io.ModelArtifacts): Promise<tf.io.SaveResult> {
  if (artifacts.modelTopology instanceof ArrayBuffer) {
    throw new AutofisError(
      'save: a model in binary (GraphDef) format cannot be saved to `file://`; save a layers model.',
    );
  }
  await writeModel(folder, artifacts, new Uint8Array(tf.io.CompositeArrayBuffer.join(artifacts.weightData)));
  return {modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts)};
}

async function read(file: string, what: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException;
    const known: {[code: string]: string} = {
      ENOENT: 'it does not exist',
      EISDIR: `it is a folder; give the path of the ${MODEL} in it`,
    };
    const reason = known[code ?? ''] ?? message;
    throw new AutofisError(`load: the ${what} ${file} cannot be read: ${reason}.`);
  }
}

async function load(file: string): Promise<tf.io.ModelArtifacts> {
  const text = (await read(file, 'model')).toString('utf8');
  let json: tf.io.ModelJSON;
  try {
    json = JSON.parse(text) as tf.io.ModelJSON;
  } catch (error) {
    throw new AutofisError(`load: ${file} is not JSON: ${(error as Error).message}. Give the path of a ${MODEL}.`);
  }
  checkGraph(`load: ${file}`, json?.modelTopology);
  return tf.io.getModelArtifactsForJSON(json, async manifest => {
    const names = manifest.flatMap(group => group.paths);
    const parts = await Promise.all(names.map(name => read(path.join(path.dirname(file), name), 'weight file')));
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let end = 0;
    for (const part of parts) {
      bytes.set(part, end);
      end += part.length;
    }
    const specs = manifest.flatMap(group => group.weights);
    const needed = tf.io.getWeightSpecs(manifest).length ? byteSize(specs) : 0;
    if (needed !== undefined && needed !== end) {
      throw new AutofisError(
        `load: the weight files of ${file} must have ${needed} bytes. Received: ${end}. Save the model again.`,
      );
    }
    return [specs, bytes.buffer] as [tf.io.WeightsManifestEntry[], ArrayBuffer];
  });
}

/** Bytes of a value where it does not take four. */
const VALUE_BYTES: {[dtype: string]: number} = {bool: 1, complex64: 8};

/** Bytes that plain numeric weights take, or undefined where strings or quantization decide it. */
function byteSize(specs: tf.io.WeightsManifestEntry[]): number | undefined {
  let bytes = 0;
  for (const {dtype, shape, quantization} of specs) {
    if (quantization || dtype === 'string') return undefined;
    bytes += tf.util.sizeFromShape(shape) * (VALUE_BYTES[dtype] ?? 4);
  }
  return bytes;
}

/**
 * The handler behind `model.save('file://folder')` and `loadLayersModel('file://folder/model.json')`:
 * the format of tfjs-node, model.json and weights.bin in a folder. A reader never sees a file
 * half-written; parent folders are made.
 *
 * @param url `file://` and a path, absolute or relative to the current folder.
 */
export function fileSystem(url: string): tf.io.IOHandler {
  return {
    save: artifacts => save(pathOf('save', url), artifacts),
    load: () => load(pathOf('load', url)),
  };
}

// tfjs-node brings a handler of its own, and a URL with two handlers is an error.
const router = (url: string | string[]): tf.io.IOHandler => {
  const isOurs = typeof url === 'string' && url.startsWith(SCHEME) && !tf.findBackendFactory('tensorflow');
  return isOurs ? fileSystem(url) : (null as unknown as tf.io.IOHandler);
};

/** Register {@link fileSystem} for `file://` URLs, once and only where no other handler is. */
export function registerFileSystem(): void {
  if (tf.io.getSaveHandlers(`${SCHEME}x`).length === 0) tf.io.registerSaveRouter(router);
  if (tf.io.getLoadHandlers(`${SCHEME}x`).length === 0) tf.io.registerLoadRouter(router);
}
