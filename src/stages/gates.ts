import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type {FieldEmbedding} from '../../layers/field_embedding';
import type {GatedInteraction} from '../../layers/gated_interaction';
import {AutofisError, foreignCopyError, show} from '../errors';
import {isFieldAware, isGate, layersOf, layersWithin} from './model_layers';

/** A gate layer of a model together with what people call its fields. */
export interface Gate {
  readonly layer: GatedInteraction;
  readonly fieldNames: readonly string[];
}

/** Check that `model` is a model of the copy of tfjs-layers that this library imports. */
export function checkModel(where: string, model: unknown): asserts model is tfl.LayersModel {
  if (model instanceof tfl.LayersModel) return;
  if (model != null && typeof model === 'object' && 'layers' in model) throw foreignCopyError(where, 'the model');
  throw new AutofisError(`${where}: \`model\` must be a tf.LayersModel or tf.Sequential. Received: ${show(model)}.`);
}

/** Check that `model` is compiled: what is built like it trains as it does. */
export function checkCompiled(where: string, model: tfl.LayersModel): void {
  if (model.optimizer != null) return;
  throw new AutofisError(`${where}: the model is not compiled. Call model.compile(...) first.`);
}

/** The gates with an alpha in the order of the model's layers, those of nested models included. */
export function findGates(where: string, model: tfl.LayersModel): Gate[] {
  layersOf(model).forEach(layer => checkParts(where, layer));
  const gates = model.layers.flatMap(top =>
    layersWithin(top)
      .filter(isGate)
      .filter(layer => layer.alpha !== null)
      .map(layer => ({layer, fieldNames: fieldNamesOf(layer, top)})),
  );
  gates.forEach(({layer}) => {
    checkPairs(where, layer);
    checkNames(where, layer);
  });
  if (gates.length > 0) return gates;
  const classes = layersOf(model).map(layer => layer.getClassName());
  throw new AutofisError(
    `${where}: the model has no gate to search: no GatedInteraction with an alpha among its layers ` +
      `${classes.join(', ')}. Add new GatedInteraction() after the embeddings, as a layer of the model and not ` +
      'inside another.',
  );
}

/** The values of a gate's alpha [P], 0 where it is closed for good. */
export function alphaOf({layer}: Gate): Float32Array {
  const alpha = tf.mul(layer.alpha!.read(), layer.open!.read());
  const values = alpha.dataSync() as Float32Array;
  alpha.dispose();
  return values;
}

/** The number of gates that are open. */
export function openCount(gates: readonly Gate[]): number {
  return gates.reduce((sum, gate) => sum + alphaOf(gate).filter(a => a !== 0).length, 0);
}

/** Check that no gate is a member of another layer, whose config does not say so: it could not be made smaller. */
function checkParts(where: string, layer: tfl.layers.Layer): void {
  const members = Object.values(layer)
    .flat()
    .filter(member => member instanceof tfl.layers.Layer);
  const gate = members.flatMap(layersWithin).find(part => isGate(part) && part.getConfig()['useAlpha'] !== false);
  if (gate === undefined) return;
  throw new AutofisError(
    `${where}: gate ${gate.name} is inside of layer ${layer.name} (${layer.getClassName()}), where no search reaches ` +
      `it. Apply it to the embeddings as a layer of the model, and give its output to ${layer.name}.`,
  );
}

/**
 * Check that no gate's alpha starts at 0: a threshold in units of that start is 0 as well, and so is the alpha of
 * interactions that no search has weighed.
 */
export function checkStart(where: string, gates: readonly Gate[]): void {
  const closed = gates.find(({layer}) => layer.alphaInit === 0);
  if (closed === undefined) return;
  throw new AutofisError(
    `${where}: gate ${closed.layer.name} starts at \`alphaInit\` 0, where every gate is closed and the ` +
      'threshold, measured in units of this start, would be 0. Build GatedInteraction with another `alphaInit`; ' +
      'the default is 0.6.',
  );
}

/** Layers that say which fields their output has. */
const EMBEDDINGS = ['AttentionEmbedding', 'FieldAwareEmbedding', 'FieldEmbedding', 'NumericEmbedding'];

