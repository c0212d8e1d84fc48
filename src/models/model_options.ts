import type * as tf from '@tensorflow/tfjs-core';
import type {CrossLinearArgs} from '../../layers/cross_linear';
import type {FieldSpec} from '../../layers/field_layout';
import type {GatedInteractionArgs} from '../../layers/gated_interaction';
import type {Interaction} from '../interactions';
import {checkChoice, checkInteger, checkKeys, checkNumber} from '../checks';
import {invalidArgument} from '../errors';

/**
 * The options of every model. A model without the part that an option is about ignores the option, so that one object
 * serves a comparison of many models; only `order` and `interactions` are refused where they would change what the
 * model is.
 */
export interface ModelOptions {
  /** One entry per field, in the order of the input's columns. */
  fields: readonly FieldSpec[];
  /** d, the length of an embedding; an integer >= 1, default 16. */
  embeddingDim?: number;
  /** Units of the hidden layers of the MLP, all ReLU; default [128, 128, 128]. */
  hiddenUnits?: readonly number[];
  /**
   * Hidden units of the attention networks of AFM and DIN, units of each head of AutoInt; an integer >= 1, default 16.
   */
  attentionUnits?: number;
  /** Layers of self-attention of AutoInt; an integer >= 1, default 3. */
  attentionLayers?: number;
  /** Heads of AutoInt's attention and of FinalMLP's fusion; an integer >= 1, default 2. */
  heads?: number;
  /** Hidden units and outputs of PIN's network for each pair; two integers >= 1, default [16, 4]. */
  pairUnits?: readonly [number, number];
  /** Layers of DCN-V2's cross network; an integer >= 1, default 3. */
  crossLayers?: number;
  /** Rank of DCN-V2's matrices, W = U V^T; an integer >= 1, default the full rank. */
  crossRank?: number;
  /** Feature maps of each layer of xDeepFM's CIN; integers >= 1, default [32, 32]. */
  cinUnits?: readonly number[];
  /** Hidden units of the network of each of FinalMLP's feature gates; an integer >= 1, default 64. */
  gateUnits?: number;
  /** Share of each hidden layer's outputs that training drops; in [0, 1), default 0. */
  dropout?: number;
  /**
   * Share of each embedding's entries that training drops, before both products and networks; in [0, 1), default 0.
   */
  embeddingDropout?: number;
  /**
   * Weight of the penalty l2 * sum_i |e_i|^2, mean over the batch, on the embeddings that a batch looks up; >= 0,
   * default 0. All values shrink alike, since frequent ones are looked up more often.
   */
  l2?: number;
  /**
   * Weight of the penalty tableL2 * sum |e|^2 on the whole embedding table, whatever a batch looks up; >= 0, default 0.
   * A ridge: rare values shrink most, those of an `ordered` field towards their neighbours. It makes the table's
   * gradient dense, so that a step costs what the table costs.
   */
  tableL2?: number;
  /** Interactions of FM, DeepFM, IPNN and their Auto forms: pairs (2, the default), triples (3) or both. */
  order?: 2 | 3 | 'both';
  /** True to give triples a separate embedding table, as in the paper; default false. */
  thirdOrderTable?: boolean;
  /**
   * The interactions to build, as positions among the fields that are not ignored, e.g. [[0, 1], [0, 2]]; default all
   * of `order`. Of FM, FwFM, FFM, DeepFM, IPNN and the Auto models; the others have no such form and refuse it.
   */
  interactions?: readonly Interaction[];
  /**
   * Memorised crosses, which every model adds to its logit: those of `fitCrosses`, or {interactions, hashSize}; default
   * none.
   */
  crosses?: Pick<CrossLinearArgs, 'interactions' | 'counts' | 'dictionary' | 'hashSize' | 'batchL2'>;
  /** The gates of the Auto models; defaults as in GatedInteraction. */
  gate?: Pick<GatedInteractionArgs, 'alphaInit' | 'batchNorm' | 'useAlpha' | 'epsilon' | 'momentum'>;
  /**
   * Optimizer that the model is compiled with; default LazyAdam at rate 0.001, which `model.dispose()` also disposes.
   * An optimizer object serves one model, and the caller disposes it.
   */
  optimizer?: tf.Optimizer | string;
  /** Seed of all starts and of dropout, an integer; without it every run starts differently. */
  seed?: number;
}

