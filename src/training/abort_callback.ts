import * as tfl from '@tensorflow/tfjs-layers';
import {bindHooks} from '../metrics/callbacks';
import {PeriodicYield} from './event_loop';

/** Ends a training by throwing the signal's reason: before it begins, or after the batch in which the signal came. */
export class AbortCallback extends tfl.Callback {
  /** Others may give the signal. */
  private readonly pause = new PeriodicYield();

  constructor(private readonly signal: AbortSignal) {
    super();
    bindHooks(this);
  }

  override async onTrainBegin(): Promise<void> {
    this.signal.throwIfAborted();
  }

  override async onBatchEnd(): Promise<void> {
    await this.pause.afterPause();
    this.signal.throwIfAborted();
  }
}
