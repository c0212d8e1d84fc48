import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {GRDA, grda} from '../../optimizers/grda';
import {Partitioned} from '../../optimizers/partitioned';
import {AutofisError} from '../errors';
import {useClosedLoss} from '../metrics/binary_crossentropy';
import {bindHooks, callbackModel, CallbackState, ResumableCallback} from '../metrics/callbacks';
import {GateRounds} from './gate_rounds';
import {type GrdaPlan, grdaPlan} from './grda_plan';
import type {HeldOutBatches} from './held_out';
import type {HeldOutEvidence} from './held_out_decision';
import {openInteractions, Selection} from './selection';
import {LossWatch, WINDOW} from './loss_watch';
import {checkAlpha, checkTrainable, findGates, Gate, openCount} from './gates';
import {hasHiddenLayers} from './model_layers';
import {HeldOutGradients} from './held_out_gradients';
import {handBack, standIn} from './lazy_default';
import {takeSavedOptimizer} from './model_state';
import {disposesOptimizer, setOptimizer, trainedModel} from '../tfjs_internals';
import {searchMethod, type SearchMethod, type SearchStageArgs} from './search_args';
import {baseOptimizer, claimFit, GATES_GROUP, searchOptimizer} from './search_optimizer';
import {resumedOptimizer, takeUp} from './search_resume';
import {ending, fewSteps} from './search_warnings';

/**
 * The search stage (AutoFIS, eq. 14) as a callback of `fit` or `fitDataset`: while it runs, every gate's alpha is
 * trained by GRDA and all other weights by the optimizer that the model was compiled with, on the same batches. At the
 * end the model has its own optimizer back, and `selection` holds the interactions whose gates are open. For the name
 * 'adam' LazyAdam stands in, which does not walk whole embedding tables; an optimizer object stays as it is.
 *
 * By default, at the ends of some epochs of the later half, rows that are not trained on close gates for good: rows of
 * your own, or a tenth of those of `fit`, chosen by a hash of their inputs. They compare products with logistic
 * regression on the single fields. Inputs other than [rows, columns] say nothing of fields: products are then compared
 * with the model without its gates, and one that carries effects of single fields only can stay open. A label counts as
 * 0 or 1, above the median, or each class. Other values of `method` close gates by gRDA's threshold, as in the paper,
 * or take the top K of alpha.
 *
 * Logs each epoch, for `History` and callbacks after it such as `tf.node.tensorBoard`: `openGates`, the number of gates
 * with alpha != 0 (within an epoch counted every 32 steps), and with method 'grda' `threshold`, which gRDA cuts
 * |alpha| by. Warnings go to console.warn and `warnings`.
 *
 * One object serves one `fit`. To continue a search that `search.model.save(url, {includeOptimizer: true})` has saved
 * in its middle, load it and call `fit` with a new SearchStage of the same options and `initialEpoch`. In Node,
 * `Checkpoints` does both.
 *
 * @throws AutofisError where a loss or alpha is not a number, with its step.
 * @example
 * const search = new SearchStage();
 * await model.fit(ids, labels, {epochs: 3, batchSize: 2000, callbacks: [search]});
 * console.table(search.selection);
 */
export class SearchStage extends tfl.Callback implements ResumableCallback {
  /** Warnings of this search. */
  readonly warnings: string[] = [];
  private readonly method: SearchMethod;
  private searched: tfl.LayersModel | null = null;
  private gates: Gate[] = [];
  private plan: GrdaPlan | null = null;
  private optimizer: Partitioned | null = null;
  /** The optimizer that the model was compiled with; null in a saved search that continues. */
  private compiled: tf.Optimizer | null = null;
  private disposesBase = false;
  private heldOutGradients: HeldOutGradients | null = null;
  private rounds: GateRounds | null = null;
  private losses: LossWatch | null = null;
  /** A state that waits for the begin of its epoch. */
  private waiting: CallbackState | null = null;
  /** Open gates at the last count. */
  private counted = 0;
  private result: Selection | null = null;

  constructor(args: SearchStageArgs = {}) {
    super();
    this.method = searchMethod(args);
    bindHooks(this);
  }

  /**
   * The selected interactions, largest |alpha| first; while the search runs, those that are open so far.
   * @throws AutofisError before a search, and after one that failed.
   */
  get selection(): Selection {
    if (this.result !== null) return this.result;
    if (this.optimizer === null) {
      throw new AutofisError(
        'SearchStage: no search has run, or it failed, so there is no `selection`. Call model.fit(..., {callbacks: ' +
          '[search]}) with this object, and await it.',
      );
    }
    return openInteractions(this.gates, {keep: this.method.type === 'topK' ? this.method.k : undefined});
  }

  /** Evidence of the held-out rows on each interaction at the last decision; empty before it and in other searches. */
  get evidence(): readonly HeldOutEvidence[] {
    return this.rounds?.evidence ?? [];
  }

  /** Constants that GRDA got: c, mu, learningRate; null before the search, and where Adam trains alpha. */
  get constants(): GrdaPlan | null {
    return this.plan;
  }

  state(): CallbackState {
    return this.rounds?.state() ?? {values: null, tensors: []};
  }

  setState(state: CallbackState): void {
    if (state.values === null) return;
    if (this.rounds === null) this.waiting = state;
    else this.rounds.restore(state);
  }