/** The options with their defaults. */
export type CheckedOptions = Required<Omit<ModelOptions, Optional>> & Pick<ModelOptions, Optional>;
type Optional = 'crossRank' | 'crosses' | 'interactions' | 'optimizer' | 'seed';

const defaults: Omit<CheckedOptions, 'fields' | Optional> = {
  embeddingDim: 16,
  hiddenUnits: [128, 128, 128],
  attentionUnits: 16,
  attentionLayers: 3,
  heads: 2,
  pairUnits: [16, 4],
  crossLayers: 3,
  cinUnits: [32, 32],
  gateUnits: 64,
  dropout: 0,
  embeddingDropout: 0,
  l2: 0,
  tableL2: 0,
  order: 2,
  thirdOrderTable: false,
  gate: {},
};
const keys = ['fields', ...Object.keys(defaults), 'crossRank', 'interactions', 'crosses', 'optimizer', 'seed'];

/**
 * Check all but `fields`, which the layers check, and fill in the defaults.
 *
 * @param extraKeys Further options of one model.
 */
export function checkOptions(where: string, options: ModelOptions, extraKeys: readonly string[] = []): CheckedOptions {
  checkKeys(where, options ?? {}, [...keys, ...extraKeys]);
  const given = Object.entries(options ?? {}).filter(([key, value]) => value !== undefined && keys.includes(key));
  const checked = {...defaults, ...Object.fromEntries(given)} as CheckedOptions;
  checkInteger(where, 'embeddingDim', checked.embeddingDim, 1);
  checkUnits(where, checked);
  checkNumber(where, 'dropout', checked.dropout, '[0, 1)');
  checkNumber(where, 'embeddingDropout', checked.embeddingDropout, '[0, 1)');
  checkNumber(where, 'l2', checked.l2, '[0, Infinity)');
  checkNumber(where, 'tableL2', checked.tableL2, '[0, Infinity)');
  checkInteractions(where, checked);
  checkKeys(`${where}: gate`, checked.gate, ['alphaInit', 'batchNorm', 'useAlpha', 'epsilon', 'momentum']);
  const {seed} = checked;
  if (seed !== undefined && !Number.isInteger(seed)) throw invalidArgument(where, 'seed', 'be an integer', seed);
  return checked;
}

/** Check the sizes of networks. */
function checkUnits(where: string, options: CheckedOptions): void {
  const {hiddenUnits, pairUnits, cinUnits} = options;
  if (!Array.isArray(hiddenUnits)) throw invalidArgument(where, 'hiddenUnits', 'be a list of layer sizes', hiddenUnits);
  if (!Array.isArray(pairUnits) || pairUnits.length !== 2)
    throw invalidArgument(where, 'pairUnits', 'be [hidden units, outputs]', pairUnits);
  if (!Array.isArray(cinUnits) || cinUnits.length === 0)
    throw invalidArgument(where, 'cinUnits', 'be a list of numbers of feature maps', cinUnits);
  for (const [key, sizes] of Object.entries({hiddenUnits, pairUnits, cinUnits}))
    sizes.forEach((units, i) => checkInteger(where, `${key}[${i}]`, units, 1));
  for (const key of ['attentionUnits', 'attentionLayers', 'heads', 'crossLayers', 'gateUnits'] as const)
    checkInteger(where, key, options[key], 1);
  if (options.crossRank !== undefined) checkInteger(where, 'crossRank', options.crossRank, 1);
}

/** Check the order of the interactions, and which they are. */
function checkInteractions(
  where: string,
  {order, thirdOrderTable, interactions}: Pick<CheckedOptions, 'order' | 'thirdOrderTable' | 'interactions'>,
): void {
  checkChoice(where, 'order', order, [2, 3, 'both']);
  checkChoice(where, 'thirdOrderTable', thirdOrderTable, [true, false]);
  if (thirdOrderTable && order === 2) {
    const rule = 'be false for order 2, which has no triples';
    throw invalidArgument(where, 'thirdOrderTable', rule, thirdOrderTable, "Set `order` to 3 or 'both'.");
  }
  if (interactions === undefined) return;
  if (!Array.isArray(interactions) || interactions.length === 0) {
    const rule = 'be a list of field positions such as [[0, 1], [0, 2]]';
    throw invalidArgument(where, 'interactions', rule, interactions, 'For a model without interactions, use `lr`.');
  }
  if (order === 'both') {
    throw invalidArgument(where, 'interactions', "be left out where `order` is 'both'", interactions);
  }
}
