import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {GRDA, grda} from '../../optimizers/grda';
import {Partitioned} from '../../optimizers/partitioned';
import {checkChoice, checkKeys} from '../checks';
import {AutofisError, foreignCopyError} from '../errors';
import {calibrate, CalibrationArgs, calibrationKeys, checkCalibration, GrdaPlan} from './calibration';
import {alphaOf, checkSelect, selectInteractions, Selection, SelectOptions} from './selection';
import {LossWatch, WINDOW} from './finite_loss';
import {checkModel, checkStart, findGates, Gate, hasHiddenLayers} from './gates';
import {checkHeldOut, HeldOut, HeldOutGradients} from './held_out';
import {handBack, standIn} from './lazy_default';
import {SavedOptimizer, setRecipe, takeSavedOptimizer} from './model_state';
import {ownsOptimizer, setOptimizer} from '../tfjs_internals';
import {baseOptimizer, GATES_GROUP, isSearchOptimizer, searchOptimizer} from './search_optimizer';

export interface SearchStageArgs extends CalibrationArgs, SelectOptions {
  /**
   * Rows that alpha takes its gradients from, one batch a step, instead of the training batches: gates are then not
   * rewarded for what the model memorises. Weights, moving statistics included, are not touched by these batches.
   */
  heldOut?: HeldOut;
  /**
   * Who trains alpha. 'grda' (default) closes gates on its way. 'adam', for comparisons, closes none: `keep` says how
   * many of the largest |alpha| stay, and `learningRate` is Adam's, default 1e-3. With `heldOut` that is a bi-level search in
   * the manner of DARTS (first order), without it the top-K of a plain training.
   */
  alphaOptimizer?: 'grda' | 'adam';
}

/** Fewer steps of alpha than this, and the selection is mostly noise. */
const LEAST_STEPS = 300;

/**
 * The search stage (AutoFIS, eq. 14) as a callback of `fit` or `fitDataset`: while it runs, every gate's alpha is trained
 * by GRDA and all other weights by the optimizer that the model was compiled with, on the same batches. At the end the
 * model has its own optimizer back, and `selection` holds the interactions whose gates are open. For the name
 * 'adam' LazyAdam stands in, which does not walk whole embedding tables; an optimizer object stays as it is.
 *
 * Logs each epoch, in `History` and in the progress bar: `openGates`, the number of gates with alpha != 0, and
 * `threshold`, what gRDA cuts |alpha| by (not under Adam). What a reader should not miss (too few steps, no gate closed, all closed) is
 * told on console.warn and kept in `warnings`. Throws where a loss or alpha is not a number, with its step.
 *
 * One object serves one `fit`. To go on with a search that was saved, load the model and call `fit` with a new
 * SearchStage of the same options and `initialEpoch`. Save it in the middle by `search.model.save(url,
 * {includeOptimizer: true})`: `search.model` is the model that trains, which a tf.Sequential wraps. In Node, `Checkpoints`
 * of tfjs-autofis/checkpoints does both by itself.
 *
 * ```ts
 * const search = new SearchStage({strength: 2});
 * await model.fit(ids, labels, {epochs: 3, batchSize: 2000, callbacks: [search]});
 * console.table(search.selection);
 * ```
 */
export class SearchStage extends tfl.Callback {
  /** Messages of this search that a reader should not miss. */
  readonly warnings: string[] = [];
  private readonly calibration: CalibrationArgs;
  private readonly heldOut: HeldOut | undefined;
  private readonly select: SelectOptions;
  private readonly alphaOptimizer: 'grda' | 'adam';
  private searched: tfl.LayersModel | null = null;
  private gates: Gate[] = [];
  private plan: GrdaPlan | null = null;
  private optimizer: Partitioned | null = null;
  /** The optimizer that the model was compiled with; null in a search that was saved and goes on. */
  private own: tf.Optimizer | null = null;
  private ownedBase = false;
  private heldOutGradients: HeldOutGradients | null = null;
  private losses: LossWatch | null = null;
  private totalSteps: number | null = null;
  private result: Selection | null = null;

