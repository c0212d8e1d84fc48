import * as tfl from '@tensorflow/tfjs-layers';
import {CrossLinear} from '../../layers/cross_linear';
import {FieldAwareEmbedding} from '../../layers/field_aware_embedding';
import {FieldEmbedding, FieldEmbeddingArgs} from '../../layers/field_embedding';
import {FieldLayout, FieldSpec} from '../../layers/field_layout';
import {FieldLinear} from '../../layers/field_linear';
import {GatedInteraction, GatedInteractionArgs} from '../../layers/gated_interaction';
import {SeededDropout} from '../../layers/seeded_dropout';
import {lazyAdam} from '../../optimizers/lazy_adam';
import {invalidArgument} from '../errors';
import {canonicalInteractions, Interaction, Order} from '../interactions';
import {useClosedLoss} from '../metrics/binary_crossentropy';
import {setOptimizer} from '../tfjs_internals';
import {CheckedOptions, checkOptions, ModelOptions} from './model_options';

type Tensor = tfl.SymbolicTensor;

/** Offset of each part's seed from the model's seed; layer i of a part with several layers adds i. */
const SEEDS = {
  embedding: 0,
  gate: 1,
  hidden: 2,
  output: 9,
  thirdGate: 10,
  third_order_embedding: 11,
  specific: 12,
  embedding_dropout: 13,
  third_order_embedding_dropout: 14,
  crossing: 30,
  attention: 50,
  left: 70,
  right: 90,
};

/** The embedding tables, by the names of their layers. */
type Table = 'embedding' | 'third_order_embedding';

/** Arguments of products without normalisation and gates, as in FM. */
const PLAIN = {batchNorm: false, useAlpha: false};

/** Apply a layer to symbolic tensors. */
export function apply(layer: tfl.layers.Layer, inputs: Tensor | Tensor[]): Tensor {
  return layer.apply(inputs) as Tensor;
}

/**
 * The parts that the models are made of, each made once from one set of options. Every layer has a fixed name, so that
 * weights have the same names in every process.
 */
export class ModelBuilder {
  readonly options: CheckedOptions;
  /** int32 ids [B, W]. */
  readonly ids: Tensor;
  /** The fields as tables have them, and the chosen interactions as positions in those. */
  private readonly tableFields: FieldSpec[];
  private readonly interactionsChosen: Interaction[] | undefined;
  private table: Tensor | null = null;

  /**
   * @param name The model's name, and of its function, for messages.
   * @param orders Whether the model has a form for each `order`.
   * @param chosen Whether it has a form for some `interactions` only; so has one with `orders`.
   * @param gatesOnly Whether nothing but the interactions reads the embeddings, so that fields without any have none.
   */
  constructor(
    private readonly name: string,
    options: ModelOptions,
    {orders = false, chosen = false, gatesOnly = false, extraKeys = [] as readonly string[]} = {},
  ) {
    this.options = checkOptions(name, options, extraKeys);
    if (!orders && this.options.order !== 2) {
      throw invalidArgument(name, 'order', 'be 2: the model has no other form', this.options.order);
    }
    if (!orders && !chosen && this.options.interactions !== undefined) {
      throw invalidArgument(name, 'interactions', 'be left out: the model has no such form', this.options.interactions);
    }
    const {columns, embedded} = new FieldLayout(name, this.options.fields);
    const {fields, interactions, order} = this.options;
    const pairs = interactions && canonicalInteractions(name, interactions, embedded.length, order as Order);
    const read = [...embedded.keys()].filter(
      f => !gatesOnly || pairs === undefined || pairs.some(pair => pair.includes(f)),
    );
    const stay = read.map(f => embedded[f].name);
    this.tableFields = fields.map(field => (stay.includes(field.name) ? field : {...field, ignored: true}));
    this.interactionsChosen = pairs?.map(pair => pair.map(f => read.indexOf(f)));
    this.ids = tfl.input({shape: [columns], dtype: 'int32', name: 'ids'});
  }

  /** The seed of one random start, or undefined without a seed. */
  seed(part: keyof typeof SEEDS, index = 0): number | undefined {
    const {seed} = this.options;
    return seed === undefined ? undefined : seed + SEEDS[part] + index;
  }

  /** w0 + <w, x>: [B, 1]. */
  linear(): Tensor {
    return apply(new FieldLinear({name: 'linear', fields: this.options.fields}), this.ids);
  }

  /** E [B, m, d]; the same table each time. */
  embeddings(): Tensor {
    this.table ??= this.newTable('embedding');
    return this.table;
  }

  /** The terms of field-aware pairs: [B, 1]. */
  fieldAwarePairs(args: GatedInteractionArgs = PLAIN): Tensor {
    const interactions = this.interactionsChosen;
    const embedding = new FieldAwareEmbedding({...this.tableArgs('embedding'), interactions});
    return apply(
      new GatedInteraction({...args, interactions, name: 'pairs', seed: this.seed('gate')}),
      this.dropped(apply(embedding, this.ids)),
    );
  }