  override async onTrainBegin(): Promise<void> {
    if (this.searched !== null)
      throw new AutofisError(
        `SearchStage: this object has already been used in a \`fit\`. Make a new SearchStage for a new search.`,
      );
    // A loop of the user's own can give a tf.Sequential, `fit` gives the model in it.
    const model = trainedModel(callbackModel('SearchStage', this.model));
    claimFit('SearchStage', this.params);
    useClosedLoss(model);
    this.gates = findGates('SearchStage', model);
    checkTrainable('SearchStage', this.gates);
    this.searched = model;
    this.disposesBase = disposesOptimizer(model);
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    if (this.optimizer !== null) return;
    const model = this.searched!;
    const {method} = this;
    this.plan = grdaPlan(method, {steps: this.announcedSteps(), hiddenLayers: hasHiddenLayers(model)});
    const saved = takeSavedOptimizer(model);
    this.compiled = epoch > 0 && saved === null ? null : baseOptimizer(model.optimizer);
    this.optimizer =
      this.compiled === null
        ? resumedOptimizer(model.optimizer, epoch, this.plan)
        : searchOptimizer(
            this.gates,
            method.type === 'topK' ? tf.train.adam(method.learningRate ?? 1e-3) : grda(this.plan!),
            await standIn('SearchStage', model, this.compiled, this.alphas()),
          );
    if (saved !== null) await takeUp(this.optimizer, saved, this.plan);
    setOptimizer(model, this.optimizer, false);
    this.losses = new LossWatch('SearchStage: the loss', this.optimizer.iterations);
    // A plain training, of which the top K stay, searches nothing.
    if (method.type !== 'topK' || method.heldOut !== undefined) this.warn(fewSteps(this.announcedSteps()));
    if (method.type === 'heldOut') {
      this.rounds = new GateRounds(model, this.gates, method.rows);
      if (this.waiting !== null) this.rounds.restore(this.waiting);
    } else if (method.type === 'topK' && method.heldOut !== undefined) this.searchOn(method.heldOut, this.optimizer);
  }

  /** Let alpha take its gradients from held-out rows. */
  private searchOn(heldOut: HeldOutBatches, optimizer: Partitioned): void {
    const {batchSize} = this.params as {batchSize: number | null};
    const gradients = new HeldOutGradients(this.searched!, heldOut, batchSize ?? 2000, optimizer.iterations);
    optimizer.setGradientSource(GATES_GROUP, () => gradients.next(this.alphas()));
    this.heldOutGradients = gradients;
  }

  /** The number of steps that `fit` announces; null where it does not. */
  private announcedSteps(): number | null {
    const {epochs, steps, samples, batchSize} = this.params as {[key: string]: number | null};
    const perEpoch = steps ?? (samples == null ? null : Math.ceil(samples / batchSize!));
    return perEpoch === null ? null : perEpoch * epochs!;
  }

  override async onBatchBegin(_batch: number, logs?: tfl.Logs): Promise<void> {
    this.log(logs, this.losses!.isChecked);
  }

  override async onBatchEnd(_batch: number, logs?: tfl.Logs): Promise<void> {
    await this.finite(async () => {
      // First, since it is the cause of what follows.
      await this.heldOutGradients?.losses.check(WINDOW);
      await this.losses!.add(logs);
    });
  }

  override async onEpochEnd(epoch: number, logs?: tfl.Logs): Promise<void> {
    await this.finite(async () => {
      await this.heldOutGradients?.losses.check();
      await this.losses!.check();
      this.rounds?.endEpoch(epoch + 1, (this.params as {epochs: number}).epochs);
    });
    this.log(logs, true);
  }

  /** Let the model have its own optimizer back where the loss is not a number. */
  private async finite(check: () => Promise<void>): Promise<void> {
    await check().catch(async (error: Error) => {
      await this.giveBack(this.optimizer!);
      this.optimizer = null;
      throw error;
    });
  }

  /** @param recount Whether to count open gates again, for which alpha is read, or to repeat their last count. */
  private log(logs: tfl.Logs | undefined, recount: boolean): void {
    if (logs === undefined) return;
    if (recount) this.counted = openCount(this.gates);
    logs['openGates'] = this.counted;
    if (this.method.type === 'grda') logs['threshold'] = this.threshold();
  }

  private alphas(): tf.Variable[] {
    return this.gates.map(({layer}) => layer.alpha!.read() as tf.Variable);
  }

  private threshold = () => (this.optimizer!.optimizerOf(GATES_GROUP) as GRDA).threshold;

  override async onTrainEnd(): Promise<void> {
    if (this.optimizer === null || this.result !== null) return;
    await this.finite(async () => {
      checkAlpha(this.gates, this.optimizer!.iterations, this.heldOutGradients !== null);
      this.rounds?.finish();
    });
    this.result = this.selection;
    if (this.rounds !== null) this.warn(this.rounds.warning());
    if (this.method.type === 'grda') {
      const [made, announced] = [this.optimizer.iterations, this.announcedSteps() ?? 0];
      const [open, total] = [this.result.length, this.gates.reduce((n, {layer}) => n + layer.interactions.length, 0)];
      this.warn(ending({open, total, made, announced, threshold: this.threshold(), plan: this.plan!}));
    }
    await this.giveBack(this.optimizer);
  }

  /** Give the model the optimizer that it was compiled with. */
  private async giveBack(optimizer: Partitioned): Promise<void> {
    const base = baseOptimizer(optimizer);
    if (this.compiled !== null) await handBack(this.searched!, this.compiled, base);
    this.heldOutGradients?.end();
    this.rounds?.end();
    setOptimizer(this.searched!, this.compiled ?? base, this.disposesBase);
    optimizer.optimizerOf(GATES_GROUP).dispose();
  }

  private warn(message: string | null): void {
    if (message === null) return;
    this.warnings.push(message);
    console.warn(`SearchStage: ${message}`);
  }
}