  constructor(args: SearchStageArgs = {}) {
    super();
    checkKeys('SearchStage', args, [...calibrationKeys, 'heldOut', 'cut', 'keep', 'alphaOptimizer']);
    checkCalibration('SearchStage', args);
    checkSelect('SearchStage', args);
    if (args.alphaOptimizer !== undefined) checkAlphaOptimizer(args);
    if (args.heldOut !== undefined) {
      checkHeldOut('SearchStage', args.heldOut);
      if (args.recipe === 'paper') {
        throw new AutofisError(
          "SearchStage: recipe 'paper' takes alpha's gradients from the training batches. Remove `heldOut`.",
        );
      }
    }
    const {heldOut, cut, keep, alphaOptimizer = 'grda', ...calibration} = args;
    this.heldOut = heldOut;
    this.select = {cut, keep};
    this.alphaOptimizer = alphaOptimizer;
    this.calibration = calibration;
    // A copy of tfjs that does not know this class calls the hooks without `this`.
    for (const hook of [
      'onTrainBegin',
      'onEpochBegin',
      'onEpochEnd',
      'onBatchBegin',
      'onBatchEnd',
      'onTrainEnd',
    ] as const) {
      this[hook] = (this[hook] as (...args: unknown[]) => Promise<void>).bind(this);
    }
  }

  /** The kept interactions, largest |alpha| first. Throws when no search has run to its end. */
  get selection(): Selection {
    if (this.result === null) {
      throw new AutofisError(
        this.searched === null
          ? 'SearchStage: no search has run, so there is no `selection`. Call model.fit(..., {callbacks: [search]}) with this object, and await it.'
          : 'SearchStage: the search has not ended, so there is no `selection`. Await model.fit(...), and see whether it failed.',
      );
    }
    return this.result;
  }

  /** Constants that GRDA got: c, mu, learningRate, warmupSteps; null before the search, and where Adam trains alpha. */
  get constants(): GrdaPlan | null {
    return this.plan;
  }

  override async onTrainBegin(): Promise<void> {
    const where = 'SearchStage';
    if (this.searched !== null) {
      throw new AutofisError(
        `${where}: this object has been through a \`fit\` already. Make a new SearchStage for a new search.`,
      );
    }
    const model = this.model as tfl.LayersModel | null;
    if (model === null) {
      throw new AutofisError(
        `${where}: \`fit\` did not tell its model. ${foreignCopyError(where, 'the model').message} ` +
          'If there is only one copy: in `callbacks`, put objects of callback classes and plain {onEpochEnd} objects not in one list.',
      );
    }
    checkModel(where, model);
    this.gates = findGates(where, model);
    if (this.byStrength) checkStart(where, this.gates);
    for (const {layer} of this.gates) {
      if (!layer.trainable || !layer.alpha!.trainable) {
        throw new AutofisError(
          `${where}: gate ${layer.name} is frozen (trainable is false). Set it to true and compile again.`,
        );
      }
    }
    this.searched = model;
    this.ownedBase = ownsOptimizer(model);
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    if (this.optimizer !== null) return;
    const model = this.searched!;
    const batchSize = this.calibrate();
    const saved = takeSavedOptimizer(model);
    this.own = epoch > 0 && saved === null ? null : baseOptimizer(model.optimizer);
    this.optimizer =
      this.own === null
        ? this.resumed(model.optimizer, epoch)
        : searchOptimizer(
            this.gates,
            this.freshAlphaOptimizer(),
            await standIn('SearchStage', model, this.own, this.alphas()),
          );
    if (saved !== null) await this.takeUp(this.optimizer, saved);
    setOptimizer(model, this.optimizer, false);
    this.losses = new LossWatch('SearchStage: the loss', this.optimizer.iterations);
    this.warnOfFewSteps();
    if (this.heldOut !== undefined) this.takeHeldOut(this.optimizer, this.heldOut, batchSize ?? 2000);
  }

  /** Whether gRDA's threshold follows from `strength`. */
  private get byStrength(): boolean {
    const {c, recipe} = this.calibration;
    return this.alphaOptimizer === 'grda' && c === undefined && recipe !== 'paper';
  }

  /** Works out the plan from what `fit` announces; returns its batch size, null under `fitDataset`. */
  private calibrate(): number | null {
    const {epochs, steps, samples, batchSize} = this.params as {[key: string]: number | null};
    const perEpoch = steps ?? (samples == null ? null : Math.ceil(samples / batchSize!));
    this.totalSteps = perEpoch === null ? null : perEpoch * epochs!;
    if (this.alphaOptimizer === 'grda') {
      this.plan = calibrate({
        ...this.calibration,
        steps: this.totalSteps,
        alphaInit: this.gates[0].layer.alphaInit,
        hiddenLayers: hasHiddenLayers(this.searched!),
      });
    }
    return batchSize;
  }