  /** The interactions' terms, one for each order asked for: [B, 1] each, or [B, P] with output 'each'. */
  interactions(args: GatedInteractionArgs = PLAIN): Tensor[] {
    const {order, thirdOrderTable} = this.options;
    return (order === 'both' ? ([2, 3] as const) : [order]).map(size => {
      const isSeparate = size === 3 && thirdOrderTable;
      return apply(
        new GatedInteraction({
          ...args,
          order: size,
          interactions: this.interactionsChosen,
          name: size === 2 ? 'pairs' : 'triples',
          seed: this.seed(size === 2 ? 'gate' : 'thirdGate'),
        }),
        isSeparate ? this.newTable('third_order_embedding') : this.embeddings(),
      );
    });
  }

  /** Build the interactions' terms with the gates of an Auto model, one tensor for each order. */
  gated(output: 'sum' | 'each' = 'sum'): Tensor[] {
    return this.interactions({...this.options.gate, output});
  }

  /** Products without gates, side by side: [B, P] each. */
  products(): Tensor[] {
    return this.interactions({...PLAIN, output: 'each'});
  }

  /** MLP of the inputs, each flattened, side by side: [B, 1]. */
  mlp(inputs: Tensor[]): Tensor {
    return this.toLogit('mlp_output', this.hidden(inputs));
  }

  /** The hidden layers of an MLP of the inputs: [B, units of the last]. One of several has a `part` for its name. */
  hidden(inputs: Tensor[], part: 'hidden' | 'left' | 'right' = 'hidden'): Tensor {
    const {hiddenUnits, dropout} = this.options;
    const prefix = part === 'hidden' ? '' : `${part}_`;
    const flat = inputs.map(input => this.flat(input, `${prefix}flat`));
    let x = flat.length === 1 ? flat[0] : apply(tfl.layers.concatenate({name: `${prefix}mlp_input`}), flat);
    hiddenUnits.forEach((units, i) => {
      const seed = this.seed(part, i);
      const kernelInitializer = tfl.initializers.glorotUniform({seed});
      const name = `${prefix}hidden_${i + 1}`;
      x = apply(tfl.layers.dense({name, units, activation: 'relu', kernelInitializer}), x);
      if (dropout > 0) x = apply(new SeededDropout({name: `${prefix}dropout_${i + 1}`, rate: dropout, seed}), x);
    });
    return x;
  }

  /** One vector for each row: [B, m, d] -> [B, m d]. */
  flat(x: Tensor, name = 'flat'): Tensor {
    return x.shape.length === 2 ? x : apply(tfl.layers.flatten({name}), x);
  }

  /** A dense layer to one number: [B, n] -> [B, 1]. */
  toLogit(name: string, x: Tensor, useBias = true): Tensor {
    const kernelInitializer = tfl.initializers.glorotUniform({seed: this.seed('output')});
    return apply(tfl.layers.dense({name, units: 1, useBias, kernelInitializer}), x);
  }

  /** The model whose output is the sigmoid of the sum of its parts and the crosses asked for, compiled. */
  model(parts: Tensor[]): tfl.LayersModel {
    const {crosses, fields} = this.options;
    const crossed = crosses && [apply(new CrossLinear({...crosses, name: 'crosses', fields}), this.ids)];
    const terms = [...parts, ...(crossed ?? [])];
    const sum = terms.length === 1 ? terms[0] : apply(tfl.layers.add({name: 'logit'}), terms);
    const outputs = apply(tfl.layers.activation({name: 'probability', activation: 'sigmoid'}), sum);
    const model = tfl.model({name: this.name, inputs: this.ids, outputs});
    const optimizer = this.options.optimizer ?? lazyAdam();
    model.compile({optimizer, loss: 'binaryCrossentropy'});
    useClosedLoss(model);
    if (optimizer !== this.options.optimizer) setOptimizer(model, model.optimizer, true);
    return model;
  }

  /** Embeddings of whose entries training drops the share `embeddingDropout`. */
  dropped(embeddings: Tensor, table: Table = 'embedding'): Tensor {
    const {embeddingDropout: rate} = this.options;
    const name = `${table}_dropout` as const;
    return rate === 0 ? embeddings : apply(new SeededDropout({name, rate, seed: this.seed(name)}), embeddings);
  }

  private newTable(name: Table): Tensor {
    return this.dropped(apply(new FieldEmbedding(this.tableArgs(name)), this.ids), name);
  }

  private tableArgs(name: Table): FieldEmbeddingArgs {
    const {embeddingDim, l2, tableL2} = this.options;
    return {name, fields: this.tableFields, outputDim: embeddingDim, batchL2: l2, tableL2, seed: this.seed(name)};
  }
}
