import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkKeys, checkSeed} from '../src/checks';
import {AutofisError} from '../src/errors';
import {fromIdentifier, SerializedObject, toSerialized} from '../src/serialize';
import {BaseLayer, LayerArgs, layerArgKeys, Shape} from './base_layer';
import {differentNames} from './embeddings_input';

type Initializer = ReturnType<typeof tfl.initializers.zeros>;

export interface NumericEmbeddingArgs extends LayerArgs {
  /** One entry a number, in the order of the input's columns. */
  fields: ReadonlyArray<{name: string}>;
  /** d, the length of an embedding; an integer >= 1. */
  outputDim: number;
  /** Start of the vectors; default uniform in +-0.02, as that of FieldEmbedding. */
  embeddingsInitializer?: Initializer | SerializedObject | string;
  /** Seed of the default initializer, an integer; without it every run starts differently. */
  seed?: number;
}

/**
 * Embeddings of numbers, which stand beside those of ids in a model of interactions (Rendle, ICDM 2010, eq. 1, whose x
 * are real): e_i = x_i v_i, so that the product of two fields is x_i x_j <v_i, v_j>, and x_i <v_i, e_j> beside an id.
 * Bring numbers to mean 0 and deviation 1, and put the value for a missing one in their place: a step of training is as
 * large as they are.
 *
 * Input: float32 [B, k], one column a field. Output: [B, k, d]; tf.layers.concatenate({axis: 1}) puts it beside a
 * FieldEmbedding's. Weight: `embeddings` [k, d].
 *
 * @throws AutofisError on fields that are not a list of different names, or an input without exactly k columns.
 * @example
 * const model = tf.sequential();
 * model.add(new NumericEmbedding({fields: [{name: 'age'}, {name: 'distance'}], outputDim: 16}));
 */
export class NumericEmbedding extends BaseLayer {
  /** @nocollapse */
  static className = 'NumericEmbedding';
  readonly outputDim: number;
  /** The fields as given, in the order of the input's columns. */
  readonly fields: ReadonlyArray<{name: string}>;
  private readonly embeddingsInitializer: Initializer;
  private embeddings!: tfl.LayerVariable;

  constructor(args: NumericEmbeddingArgs) {
    const where = 'NumericEmbedding';
    checkKeys(where, args ?? {}, ['fields', 'outputDim', 'embeddingsInitializer', 'seed', ...layerArgKeys]);
    const {fields, outputDim, embeddingsInitializer, seed} = args;
    const names = differentNames(where, fields);
    checkInteger(where, 'outputDim', outputDim, 1);
    checkSeed(where, seed);
    super({inputShape: [names.length], ...args});
    this.fields = names.map(name => ({name}));
    this.outputDim = outputDim;
    this.embeddingsInitializer =
      embeddingsInitializer == null
        ? tfl.initializers.randomUniform({minval: -0.02, maxval: 0.02, seed})
        : fromIdentifier(where, 'embeddingsInitializer', embeddingsInitializer);
  }

  /** Alias of `fields`, under the name that FieldEmbedding uses. */
  get embedded(): ReadonlyArray<{name: string}> {
    return this.fields;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = this.one(inputShape);
    const count = this.fields.length;
    if (shape.length !== 2 || shape[1] !== count) {
      throw new AutofisError(
        `NumericEmbedding ${this.name}: the input must be numbers of shape [batch, ${count}], one for each field. ` +
          `Received shape: [${shape.map(n => n ?? 'null')}].`,
      );
    }
    this.embeddings = this.addWeight('embeddings', [count, this.outputDim], 'float32', this.embeddingsInitializer);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [this.one(inputShape)[0], this.fields.length, this.outputDim];
  }

  protected override compute(numbers: tf.Tensor): tf.Tensor {
    return tf.mul(tf.expandDims(numbers, 2), this.embeddings.read());
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      fields: this.fields.map(field => ({...field})),
      outputDim: this.outputDim,
      embeddingsInitializer: toSerialized(this.embeddingsInitializer) as never,
    };
  }
}
tf.serialization.registerClass(NumericEmbedding);

/** Factory of {@link NumericEmbedding}. */
export function numericEmbedding(args: NumericEmbeddingArgs): NumericEmbedding {
  return new NumericEmbedding(args);
}
