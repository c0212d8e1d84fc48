import * as tfl from '@tensorflow/tfjs-layers';
import type {FieldAwareEmbedding} from '../../layers/field_aware_embedding';
import type {GatedInteraction} from '../../layers/gated_interaction';

/** Tell whether a model has a network besides its gates: a dense layer of several units. */
export function hasHiddenLayers(model: tfl.LayersModel): boolean {
  return layersOf(model).some(layer => layer.getClassName() === 'Dense' && (layer.getConfig()['units'] as number) > 1);
}

/** All layers of a model, those of nested models in the place of the model. */
export function layersOf(model: tfl.LayersModel): tfl.layers.Layer[] {
  return model.layers.flatMap(layersWithin);
}

/** Return the layers of a nested model, or the layer itself. */
export function layersWithin(layer: tfl.layers.Layer): tfl.layers.Layer[] {
  return layer instanceof tfl.LayersModel ? layersOf(layer) : [layer];
}

/**
 * Tell whether a layer is a GatedInteraction or of a class that extends it.
 *
 * Classes are compared by name, since an ESM and a CJS copy of this library can be loaded at once.
 */
export function isGate(layer: tfl.layers.Layer): layer is GatedInteraction {
  let cls = layer.constructor as {className?: string} | null;
  while (cls != null && cls.className !== 'GatedInteraction') cls = Object.getPrototypeOf(cls) as typeof cls;
  return cls != null;
}

const FIELD_LAYERS = ['AttentionEmbedding', 'CrossLinear', 'FieldAwareEmbedding', 'FieldEmbedding', 'FieldLinear'];

/** Tell whether a layer reads ids by the fields of a schema; classes are compared by name, as in `isGate`. */
export function isFieldLayer(layer: tfl.layers.Layer): boolean {
  return FIELD_LAYERS.includes(layer.getClassName());
}

/** By name, as `isGate`. */
export function isFieldAware(layer: tfl.layers.Layer): layer is FieldAwareEmbedding {
  return layer.getClassName() === 'FieldAwareEmbedding';
}
