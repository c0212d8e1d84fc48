import * as tfl from '@tensorflow/tfjs-layers';
import type {FieldEmbedding} from '../../layers/field_embedding';
import {AutofisError} from '../errors';
import type {Interaction} from '../interactions';
import type {Gate} from './gates';
import {isFieldAware, isGate, layersOf} from './model_layers';

/** Layers that treat each entry of their input by itself, so that their output has the input's fields. */
const DROPOUT = ['SeededDropout', 'Dropout'];

/** A FieldEmbedding of which a slim model needs only some fields. */
export interface ReadFields {
  readonly embedding: FieldEmbedding;
  /** Names of the gates that read it. */
  readonly readers: readonly string[];
  /** Positions of the needed fields in its output, ascending. */
  readonly positions: readonly number[];
}

/**
 * The embeddings of which some fields are read by no interaction that stays open.
 *
 * Only those that feed gates, by themselves or through dropout, and nothing else: an MLP, another layer in between, or
 * an output of the model reads all fields. At least one field stays, so that the layer has an output.
 *
 * @param open For each gate the interactions that stay.
 */
export function partlyRead(
  model: tfl.LayersModel,
  gates: readonly Gate[],
  open: readonly Interaction[][],
): ReadFields[] {
  const outputs = outputsOf(model);
  return layersOf(model).flatMap(layer => {
    if (layer.getClassName() !== 'FieldEmbedding' || outputs.has(layer)) return [];
    const readers = readersOf(layer, outputs);
    const read = new Set<number>();
    for (const reader of readers) {
      const positions = positionsOf(reader, gates, open);
      if (positions === null) return [];
      positions.forEach(p => read.add(p));
    }
    const embedding = layer as FieldEmbedding;
    if (readers.length === 0 || read.size === embedding.embedded.length) return [];
    if (read.size === 0) read.add(0);
    return [{embedding, readers: readers.map(({name}) => name), positions: [...read].sort((a, b) => a - b)}];
  });
}

/**
 * For field-aware embeddings of gates that lose pairs, by their name the pairs that they still need. At least one pair
 * stays, so that the layer has an output.
 *
 * @param open For each gate the interactions that stay.
 * @throws AutofisError on a gate whose FieldAwareEmbedding has another reader, dropout in between apart.
 */
export function neededPairs(
  where: string,
  model: tfl.LayersModel,
  gates: readonly Gate[],
  open: readonly Interaction[][],
): Map<string, readonly Interaction[]> {
  const outputs = outputsOf(model);
  const sources = layersOf(model)
    .filter(layer => isFieldAware(layer) && !outputs.has(layer))
    .map(layer => ({name: layer.name, readers: readersOf(layer, outputs)}));
  const needed = new Map<string, readonly Interaction[]>();
  gates.forEach(({layer}, g) => {
    if (!layer.fieldAware || open[g].length === layer.interactions.length) return;
    const exclusive = sources.filter(({readers}) => readers.length === 1 && readers[0] === layer);
    if (exclusive.length < layer.inboundNodes.length) {
      throw new AutofisError(
        `${where}: gate ${layer.name} must be the only reader of its FieldAwareEmbedding, whose closed pairs lose ` +
          'their vectors. Give each reader a FieldAwareEmbedding of its own.',
      );
    }
    for (const {name} of exclusive) needed.set(name, open[g].length > 0 ? open[g] : layer.interactions.slice(0, 1));
  });
  return needed;
}

/**
 * The layers that read a layer's output; in the place of dropout that reads nothing else, and is not an output of the
 * model, those after it.
 */
function readersOf(layer: tfl.layers.Layer, outputs: Set<tfl.layers.Layer>): tfl.layers.Layer[] {
  return layer.outboundNodes
    .map(node => node.outboundLayer)
    .flatMap(reader =>
      DROPOUT.includes(reader.getClassName()) && reader.inboundNodes.length === 1 && !outputs.has(reader)
        ? readersOf(reader, outputs)
        : [reader],
    );
}

/** The fields that a layer reads of the embeddings it is applied to, or null for all. */
function positionsOf(
  reader: tfl.layers.Layer,
  gates: readonly Gate[],
  open: readonly Interaction[][],
): number[] | null {
  if (!isGate(reader) || reader.inboundNodes.length > 1) return null;
  const g = gates.findIndex(({layer}) => layer === reader);
  if (g >= 0) return open[g].flat();
  // A gate of a slim model that was wholly closed.
  return reader.interactions.length === 0 ? [] : null;
}

/** The layers whose outputs a model, or a model in it, gives. */
function outputsOf(model: tfl.LayersModel): Set<tfl.layers.Layer> {
  const outputs = model.outputs.map(output => output.sourceLayer);
  const nested = model.layers.filter(layer => layer instanceof tfl.LayersModel);
  return new Set([...outputs, ...nested.flatMap(inner => [...outputsOf(inner)])]);
}
