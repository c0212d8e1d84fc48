import type * as tfl from '@tensorflow/tfjs-layers';
import type {Crosses} from '../../layers/fit_crosses';
import {FieldLayout, FieldSpec} from '../../layers/field_layout';
import {lazyAdam} from '../../optimizers/lazy_adam';
import {autoFfm} from '../models/auto_ffm';
import {autoFm} from '../models/auto_fm';
import {ffm} from '../models/ffm';
import {fm} from '../models/fm';
import type {ModelOptions} from '../models/model_options';
import {findGates} from '../stages/gates';
import {Interacting, interactionsOf} from '../components/interacting_fields';
import {learningRateOf, setOptimizer} from '../tfjs_internals';
import {compileLike, rebuildModel} from '../stages/rebuild';
import {retrainModel} from '../stages/retrain';
import {baseOptimizer} from '../stages/search_optimizer';
import {selectInteractions, Selection} from '../stages/selection';

/** A kind of model that can be built on any set of interactions: plain, without normalisation and alpha. */
export interface ModelForm {
  /** What people call it, such as "FM". */
  readonly name: string;
  /** Every interaction that it can have, each with alpha 1; of the library's forms listed when first asked for. */
  readonly all: Selection;
  /** The peak of the learning rate; null where the schedule's default is right. */
  readonly learningRate: number | null;
  /** Whether the linear part starts at the weights of logistic regression, and not at 0. */
  readonly onLinear: boolean;
  /**
   * A fresh model of these interactions, compiled; `dispose()` disposes its optimizer, too. With `times` its vectors
   * are that many times as long; the caller's own model has them as they are.
   */
  build(selection: Selection, seed: number, crosses?: Crosses, times?: number): tfl.LayersModel;
  /**
   * A fresh model with a gate on every interaction, normalised products and alpha, compiled: what `judgeSelection`
   * takes.
   */
  gated(seed: number): tfl.LayersModel;
}

/** All pairs of fields, each with alpha 1; with `interacting` only of the fields with these names. */
export function allPairs(fields: readonly FieldSpec[], interacting?: Interacting): Selection {
  const {embedded} = new FieldLayout('autoSelect', fields);
  const interactions = interactionsOf(embedded, 2, interacting);
  return selectInteractions([
    {interactions, order: 2, fieldNames: embedded.map(({name}) => name), alpha: interactions.map(() => 1)},
  ]);
}

/** What the forms of the library are built with. */
export interface FormOptions {
  /** What people call the form; default "FM" or "FFM". */
  name?: string;
  fields: readonly FieldSpec[];
  /** d, the length of an embedding. */
  embeddingDim: number;
  /** Penalty on the embeddings that a batch looks up, default 0. */
  l2?: number;
  /** Penalty on the whole table of embeddings, default 0; with it, training follows the dense Adam rule. */
  tableL2?: number;
  /** Whether the linear part starts at the weights of logistic regression; default false. */
  onLinear?: boolean;
  /** The peak of the learning rate; default that of `scheduleFor`. */
  learningRate?: number;
  /** Names of the fields that may interact; default all. The others are in the linear part alone. */
  interacting?: Interacting;
}

/**
 * Most values of a table that follows the dense Adam rule, which moves rare rows further and costs what the table
 * costs.
 */
export const DENSE_VALUES = 1_000_000;

/** Factorisation machine: one vector a value. */
export function fmForm(options: FormOptions): ModelForm {
  return libraryForm({name: 'FM', plain: fm, gated: autoFm, vectors: () => 1}, options);
}

/** Field-aware FM: one vector a value and interaction of its field, so that fewer interactions mean a smaller table. */
export function ffmForm(options: FormOptions): ModelForm {
  return libraryForm(
    {name: 'FFM', plain: ffm, gated: autoFfm, vectors: (pairs, fields) => (2 * pairs) / fields},
    options,
  );
}

/** A model of the user's with gates: the model without gates, normalisation and all but some interactions. */
export function ownForm(model: tfl.LayersModel): ModelForm {
  const gates = findGates('autoSelect', model);
  return {
    name: model.name,
    learningRate: learningRateOf(model.optimizer),
    onLinear: false,
    all: selectInteractions(
      gates.map(({layer, fieldNames}) => ({
        interactions: layer.interactions,
        order: layer.order,
        fieldNames,
        alpha: layer.interactions.map(() => 1),
      })),
    ),
    build: (selection, seed) => retrainModel(model, selection, {alpha: 'none', batchNorm: false, seed}),
    gated: seed => {
      const fresh = rebuildModel('autoSelect', model, {seed});
      compileLike('autoSelect', fresh, model, baseOptimizer(model.optimizer));
      return fresh;
    },
  };
}

/** A kind of model of the library, without gates and with them. */
interface Kind {
  name: string;
  plain(options: ModelOptions): tfl.LayersModel;
  gated(options: ModelOptions): tfl.LayersModel;
  /** How many vectors a value has on average in a model of `pairs` pairs. */
  vectors(pairs: number, fields: number): number;
}

function libraryForm(kind: Kind, options: FormOptions): ModelForm {
  const {
    name = kind.name,
    fields,
    embeddingDim,
    l2 = 0,
    tableL2 = 0,
    learningRate,
    onLinear = false,
    interacting,
  } = options;
  const {embedded, rows} = new FieldLayout('autoSelect', fields);
  let pairs: Selection | null = null;
  const all = () => (pairs ??= allPairs(fields, interacting));
  const compiled = (of: Kind['plain'], count: number, others: Partial<ModelOptions>) => {
    const exact = tableL2 > 0 || rows * embeddingDim * kind.vectors(count, embedded.length) <= DENSE_VALUES;
    const optimizer = lazyAdam({exact});
    const model = of({fields, embeddingDim, l2, tableL2, optimizer, ...others});
    setOptimizer(model, optimizer, true);
    return model;
  };
  return {
    name,
    learningRate: learningRate ?? null,
    onLinear,
    get all() {
      return all();
    },
    build: (selection, seed, crosses, times = 1) =>
      compiled(kind.plain, selection.length, {
        seed,
        embeddingDim: times * embeddingDim,
        interactions: selection.map(({interaction}) => interaction),
        ...(crosses === undefined ? {} : {crosses}),
      }),
    gated: seed =>
      compiled(kind.gated, all().length, {
        seed,
        ...(interacting === undefined ? {} : {interactions: all().map(({interaction}) => interaction)}),
      }),
  };
}
