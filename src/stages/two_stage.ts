import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {checkChoice, checkInteger, checkKeys} from '../checks';
import {AutofisError} from '../errors';
import {bindHooks} from '../metrics/callbacks';
import {LossWatch} from './loss_watch';
import {findGates, Gate} from './gates';
import {handBack, standIn} from './lazy_default';
import {restartOptimizer} from './model_state';
import {disposesOptimizer, setOptimizer} from '../tfjs_internals';
import {rebuildModel} from './rebuild';
import {SearchStage} from './search';
import {claimFit} from './search_optimizer';
import {SearchStageArgs} from './search_args';
import {Selection} from './selection';

export interface TwoStageArgs {
  /** Options of the search, and how many of `fit`'s epochs it takes; by default half of them, rounded up. */
  search?: SearchStageArgs & {epochs?: number};
  retrain?: {
    /** Where the open gates' alpha starts: 'fresh' as in a new search (default), 'warm' at the searched values. */
    alpha?: 'fresh' | 'warm';
    /** Seeds the new weights. */
    seed?: number;
  };
}

/**
 * Both stages of AutoFIS in one `fit`: after the search epochs it closes the unselected gates for good, gives all other
 * weights and the optimizer a fresh start, and continues as the retrain stage. Logs `openGates`, and with method 'grda'
 * `threshold` while it searches. Afterwards `pruneModel(model, twoStage.selection)` makes the trained model small.
 *
 * Closed gates stay in the model as zeros, so a step costs as much as in the search; `retrainModel` is the faster way.
 *
 * @throws AutofisError if an argument breaks its rule or no epochs are left for retraining.
 * @example
 * const stages = new TwoStage({search: {epochs: 3}});
 * await model.fit(ids, labels, {epochs: 7, batchSize: 2000, callbacks: [stages]});
 * const slim = pruneModel(model, stages.selection);
 */
export class TwoStage extends tfl.Callback {
  private readonly search: SearchStage;
  private readonly args: TwoStageArgs;
  private searchEpochs = 0;
  private retraining = false;
  /** Watch on the losses of the retrain stage. */
  private readonly losses = new LossWatch('TwoStage: in the retrain stage the loss');
  /** The optimizer that the model was compiled with, while another may stand in for it. */
  private compiled: tf.Optimizer | null = null;

  constructor(args: TwoStageArgs = {}) {
    super();
    checkKeys('TwoStage', args, ['search', 'retrain']);
    checkKeys('TwoStage: retrain', args.retrain ?? {}, ['alpha', 'seed']);
    const {epochs, ...search} = args.search ?? {};
    if (epochs !== undefined) checkInteger('TwoStage', 'search.epochs', epochs, 1);
    if (args.retrain?.alpha !== undefined)
      checkChoice('TwoStage', 'retrain.alpha', args.retrain.alpha, ['fresh', 'warm']);
    this.args = args;
    this.search = new SearchStage(search);
    bindHooks(this);
  }

  /** The kept interactions; while it searches, those that are open so far. */
  get selection(): Selection {
    return this.search.selection;
  }

  /** Warnings of both stages. */
  get warnings(): readonly string[] {
    return this.search.warnings;
  }

  override setModel(model: unknown): void {
    super.setModel(model as never);
    this.search.setModel(model as never);
  }

  override async onTrainBegin(): Promise<void> {
    const {epochs = 0, initialEpoch = 0} = (this.params ?? {}) as {epochs?: number; initialEpoch?: number};
    this.searchEpochs = this.args.search?.epochs ?? Math.ceil(epochs / 2);
    // The search decides within its own epochs, not those of the whole fit.
    this.search.setParams({...this.params, epochs: this.searchEpochs});
    await this.search.onTrainBegin();
    claimFit('TwoStage', this.params);
    if (epochs <= this.searchEpochs) {
      throw new AutofisError(
        `TwoStage: \`epochs\` must leave epochs for the retrain stage. Received: ${epochs} epochs, ` +
          `${this.searchEpochs} of them for the search. Give fit more epochs, or TwoStage a smaller \`search.epochs\`.`,
      );
    }
    if (initialEpoch >= this.searchEpochs) {
      throw new AutofisError(
        `TwoStage: \`initialEpoch\` must be an epoch of the search, below ${this.searchEpochs}: the retrain stage ` +
          `cannot be continued. Received: ${initialEpoch}. Start at epoch 0, or use SearchStage and retrainModel, ` +
          'whose trainings can be continued.',
      );
    }
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    if (!this.retraining && epoch >= this.searchEpochs) {
      await this.search.onTrainEnd();
      await this.beginRetrain();
    }
    if (!this.retraining) await this.search.onEpochBegin(epoch);
  }

  override async onBatchBegin(batch: number, logs?: tfl.Logs): Promise<void> {
    if (!this.retraining) await this.search.onBatchBegin(batch, logs);
  }

  override async onBatchEnd(batch: number, logs?: tfl.Logs): Promise<void> {
    if (this.retraining) await this.losses.add(logs);
    else await this.search.onBatchEnd(batch, logs);
  }

  override async onEpochEnd(epoch: number, logs?: tfl.Logs): Promise<void> {
    if (!this.retraining) return this.search.onEpochEnd(epoch, logs);
    await this.losses.check();
    if (logs !== undefined) logs['openGates'] = this.selection.length;
  }

  override async onTrainEnd(): Promise<void> {
    if (!this.retraining) return this.search.onTrainEnd();
    const model = this.model as tfl.LayersModel;
    const compiled = this.compiled!;
    await handBack(model, compiled, model.optimizer);
    setOptimizer(model, compiled, disposesOptimizer(model));
  }

  private async beginRetrain(): Promise<void> {
    const model = this.model as tfl.LayersModel;
    const gates = findGates('TwoStage', model);
    const fresh = rebuildModel('TwoStage', model, {seed: this.args.retrain?.seed ?? null});
    model.setWeights(fresh.getWeights());
    fresh.dispose();
    gates.forEach((gate, g) => this.closeGates(gate, g));
    this.compiled = model.optimizer;
    restartOptimizer('TwoStage', this.compiled);
    setOptimizer(model, await standIn('TwoStage', model, this.compiled), disposesOptimizer(model));
    this.retraining = true;
  }

  private closeGates({layer}: Gate, g: number): void {
    const selected = new Map(this.selection.filter(s => s.gate === g).map(s => [s.interaction.join(), s.alpha]));
    const warm = this.args.retrain?.alpha === 'warm';
    tf.tidy(() => {
      const fresh = layer.alpha!.read().dataSync();
      const alphas = layer.interactions.map((interaction, p) => {
        const alpha = selected.get(interaction.join());
        if (alpha === undefined) return 0;
        return warm ? alpha : fresh[p];
      });
      layer.alpha!.write(tf.tensor1d(alphas));
      layer.open!.write(tf.tensor1d(layer.interactions.map(i => (selected.has(i.join()) ? 1 : 0))));
    });
  }
}
