import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {CallbackState} from '../metrics/callbacks';
import type {Gate} from './gates';
import type {HeldOut} from './held_out';
import {HeldOutDecision, type HeldOutEvidence} from './held_out_decision';
import {rowValues, type SampledRows} from './row_sample';
import {SearchRows} from './search_rows';

/** Decisions are made at the ends of about a quarter of the later half of the epochs, at most at this number. */
const ROUNDS = 4;

/** Tell whether a decision is made at the end of an epoch, counted from 1. */
function isRound(epoch: number, epochs: number): boolean {
  return 2 * epoch >= epochs && (epochs - epoch) % Math.ceil(epochs / (2 * ROUNDS)) === 0;
}

/**
 * The closing of gates while a model trains. At the ends of some epochs of the later half held-out rows decide; what no
 * fold of them leaves open is closed for good, and the embeddings adapt. The last decision also closes what is beyond
 * the fewest that save nearly all, and may close every gate.
 */
export class GateRounds {
  /** By the last decision. */
  evidence: readonly HeldOutEvidence[] = [];
  private readonly rows: SearchRows;
  private decision: HeldOutDecision | null = null;
  private isDecided = false;
  /** Tensors of the last state. */
  private snapshot: tf.Tensor[] = [];

  constructor(
    private readonly model: tfl.LayersModel,
    private readonly gates: readonly Gate[],
    private readonly heldOut: HeldOut | undefined,
  ) {
    this.rows = new SearchRows(model, heldOut === undefined);
  }

  /** Decide at the end of an epoch, counted from 1, where it is time to. */
  endEpoch(epoch: number, epochs: number): void {
    this.rows.endPass();
    if (isRound(epoch, epochs)) this.decide(epoch === epochs);
  }

  /** Make the last decision where the training has ended before it. */
  finish(): void {
    this.rows.endPass();
    if (!this.isDecided) this.decide(true);
  }

  /** The rows seen so far, for a training that continues. */
  state(): CallbackState {
    tf.dispose(this.snapshot);
    const state = this.rows.state();
    this.snapshot = state.tensors;
    return state;
  }

  /** Continue from a state; disposes its tensors. */
  restore(state: CallbackState): void {
    this.rows.restore(state);
  }

  /** Leave the model as it was, closed gates apart. */
  end(): void {
    tf.dispose(this.snapshot);
    this.rows.end();
  }

  /** Return a warning about the search that the selection does not show; null if there is none. */
  warning(): string | null {
    const {decision} = this;
    if (decision === null || decision.questions === 0) {
      const rows = decision?.rows ?? 0;
      return (
        `no gate was closed: ${rows} held-out rows do not decide, which takes at least 10 of either label for an ` +
        "output that reads a gate. Train on more rows, or give {method: {type: 'heldOut', rows}}."
      );
    }
    if (this.evidence.every(({open}) => !open)) {
      return (
        `all ${this.evidence.length} gates are closed: on ${decision.rows} held-out rows no interaction adds to what ` +
        'single fields say. Either none matters, or the embeddings have learnt too little: try more epochs, or ' +
        'smaller batches.'
      );
    }
    if (decision.knowsFields) return null;
    return (
      'the inputs are not columns of ids or numbers, so interactions were compared with the model without its gates: ' +
      'one that only carries effects of single fields can stay open. Give the ids to the model as an input ' +
      '[rows, fields].'
    );
  }

  private decide(isLast: boolean): void {
    this.isDecided = isLast;
    const decision = (this.decision ??= this.newDecision());
    if (decision === null || decision.questions === 0) return;
    const evidence = decision.decide();
    this.evidence = evidence;
    this.gates.forEach(({layer}, g) => {
      const groups = evidence.filter(({gate}) => gate === g);
      // Before the end, none that adds anything means that the embeddings have not learnt yet.
      if (!isLast && !groups.some(({open}) => open)) return;
      const stays = groups.map(({open, stability}) => (open || (!isLast && stability.kept > 0) ? 1 : 0));
      tf.tidy(() => void layer.open!.write(tf.mul(layer.open!.read(), tf.tensor1d(stays))));
    });
  }

  private newDecision(): HeldOutDecision | null {
    const {train, held} = this.rows.seen();
    const rows = this.heldOut === undefined ? held : sampleOf(this.heldOut);
    return rows === null ? null : new HeldOutDecision(this.model, this.gates, {train, held: rows});
  }
}

/** Rows that the caller holds out. */
function sampleOf({xs, ys, weights}: HeldOut): SampledRows {
  const rows = [xs].flat()[0].shape[0];
  return {
    inputs: [xs].flat().map(x => rowValues(x, rows)),
    labels: [ys].flat().map(y => rowValues(y, rows)),
    weights: (weights?.dataSync() as Float32Array | undefined) ?? new Float32Array(rows).fill(1),
  };
}
