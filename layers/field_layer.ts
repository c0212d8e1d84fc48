import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {checkKeys} from '../src/checks';
import {AutofisError} from '../src/errors';
import {markLookedUp} from '../src/tables/sparse_gradients';
import {BaseLayer, layerArgKeys, LayerArgs, Shape} from './base_layer';
import {FieldLayout, FieldSpec} from './field_layout';
import {Initializer, tableStart} from './table_start';

export type Regularizer = ReturnType<typeof tfl.regularizers.l2>;

export interface FieldLayerArgs extends LayerArgs {
  /** One entry per field, in the order of the input's columns. */
  fields: readonly FieldSpec[];
}

/** Base class of the layers that read ids [B, W]: holds the fields and the shape of the input. */
export abstract class FieldLayer extends BaseLayer {
  protected readonly layout: FieldLayout;

  protected constructor(where: string, args: FieldLayerArgs, extraKeys: readonly string[]) {
    checkKeys(where, args ?? {}, ['fields', ...extraKeys, ...layerArgKeys]);
    const layout = new FieldLayout(where, args?.fields);
    if (args.dtype != null && args.dtype !== 'int32') {
      throw new AutofisError(
        `${where}: \`dtype\` is the type of the ids and must be 'int32'. Received: "${args.dtype}".`,
      );
    }
    // Known from the fields, so that the layer can come first in tf.sequential() without an inputShape.
    super({batchInputShape: [args.batchSize ?? null, layout.columns], ...args, dtype: 'int32'});
    this.layout = layout;
  }

  /** The fields as given, with defaults filled in. */
  get fields(): readonly FieldSpec[] {
    return this.layout.fields;
  }

  /** Those of the fields that the layer reads, in order: all but the ignored ones. */
  get embedded(): readonly FieldSpec[] {
    return this.layout.embedded;
  }

  /** The first row of each embedded field in the layer's table. */
  get starts(): readonly number[] {
    return this.layout.starts;
  }

  override apply(...args: Parameters<BaseLayer['apply']>): ReturnType<BaseLayer['apply']> {
    for (const input of [args[0]].flat()) if (input instanceof tfl.SymbolicTensor) leaveUncast(input);
    return super.apply(...args);
  }

  override build(inputShape: Shape | Shape[]): void {
    this.layout.checkInputShape(this.one(inputShape));
    super.build(inputShape);
  }

  /**
   * Add a weight of which a step reads and changes only the rows that its batch looks up.
   * @param penalty Of a penalty on the whole weight, whose gradient is dense.
   */
  protected addTable(
    name: string,
    shape: [number, number],
    initializer: Initializer,
    penalty: {regularizer?: Regularizer} | null = null,
  ): tfl.LayerVariable {
    const start = {apply: () => tableStart(initializer, shape)} as unknown as Initializer;
    const table = this.addWeight(name, shape, 'float32', start, penalty?.regularizer);
    if (penalty === null) markLookedUp(table.read() as tf.Variable);
    return table;
  }

  override getConfig(): tf.serialization.ConfigDict {
    // Names sit under the key `name`, the only place where tfjs does not change a string's case.
    return {...super.getConfig(), fields: this.layout.fields.map(field => ({...field}))};
  }
}

/**
 * Let a model's input pass its values unchanged. tfjs would cast them to the input's dtype: an id of 1.5 would arrive
 * as 1 and one of 2^32 as 0. An input without dtype leaves the values to the layer, which checks them first.
 */
function leaveUncast(input: tfl.SymbolicTensor): void {
  if (input.sourceLayer.getClassName() === 'InputLayer') Object.assign(input, {dtype: null});
}

/** Return looked-up embeddings E unchanged, with the gradient of weight / rows * |E|^2 added to theirs; weight >= 0. */
export function penalized<T extends tf.Tensor>(embeddings: T, weight: number, rows = embeddings.shape[0]): T {
  if (weight === 0) return embeddings;
  return tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    return {
      value: tf.clone(x as tf.Tensor),
      gradFunc: (dy: tf.Tensor, [x]: tf.Tensor[]) => tf.add(dy, tf.mul(x, (2 * weight) / rows)),
    };
  })(embeddings) as T;
}