  private freshAlphaOptimizer(): tf.Optimizer {
    return this.plan === null ? tf.train.adam(this.calibration.learningRate ?? 1e-3) : grda(this.plan);
  }

  private takeHeldOut(optimizer: Partitioned, heldOut: HeldOut, batchSize: number): void {
    const variables = this.alphas();
    const gradients = (this.heldOutGradients = new HeldOutGradients(this.searched!, heldOut, batchSize));
    gradients.seek(optimizer.iterations);
    optimizer.setGradientSource(GATES_GROUP, () => gradients.next(variables));
  }

  /** The optimizer of a search that was saved in its middle. */
  private resumed(optimizer: tf.Optimizer, epoch: number): Partitioned {
    const saved = isSearchOptimizer(optimizer) ? optimizer.optimizerOf(GATES_GROUP) : null;
    if (saved === null || (saved.getClassName() === 'GRDA') !== (this.plan !== null)) {
      throw new AutofisError(
        `SearchStage: \`initialEpoch\` is ${epoch}, but the model does not hold a search to go on with. ` +
          'Load one that was saved during the search with {includeOptimizer: true}, or start at epoch 0.',
      );
    }
    if (this.plan !== null) checkSamePlan(saved as GRDA, this.plan);
    return optimizer as Partitioned;
  }

  /** Gives the optimizer the state that a checkpoint holds. */
  private async takeUp(optimizer: Partitioned, {config, weights}: SavedOptimizer): Promise<void> {
    const groups = config['groups'] as unknown as Array<{
      name: string;
      optimizer: {className: string; config: GrdaPlan};
    }>;
    const alpha = groups.find(({name}) => name === GATES_GROUP)?.optimizer;
    if ((alpha?.className === 'GRDA') !== (this.plan !== null)) {
      throw new AutofisError(
        `SearchStage: the checkpoint is of a search whose alpha ${alpha?.className} trained. Use the same \`alphaOptimizer\`.`,
      );
    }
    if (this.plan !== null) checkSamePlan(alpha!.config, this.plan);
    await optimizer.setWeights(weights);
    tf.dispose(weights.map(({tensor}) => tensor));
  }

  override async onBatchBegin(_batch: number, logs?: tfl.Logs): Promise<void> {
    this.log(logs);
  }

  override async onBatchEnd(_batch: number, logs?: tfl.Logs): Promise<void> {
    await this.finite(async () => {
      // First, since it is the cause of what follows.
      await this.heldOutGradients?.checkLosses(WINDOW);
      await this.losses!.add(logs);
    });
  }

  override async onEpochEnd(_epoch: number, logs?: tfl.Logs): Promise<void> {
    await this.finite(async () => {
      await this.heldOutGradients?.checkLosses();
      await this.losses!.check();
    });
    this.log(logs);
  }

  /** Lets the model have its own optimizer back where the loss is not a number. */
  private async finite(check: () => Promise<void>): Promise<void> {
    await check().catch(async (error: Error) => {
      await this.giveBack(this.optimizer!);
      throw error;
    });
  }

  private log(logs?: tfl.Logs): void {
    if (logs === undefined) return;
    logs['openGates'] = this.openGates();
    if (this.plan !== null) logs['threshold'] = this.threshold();
  }

  private alphas(): tf.Variable[] {
    return this.gates.map(({layer}) => layer.alpha!.read() as tf.Variable);
  }

  private openGates(): number {
    return this.gates.reduce((sum, gate) => sum + alphaOf(gate).filter(a => a !== 0).length, 0);
  }

  private gateCount(): number {
    return this.gates.reduce((sum, {layer}) => sum + layer.interactions.length, 0);
  }

  private threshold(): number {
    return (this.optimizer!.optimizerOf(GATES_GROUP) as GRDA).threshold;
  }

  override async onTrainEnd(): Promise<void> {
    if (this.optimizer === null || this.result !== null) return;
    await this.finite(() => this.checkAlpha());
    this.result = selectInteractions(
      this.gates.map(gate => ({
        interactions: gate.layer.interactions,
        order: gate.layer.order,
        fieldNames: gate.fieldNames,
        alpha: alphaOf(gate),
      })),
      this.select,
    );
    if (this.plan !== null) this.warnOfExtremes(this.plan);
    setRecipe(this.searched!, this.calibration.recipe ?? 'default');
    await this.giveBack(this.optimizer);
  }

