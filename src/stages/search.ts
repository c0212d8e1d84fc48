import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {GRDA} from '../../optimizers/grda';
import {Partitioned} from '../../optimizers/partitioned';
import {AutofisError} from '../errors';
import {useClosedLoss} from '../metrics/binary_crossentropy';
import {bindHooks, callbackModel} from '../metrics/callbacks';
import {calibrate, CalibrationArgs, GrdaPlan} from './calibration';
import {openInteractions, Selection, SelectOptions} from './selection';
import {openCount} from './gate_alpha';
import {checkAlpha} from './finite_loss';
import {LossWatch, WINDOW} from './loss_watch';
import {checkModel, checkStart, checkTrainable, findGates, Gate} from './gates';
import {hasHiddenLayers} from './model_layers';
import {HeldOut} from './held_out';
import {HeldOutGradients} from './held_out_gradients';
import {handBack, standIn} from './lazy_default';
import {setRecipe, takeSavedOptimizer} from './model_state';
import {ownsOptimizer, setOptimizer} from '../tfjs_internals';
import {checkSearchArgs, SearchStageArgs} from './search_args';
import {alphaOptimizer, baseOptimizer, claimFit, GATES_GROUP, searchOptimizer} from './search_optimizer';
import {resumedOptimizer, takeUp} from './search_resume';
import {cureBy, ending, fewSteps} from './search_warnings';

/**
 * The search stage (AutoFIS, eq. 14) as a callback of `fit` or `fitDataset`: while it runs, every gate's alpha is
 * trained by GRDA and all other weights by the optimizer that the model was compiled with, on the same batches. At the
 * end the model has its own optimizer back, and `selection` holds the interactions whose gates are open. For the name
 * 'adam' LazyAdam stands in, which does not walk whole embedding tables; an optimizer object stays as it is.
 *
 * Logs each epoch, in `History` and in the progress bar: `openGates`, the number of gates with alpha != 0 (within an
 * epoch counted every 32 steps), and `threshold`, what gRDA cuts |alpha| by (not under Adam). Warnings (too few steps,
 * no gate closed, all closed, ended early) go to console.warn and `warnings`.
 *
 * One object serves one `fit`. To continue a saved search, load the model and call `fit` with a new SearchStage of the
 * same options and `initialEpoch`. Save it in the middle by `search.model.save(url, {includeOptimizer: true})`:
 * `search.model` is the model that trains, which a tf.Sequential wraps. In Node, `Checkpoints` does both by itself.
 *
 * @throws AutofisError where a loss or alpha is not a number, with its step.
 * @example
 * const search = new SearchStage({strength: 2});
 * await model.fit(ids, labels, {epochs: 3, batchSize: 2000, callbacks: [search]});
 * console.table(search.selection);
 */
export class SearchStage extends tfl.Callback {
  /** Warnings of this search. */
  readonly warnings: string[] = [];
  private readonly calibration: CalibrationArgs;
  private readonly heldOut: HeldOut | undefined;
  private readonly select: SelectOptions;
  private readonly alphaOptimizer: 'grda' | 'adam';
  private searched: tfl.LayersModel | null = null;
  private gates: Gate[] = [];
  private plan: GrdaPlan | null = null;
  private optimizer: Partitioned | null = null;
  /** The optimizer that the model was compiled with; null in a saved search that continues. */
  private own: tf.Optimizer | null = null;
  private ownedBase = false;
  private heldOutGradients: HeldOutGradients | null = null;
  private losses: LossWatch | null = null;
  /** Open gates when they were last counted. */
  private counted = 0;
  private totalSteps: number | null = null;
  private result: Selection | null = null;

  constructor(args: SearchStageArgs = {}) {
    super();
    checkSearchArgs(args);
    const {heldOut, cut, keep, alphaOptimizer = 'grda', ...calibration} = args;
    this.heldOut = heldOut;
    this.select = {cut, keep};
    this.alphaOptimizer = alphaOptimizer;
    this.calibration = calibration;
    bindHooks(this);
  }

  /**
   * The kept interactions, largest |alpha| first.
   * @throws AutofisError when no search has run to its end.
   */
  get selection(): Selection {
    if (this.result === null) {
      throw new AutofisError(
        this.searched === null
          ? 'SearchStage: no search has run, so there is no `selection`. Call model.fit(..., {callbacks: ' +
              '[search]}) with this object, and await it.'
          : 'SearchStage: the search has not ended, so there is no `selection`. ' +
              'Await model.fit(...), and see whether it failed.',
      );
    }
    return this.result;
  }

  /** Constants that GRDA got: c, mu, learningRate, warmupSteps; null before the search, and where Adam trains alpha. */
  get constants(): GrdaPlan | null {
    return this.plan;
  }

