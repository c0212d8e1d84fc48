import * as tfl from '@tensorflow/tfjs-layers';
import {FieldEmbedding, type FieldSpec, GatedInteraction} from 'tfjs-autofis';
import {autoDeepFm, autoFfm, autoFm, autoIpnn} from 'tfjs-autofis/models';

const symbolic = (x: unknown) => x as tfl.SymbolicTensor;

/** The models whose gates are searched. */
export const searchedModels: Record<string, (fields: FieldSpec[], seed: number) => tfl.LayersModel> = {
  AutoFM: (fields, seed) => autoFm({fields, seed}),
  AutoDeepFM: (fields, seed) => autoDeepFm({fields, seed, hiddenUnits: [64, 64]}),
  AutoIPNN: (fields, seed) => autoIpnn({fields, seed, hiddenUnits: [64, 64]}),
  AutoFFM: (fields, seed) => autoFfm({fields, seed, embeddingDim: 8}),
  "README's tf.sequential": (fields, seed) =>
    compiled(
      tfl.sequential({
        layers: [
          new FieldEmbedding({fields, outputDim: 16, seed}),
          new GatedInteraction({seed}),
          tfl.layers.activation({activation: 'sigmoid'}),
        ],
      }),
    ),
  'stock embeddings': (fields, seed) => {
    const inputs = fields.map(() => tfl.input({shape: [1], dtype: 'int32'}));
    const embeddings = inputs.map((input, i) => {
      const embeddingsInitializer = tfl.initializers.randomUniform({minval: -0.05, maxval: 0.05, seed: 100 * seed + i});
      return symbolic(
        tfl.layers.embedding({inputDim: fields[i].size, outputDim: 16, embeddingsInitializer}).apply(input),
      );
    });
    const e = symbolic(tfl.layers.concatenate({axis: 1}).apply(embeddings));
    const linear = symbolic(tfl.layers.dense({units: 1}).apply(symbolic(tfl.layers.flatten().apply(e))));
    const logit = symbolic(tfl.layers.add().apply([linear, symbolic(new GatedInteraction({seed}).apply(e))]));
    return compiled(
      tfl.model({inputs, outputs: symbolic(tfl.layers.activation({activation: 'sigmoid'}).apply(logit))}),
    );
  },
};

function compiled(model: tfl.LayersModel): tfl.LayersModel {
  model.compile({optimizer: 'adam', loss: 'binaryCrossentropy'});
  return model;
}