/** The names given to the gate, else those of the embeddings that feed it, else "field 0", "field 1", ... */
function fieldNamesOf(gate: GatedInteraction, top: tfl.layers.Layer): readonly string[] {
  if (gate.fieldNames !== null) return gate.fieldNames;
  // What feeds a nested model, only the nested model knows.
  for (const layer of [...layersBehind(gate), ...layersBehind(top)]) {
    const names = namesOf(layer);
    // A gate on field-aware pairs counts the fields up to the last one in a pair.
    const fits = isFieldAware(layer) ? names!.length >= gate.fieldCount : names?.length === gate.fieldCount;
    if (fits) return names!;
  }
  return Array.from({length: gate.fieldCount}, (_, i) => `field ${i}`);
}

/** Check that `fields` given to a gate rename the fields of the embeddings right in front of it, and move none. */
function checkNames(where: string, gate: GatedInteraction): void {
  const [before] = gate.inboundNodes[0].inboundLayers;
  const names = namesOf(before);
  const moved = (name: string, i: number) => names!.includes(name) && names![i] !== name;
  if (names === null || !gate.fieldNames?.some(moved)) return;
  throw new AutofisError(
    `${where}: \`fields\` of gate ${gate.name} must have the order of ${before.name} in front of it, ${show(names)}. ` +
      `Received: ${show(gate.fieldNames)}. Leave \`fields\` out: the gate then takes those names.`,
  );
}

/** Check that a gate multiplies the pairs of the field-aware embeddings that feed it: both only count them. */
function checkPairs(where: string, gate: GatedInteraction): void {
  if (!gate.fieldAware || gate.interactions.length === 0) return;
  const listed = JSON.stringify(gate.interactions);
  for (const layer of layersBehind(gate)) {
    if (!isFieldAware(layer) || JSON.stringify(layer.interactions) === listed) continue;
    throw new AutofisError(
      `${where}: gate ${gate.name} must have the \`interactions\` of the FieldAwareEmbedding in front of it, ` +
        `${show(layer.interactions)}. Received: ${listed}. Give both layers the same list.`,
    );
  }
}

/** A layer, and all that feed it, those of nested models included. */
export function layersBehind(layer: tfl.layers.Layer): Set<tfl.layers.Layer> {
  const found = new Set([layer]);
  // A set is walked in the order in which it grows.
  for (const reached of found) {
    if (reached instanceof tfl.LayersModel) reached.outputLayers.forEach(output => found.add(output));
    reached.inboundNodes.forEach(node => node.inboundLayers.forEach(source => found.add(source)));
  }
  return found;
}

/** The names of the fields in the output of embeddings, alone or joined; null for another layer, or a name twice. */
function namesOf(layer: tfl.layers.Layer): readonly string[] | null {
  const className = layer.getClassName();
  if (EMBEDDINGS.includes(className)) return (layer as FieldEmbedding).embedded.map(field => field.name);
  if (className !== 'Concatenate' || layer.getConfig()['axis'] !== 1) return null;
  const parts = layer.inboundNodes[0].inboundLayers.map(namesOf);
  const names = parts.flatMap(part => part ?? []);
  return parts.includes(null) || new Set(names).size < names.length ? null : names;
}

/** Check that the last step has not spoilt alpha, whose gradients may be those of other rows than the loss. */
export function checkAlpha(gates: readonly Gate[], step: number, onHeldOut: boolean): void {
  const gate = gates.find(candidate => !alphaOf(candidate).every(Number.isFinite));
  if (gate === undefined) return;
  throw new AutofisError(
    `SearchStage: alpha of gate ${gate.layer.name} is not a number after step ${step}. ` +
      `A label or a weight of ${onHeldOut ? '`heldOut`' : 'that step'} is not a number, or the search has diverged: ` +
      'correct the data, or use a smaller `learningRate`.',
  );
}

/** Check that each gate's alpha can be trained. */
export function checkTrainable(where: string, gates: readonly Gate[]): void {
  const frozen = gates.find(({layer}) => !layer.trainable || !layer.alpha!.trainable);
  if (frozen === undefined) return;
  throw new AutofisError(
    `${where}: gate ${frozen.layer.name} is frozen (trainable is false). Set it to true and compile again.`,
  );
}
