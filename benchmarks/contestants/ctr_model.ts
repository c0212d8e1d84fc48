import * as tfl from '@tensorflow/tfjs-layers';
import {allInteractions, FieldEmbedding, FieldLinear, FieldSpec, Interaction} from 'tfjs-autofis';
import {seededRandom} from '../random';

export interface CtrModelOptions {
  fields: FieldSpec[];
  d: number;
  hidden: number[];
}

/** sigmoid(linear + interactions + MLP), the MLP where `hidden` has layers. */
export function ctrModel(
  {fields, d, hidden}: CtrModelOptions,
  interactions: (e: tfl.SymbolicTensor) => unknown,
): tfl.LayersModel {
  const x = tfl.input({shape: [fields.length], dtype: 'int32', name: 'ids'});
  const e = new FieldEmbedding({fields, outputDim: d, seed: 1}).apply(x) as tfl.SymbolicTensor;
  const parts = [new FieldLinear({fields}).apply(x), interactions(e)] as tfl.SymbolicTensor[];
  if (hidden.length > 0) {
    const layers = [
      ...hidden.map(units => tfl.layers.dense({units, activation: 'relu'})),
      tfl.layers.dense({units: 1}),
    ];
    parts.push(
      layers.reduce(
        (h, layer) => layer.apply(h) as tfl.SymbolicTensor,
        tfl.layers.flatten().apply(e) as tfl.SymbolicTensor,
      ),
    );
  }
  const sum = tfl.layers.add().apply(parts) as tfl.SymbolicTensor;
  return tfl.model({
    inputs: x,
    outputs: tfl.layers.activation({activation: 'sigmoid', name: 'click'}).apply(sum) as tfl.SymbolicTensor,
  });
}

/** A share of the pairs of m fields, spread over the fields. */
export function someInteractions(m: number, share: number): Interaction[] {
  const random = seededRandom(5);
  const pairs = allInteractions(m, 2).map(pair => ({pair, order: random()}));
  return pairs
    .sort((a, b) => a.order - b.order)
    .slice(0, Math.round(share * pairs.length))
    .map(({pair}) => pair);
}
