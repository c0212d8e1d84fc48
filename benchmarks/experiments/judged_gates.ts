import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {
  type AutoSelection,
  type AutoSelectArgs,
  garrote,
  type GarroteRows,
  type GateRecord,
  type Gates,
  heldOutParts,
  type LabeledRows,
  pairGains,
} from 'tfjs-autofis';
import {
  checkAutoSelect,
  FoldGates,
  foldProducts,
  Folds,
  ga2mOfEvidence,
  gatedLogits,
  joinedRows,
  linearCandidate,
  mean,
  productsOf,
  productsOfOthers,
  tableProducts,
  trainAgain,
  withAll,
} from '../internals';

/** An estimate, its standard error, and what fresh rows say in its place. */
export interface Estimate {
  value: number;
  error: number;
  truth: number;
}

/** What an open gate is on: products of FFM judged by V2 or in folds, or tables judged by V2. */
export type GateKind = 'FFM' | 'folds' | 'GA2M';

/** An open gate on all interactions of one base. */
export interface JudgedGate {
  of: GateKind;
  /** Whether it has both fields of a planted pair. */
  planted: boolean;
  /** Whether it is needed beside the others. */
  kept: boolean;
  /** Half-samples that keep it, and all. */
  stability: {kept: number; samples: number};
  gain: Estimate;
}

/** Products that gates have learnt from, and those of the same model for fresh rows. */
interface Products {
  learnt: GarroteRows;
  fresh: GarroteRows;
}

/**
 * The gates of a selection, each with what the same gate does on fresh rows. The bases are trained again where the
 * selection does not give them out; gates in folds are found for each table, whether the selection asks for them or
 * not.
 */
export class GateJudge {
  private readonly parts: ReturnType<typeof heldOutParts>;
  private readonly products = new Map<string, Products>();

  constructor(
    private readonly args: AutoSelectArgs & {validation: LabeledRows; train: LabeledRows; seed: number},
    private readonly fresh: LabeledRows,
    private readonly planted: readonly number[][],
  ) {
    this.parts = heldOutParts(args.validation, args.seed);
  }

  /** Keeps the products of a base before the selection disposes it. */
  seen(name: string, model: tfl.LayersModel): void {
    // Its gates are called after the form alone.
    this.products.set(name.replace(/, all \d+$/, ''), {
      learnt: productsOf(model, this.parts.gates),
      fresh: productsOf(model, this.fresh),
    });
  }

  async judge({gates, candidates}: AutoSelection): Promise<JudgedGate[]> {
    const recipe = checkAutoSelect('coverage', this.args);
    await linearCandidate(recipe, this.parts);
    const ofForms = gates.flatMap(own => {
      const products = this.products.get(own.base);
      return own.by === 'V2' && products !== undefined ? this.onV2('FFM', own.sets[0].interactions, products) : [];
    });
    const ofTables = gates.find(({base}) => base === 'GA2M');
    return [
      ...ofForms,
      ...(ofTables === undefined ? [] : this.onV2('GA2M', ...(await this.tables(recipe, ofTables)))),
      ...(await this.inFolds(recipe, candidates)),
    ];
  }

  dispose(): void {
    tf.dispose(this.parts as never);
  }

  /** The GA2M of all tables, as the selection has it, and the gates on these alone. */
  private async tables(recipe: Recipe, {sets: [set]}: Gates): Promise<[GateRecord[], Products]> {
    const {fitted} = (await ga2mOfEvidence(recipe, recipe.train, this.parts.choice))!;
    const own = fitted.ridges.interactions.map(({interaction}) =>
      set.interactions.find(record => String(record.interaction) === String(interaction))!,
    );
    return [own, {learnt: tableProducts(fitted, this.parts.gates), fresh: tableProducts(fitted, this.fresh)}];
  }

  /** Gates that folds of the training rows judge, on the form that V2 prefers with all interactions. */
  private async inFolds(recipe: Recipe, candidates: AutoSelection['candidates']): Promise<JudgedGate[]> {
    const [whole] = withAll(candidates)
      .filter(({schedule}) => schedule !== null)
      .sort((a, b) => a.choice.logloss - b.choice.logloss);
    const folds = new Folds(this.args.train, this.parts, recipe.seed);
    const products = await folds.each(1, async ({train, held, where}): Promise<Products> => {
      const model = await trainAgain(recipe, train, whole, where);
      const own = {learnt: foldProducts(model, held), fresh: productsOf(model, this.fresh)};
      model.dispose();
      return own;
    });
    const others = await productsOfOthers(recipe, folds, whole);
    const gates = new FoldGates({folds: products.map(({learnt}) => learnt), others}, recipe.formOf(whole.form).all);
    const [set] = gates.sets();
    const [{interactions}] = gates.recordOf(set, whole.form, recipe.seed).sets;
    // The estimates are means over the models and gates of the folds, and so is the truth.
    const truths = others.map((rows, fold) => {
      const [fit] = garrote(joinedRows(rows), {lambdas: [set.lambda]});
      return pairGains(products[fold].fresh, fit);
    });
    return this.judged(
      'folds',
      interactions,
      interactions.map((_, p) => mean(truths.map(gains => gains[p].gain))),
    );
  }

  /** Gates that V2 judges, at the penalty that it chose. */
  private onV2(of: GateKind, records: readonly GateRecord[], {learnt, fresh}: Products): JudgedGate[] {
    const alpha = Float64Array.from(records, record => record.alpha);
    const gains = pairGains(fresh, {alpha, intercept: interceptOf(learnt, alpha)});
    return this.judged(
      of,
      records,
      gains.map(({gain}) => gain),
    );
  }

  /** Open gates, with what is true of each in its place. */
  private judged(of: GateKind, records: readonly GateRecord[], truths: readonly number[]): JudgedGate[] {
    return records.flatMap(({alpha, interaction, kept, stability, held}, p) =>
      alpha === 0
        ? []
        : [
            {
              of,
              planted: this.planted.some(pair => pair.every(field => interaction.includes(field))),
              kept,
              stability,
              gain: {value: held.gain, error: held.standardError, truth: truths[p]},
            },
          ],
    );
  }
}

/** The intercept of gates, fitted to rows. */
function interceptOf(rows: GarroteRows, alpha: Float64Array): number {
  const base = Float32Array.from(gatedLogits(rows, {alpha, intercept: 0}));
  // One product that is always 0 leaves the intercept alone to be fitted.
  const [{intercept}] = garrote({...rows, base, products: new Float32Array(base.length)}, {lambdas: [0]});
  return intercept;
}

type Recipe = ReturnType<typeof checkAutoSelect>;