  override async onTrainBegin(): Promise<void> {
    if (this.searched !== null)
      throw new AutofisError(
        `SearchStage: this object has already been used in a \`fit\`. Make a new SearchStage for a new search.`,
      );
    const model = callbackModel('SearchStage', this.model);
    checkModel('SearchStage', model);
    claimFit('SearchStage', this.params);
    useClosedLoss(model);
    this.gates = findGates('SearchStage', model);
    if (this.byStrength) checkStart('SearchStage', this.gates);
    checkTrainable('SearchStage', this.gates);
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
        ? resumedOptimizer(model.optimizer, epoch, this.plan)
        : searchOptimizer(
            this.gates,
            alphaOptimizer(this.plan, this.calibration.learningRate),
            await standIn('SearchStage', model, this.own, this.alphas()),
          );
    if (saved !== null) await takeUp(this.optimizer, saved, this.plan);
    setOptimizer(model, this.optimizer, false);
    this.losses = new LossWatch('SearchStage: the loss', this.optimizer.iterations);
    this.warn(
      fewSteps({
        total: this.totalSteps,
        warmup: this.plan?.warmupSteps ?? 0,
        // Adam on training rows does not search: it is a plain training to compare with.
        selects: (this.plan ?? this.heldOut) != null && (this.select.keep ?? 0) < this.gateCount(),
      }),
    );
    if (this.heldOut !== undefined) this.takeHeldOut(this.optimizer, this.heldOut, batchSize ?? 2000);
  }

  /** Whether gRDA's threshold follows from `strength`. */
  private get byStrength(): boolean {
    const {c, recipe} = this.calibration;
    return this.alphaOptimizer === 'grda' && c === undefined && recipe !== 'paper';
  }

  /** Work out the plan from what `fit` announces; returns its batch size, null under `fitDataset`. */
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

  private takeHeldOut(optimizer: Partitioned, heldOut: HeldOut, batchSize: number): void {
    const variables = this.alphas();
    const gradients = (this.heldOutGradients = new HeldOutGradients(this.searched!, heldOut, batchSize));
    gradients.seek(optimizer.iterations);
    optimizer.setGradientSource(GATES_GROUP, () => gradients.next(variables));
  }

  override async onBatchBegin(_batch: number, logs?: tfl.Logs): Promise<void> {
    this.log(logs, this.losses!.isChecked);
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
    this.log(logs, true);
  }

  /** Let the model have its own optimizer back where the loss is not a number. */
  private async finite(check: () => Promise<void>): Promise<void> {
    await check().catch(async (error: Error) => {
      await this.giveBack(this.optimizer!);
      throw error;
    });
  }

  /** @param recount Whether to count open gates again, for which alpha is read, or to repeat their last count. */
  private log(logs: tfl.Logs | undefined, recount: boolean): void {
    if (logs === undefined) return;
    if (recount) this.counted = openCount(this.gates);
    logs['openGates'] = this.counted;
    if (this.plan !== null) logs['threshold'] = this.threshold();
  }

  private alphas(): tf.Variable[] {
    return this.gates.map(({layer}) => layer.alpha!.read() as tf.Variable);
  }

  private gateCount(): number {
    return this.gates.reduce((sum, {layer}) => sum + layer.interactions.length, 0);
  }

  private threshold(): number {
    return (this.optimizer!.optimizerOf(GATES_GROUP) as GRDA).threshold;
  }

  override async onTrainEnd(): Promise<void> {
    if (this.optimizer === null || this.result !== null) return;
    await this.finite(async () => checkAlpha(this.gates, this.optimizer!.iterations, this.heldOut !== undefined));
    this.result = openInteractions(this.gates, this.select);
    if (this.plan !== null) {
      const cure = cureBy(this.plan, this.byStrength ? this.calibration.strength : null);
      const [made, announced] = [this.optimizer.iterations, this.totalSteps ?? 0];
      const gates = {open: openCount(this.gates), total: this.gateCount()};
      this.warn(ending({...gates, made, announced, threshold: this.threshold(), cure}));
    }
    setRecipe(this.searched!, this.calibration.recipe ?? 'default');
    await this.giveBack(this.optimizer);
  }

  /** Give the model the optimizer that it was compiled with. */
  private async giveBack(optimizer: Partitioned): Promise<void> {
    const base = baseOptimizer(optimizer);
    if (this.own !== null) await handBack(this.searched!, this.own, base);
    this.heldOutGradients?.end();
    setOptimizer(this.searched!, this.own ?? base, this.ownedBase);
    optimizer.optimizerOf(GATES_GROUP).dispose();
  }

  private warn(message: string | null): void {
    if (message === null) return;
    this.warnings.push(message);
    console.warn(`SearchStage: ${message}`);
  }
}
