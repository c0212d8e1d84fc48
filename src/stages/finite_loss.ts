import * as tfl from '@tensorflow/tfjs-layers';
import {AutofisError} from '../errors';
import type {Gate} from './gates';
import {alphaOf} from './gate_alpha';
import {LossWatch} from './loss_watch';

/** {@link LossWatch} as a callback, for trainings without a stage of their own. */
export class FiniteLoss extends tfl.Callback {
  private readonly watch: LossWatch;

  /** @param step Steps before the first of this `fit`, in a training that continues. */
  constructor(where: string, step = 0) {
    super();
    this.watch = new LossWatch(`${where}: the loss`, step);
  }

  override async onBatchEnd(_batch: number, logs?: tfl.Logs): Promise<void> {
    await this.watch.add(logs);
  }

  override async onEpochEnd(): Promise<void> {
    await this.watch.check();
  }
}

/** Check that the last step has not spoilt alpha, whose gradients may be those of other rows than the loss. */
export function checkAlpha(gates: readonly Gate[], step: number, onHeldOut: boolean): void {
  const gate = gates.find(each => !alphaOf(each).every(Number.isFinite));
  if (gate === undefined) return;
  throw new AutofisError(
    `SearchStage: alpha of gate ${gate.layer.name} is not a number after step ${step}. ` +
      `A label or a weight of ${onHeldOut ? '`heldOut`' : 'that step'} is not a number, or the search has diverged: ` +
      'correct the data, or use a smaller `learningRate`.',
  );
}
