import * as tfl from '@tensorflow/tfjs-layers';
import {bindHooks} from '../metrics/callbacks';
import {turnOfOthers} from './turn_of_others';

/** Milliseconds after which others get a turn, who may give the signal. */
const PAUSE = 100;

/** Ends a training by throwing the signal's reason: before it begins, or after the batch in which the signal came. */
export class AbortCallback extends tfl.Callback {
  private rested = performance.now();

  constructor(private readonly signal: AbortSignal) {
    super();
    bindHooks(this);
  }

  override async onTrainBegin(): Promise<void> {
    this.signal.throwIfAborted();
  }

  override async onBatchEnd(): Promise<void> {
    if (performance.now() - this.rested > PAUSE) {
      await turnOfOthers();
      this.rested = performance.now();
    }
    this.signal.throwIfAborted();
  }
}