  /** The last step may have spoilt alpha, whose gradients may be those of other rows than the loss. */
  private async checkAlpha(): Promise<void> {
    const gate = this.gates.find(gate => !alphaOf(gate).every(Number.isFinite));
    if (gate === undefined) return;
    throw new AutofisError(
      `SearchStage: alpha of gate ${gate.layer.name} is not a number after step ${this.optimizer!.iterations}. ` +
        `A label or a weight of ${this.heldOut === undefined ? 'that step' : '`heldOut`'} is not a number, or the search has diverged: correct the data, or use a smaller \`learningRate\`.`,
    );
  }

  /** Gives the model the optimizer that it was compiled with. */
  private async giveBack(optimizer: Partitioned): Promise<void> {
    const base = baseOptimizer(optimizer);
    if (this.own !== null) await handBack(this.searched!, this.own, base);
    this.heldOutGradients?.end();
    setOptimizer(this.searched!, this.own ?? base, this.ownedBase);
    optimizer.optimizerOf(GATES_GROUP).dispose();
  }

  private warnOfFewSteps(): void {
    // Where all interactions are kept, there is no selection to be doubted.
    if (this.totalSteps === null || (this.select.keep ?? 0) >= this.gateCount()) return;
    const active = this.totalSteps - (this.plan?.warmupSteps ?? 0);
    if (active < LEAST_STEPS) {
      this.warn(
        `the search has ${active} steps of alpha (${this.totalSteps} in all). Below ${LEAST_STEPS} the selection ` +
          'mostly follows the start values and is not to be trusted; 1,000 or more are good. Use more epochs or smaller batches.',
      );
    }
  }

  private warnOfExtremes({c, mu}: GrdaPlan): void {
    const total = this.gateCount();
    const open = this.openGates();
    const threshold = this.threshold();
    const cure = this.byStrength
      ? `\`strength\` (${this.calibration.strength ?? 1})`
      : `\`c\` (${c}) or \`mu\` (${mu})`;
    if (open === 0) {
      this.warn(
        `all ${total} gates are closed; the threshold reached ${threshold.toPrecision(3)}. Search again with a smaller ${cure}.`,
      );
    } else if (open === total) {
      this.warn(
        `none of the ${total} gates closed; the threshold reached only ${threshold.toPrecision(3)}. Search again with a larger ${cure}.`,
      );
    }
  }

  private warn(message: string): void {
    this.warnings.push(message);
    console.warn(`SearchStage: ${message}`);
  }
}

/** Throws when options of gRDA are given to a search whose alpha Adam trains, or when it is not told how many to keep. */
function checkAlphaOptimizer({
  alphaOptimizer,
  keep,
  cut,
  learningRate: _,
  heldOut: __,
  ...calibration
}: SearchStageArgs): void {
  checkChoice('SearchStage', 'alphaOptimizer', alphaOptimizer, ['grda', 'adam']);
  if (alphaOptimizer !== 'adam') return;
  const own = Object.entries(calibration).find(([, value]) => value !== undefined);
  if (own !== undefined) {
    throw new AutofisError(
      `SearchStage: alphaOptimizer 'adam' has no \`${own[0]}\`, which belongs to gRDA. Received: ${own[1]}. Remove one of the two.`,
    );
  }
  if (keep === undefined && cut === undefined) {
    throw new AutofisError(
      "SearchStage: alphaOptimizer 'adam' closes no gate. Say with `keep` how many interactions of the largest |alpha| stay.",
    );
  }
}

/** Throws unless a saved search has the constants that this one has worked out. */
function checkSamePlan(saved: Pick<GrdaPlan, 'c' | 'mu' | 'warmupSteps'>, {c, mu, warmupSteps}: GrdaPlan): void {
  if (Math.abs(saved.c - c) <= 1e-12 * c && saved.mu === mu && saved.warmupSteps === warmupSteps) return;
  throw new AutofisError(
    'SearchStage: the saved search has other constants than this one: ' +
      `c ${saved.c}, mu ${saved.mu}, warmupSteps ${saved.warmupSteps} against ${c}, ${mu}, ${warmupSteps}. ` +
      'Use the same options, epochs, batch size and data.',
  );
}
