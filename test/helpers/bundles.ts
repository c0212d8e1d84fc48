import * as tfl from '@tensorflow/tfjs-layers';
import {fieldSpecs, FieldEmbedding, FieldLinear, FittedSchema, GatedInteraction} from 'tfjs-autofis';
import type {Bundle, BundleStore} from 'tfjs-autofis/bundle';
import type {Engine} from '../../examples/serve/engine';

/** A model on the ids of a schema: gated pairs and a linear part. */
export function modelFor(fitted: FittedSchema): tfl.LayersModel {
  const fields = fieldSpecs(fitted);
  const ids = tfl.input({shape: [fields.reduce((sum, {width}) => sum + (width ?? 1), 0)], dtype: 'int32'});
  const e = new FieldEmbedding({
    fields,
    outputDim: 4,
    embeddingsInitializer: tfl.initializers.randomUniform({minval: -1, maxval: 1, seed: 5}),
  }).apply(ids);
  const parts = [new GatedInteraction({seed: 2}).apply(e), new FieldLinear({fields}).apply(ids)];
  const sum = tfl.layers.add().apply(parts as tfl.SymbolicTensor[]);
  return tfl.model({
    inputs: ids,
    outputs: tfl.layers.activation({activation: 'sigmoid'}).apply(sum) as tfl.SymbolicTensor,
  });
}

/** A bundle as an engine of the server, which stays open. */
export const engineOf = (bundle: Bundle): Engine => ({
  bundle,
  predictIds: ids => bundle.predictIds(ids),
  explain: (...rows) => bundle.explainIds(...rows),
  reason: "the test's",
  close: async () => {},
});

/** A bundle's files in memory. */
export class MemoryStore implements BundleStore {
  readonly name = 'memory';
  files = new Map<string, Uint8Array>();

  async read(file: string): Promise<Uint8Array | null> {
    return this.files.get(file) ?? null;
  }

  async write(files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    this.files = new Map(files);
  }
}
