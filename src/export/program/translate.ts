import * as tfl from '@tensorflow/tfjs-layers';
import {AutofisError} from '../../errors';
import {checkModel} from '../../stages/gates';
import {attentionEmbeddingLayer} from './attention_embedding';
import {crossLinearLayer} from './cross_linear';
import {fieldLayers} from './field_layers';
import {fieldNetworks} from './field_networks';
import {interactionLayers} from './interactions';
import {pairLayers} from './pair_layers';
import {type Constant, freeName, type Program, type Value} from './program';
import {same, stockLayers} from './stock_layers';
import {LayerView, Translator} from './translator';

/** Every layer that can be exported, by class. */
const translators: {readonly [className: string]: Translator} = {
  ...stockLayers,
  ...fieldLayers,
  ...interactionLayers,
  ...pairLayers,
  ...fieldNetworks,
  AttentionEmbedding: attentionEmbeddingLayer,
  CrossLinear: crossLinearLayer,
  SeededDropout: same,
};

/**
 * Translate the prediction of `model` into a program.
 *
 * @throws AutofisError on a layer, an activation or an option that cannot be exported, named in the message, or a size
 * that is not known.
 */
export function translate(where: string, model: tfl.LayersModel): Program {
  checkModel(where, model);
  if (model.inputs == null) throw new AutofisError(`${where}: the model has no layers yet. Add some, or build it.`);
  const weights = new Map<tfl.layers.Layer, Map<string, Constant>>();
  const names = uniqueNames(model.inputNames);
  const inputs = model.inputs.map((tensor, i) => {
    // Of the layer, since the tensor has none where ids are read.
    const dtype = tensor.sourceLayer.dtype === 'int32' ? ('int32' as const) : ('float32' as const);
    return {
      name: names[i],
      value: {layer: names[i], shape: knownShape(where, tensor), step: {op: 'input' as const, dtype}},
    };
  });
  const given = inputs.map(({value}) => value);
  const outputs = valuesOf(where, model, given, weights);
  return {inputs, outputs: uniqueNames(model.outputNames).map((name, i) => ({name, value: outputs[i]}))};
}

/** Translate the outputs of a model, or of a model within a model, for given values of its inputs. */
function valuesOf(
  where: string,
  model: tfl.LayersModel,
  inputs: readonly Value[],
  weights: Map<tfl.layers.Layer, Map<string, Constant>>,
): Value[] {
  const known = new Map<tfl.SymbolicTensor, Value>(model.inputs.map((tensor, i) => [tensor, inputs[i]]));
  const valueOf = (tensor: tfl.SymbolicTensor): Value => {
    const before = known.get(tensor);
    if (before !== undefined) return before;
    const {sourceLayer: layer, nodeIndex} = tensor;
    const given = layer.inboundNodes[nodeIndex].inputTensors.map(valueOf);
    const value =
      layer instanceof tfl.LayersModel
        ? valuesOf(where, layer, given, weights)[tensor.outputTensorIndex ?? 0]
        : translateLayer(where, tensor, given, weights);
    known.set(tensor, value);
    return value;
  };
  return model.outputs.map(valueOf);
}

function translateLayer(
  where: string,
  tensor: tfl.SymbolicTensor,
  inputs: readonly Value[],
  weights: Map<tfl.layers.Layer, Map<string, Constant>>,
): Value {
  const layer = tensor.sourceLayer;
  const className = layer.getClassName();
  const translator = translators[className];
  if (translator === undefined) {
    throw new AutofisError(
      `${where}: layer ${layer.name} (${className}) cannot be exported. ` +
        `Those that can: ${Object.keys(translators).sort().join(', ')}.`,
    );
  }
  return translator(new LayerView(where, layer, knownShape(where, tensor), weights), inputs);
}

/** The shape without the batch. */
function knownShape(where: string, {shape, sourceLayer}: tfl.SymbolicTensor): number[] {
  if (shape.slice(1).some(n => n == null)) {
    throw new AutofisError(
      `${where}: layer ${sourceLayer.name} (${sourceLayer.getClassName()}) has an unknown size: ` +
        `[${shape.map(n => n ?? 'null')}]. Give its input a fixed shape, an embedding an \`inputLength\`.`,
    );
  }
  return shape.slice(1) as number[];
}

/** tfjs names an output after its layer, so that two outputs can have one name. The first of them keeps it. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set(names);
  return names.map((name, i) => (names.indexOf(name) === i ? name : freeName(taken, name)));
}
