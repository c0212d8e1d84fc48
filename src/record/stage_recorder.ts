import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {bindHooks, CallbackState, callbackModel, ResumableCallback} from '../metrics/callbacks';
import {WINDOW} from '../stages/loss_watch';
import {findGates, Gate} from '../stages/gates';
import {alphaTensor} from '../stages/gate_alpha';
import {logged} from '../tfjs_internals';
import type {AlphaRecord, StageRecord} from './run_record';

/** Points that a curve has at most; then every second is dropped. */
const MOST_POINTS = 200;
const LEAST_POINTS = 20;
/** Values of alpha that a record holds at most, so that all triples of 39 fields still make a file of two megabytes. */
const MOST_VALUES = 200_000;

/** Alpha at a step, not read yet. */
interface Look {
  readonly step: number;
  readonly threshold: number | null;
  /** True where the curves must contain this step. */
  readonly always: boolean;
  /** Alpha of all gates, concatenated. */
  readonly alpha: tf.Tensor1D;
}

/** The state that a recorder needs to continue. */
interface RecorderState {
  record: StageRecord;
  alphaEvery: number;
  lossEvery: number;
  losses: number;
  /** Milliseconds that the training has taken. */
  elapsed: number;
}

/**
 * A callback that collects what a report shows of a training: the training loss by steps, what was logged at the end of
 * each epoch and, while a SearchStage runs, the trajectory of each alpha with the threshold, and the step at which each
 * gate closed. It changes nothing. It reads what the callbacks before it have logged, so it stands last in `callbacks`.
 * One object serves one `fit`; `record` is plain JSON.
 *
 * Curves keep at most 200 points, evenly spaced, however long the training is.
 *
 * @example
 * const recorder = new StageRecorder();
 * await model.fitDataset(batches, {epochs: 3, callbacks: [search, metrics, recorder]});
 * recorder.record.alpha?.closedAt                              // [[null, 1240, ...]]
 */
export class StageRecorder extends tfl.Callback implements ResumableCallback {
  /** Record collected so far. */
  readonly record: StageRecord = {steps: 0, seconds: 0, loss: [], epochs: [], alpha: null};
  private began = 0;
  private gates: Gate[] = [];
  private looks: Look[] = [];
  private alphaEvery = 1;
  private lossEvery = 1;
  /** The losses since the last point, summed up. */
  private lossSum: tf.Scalar | null = null;
  private losses = 0;

  constructor() {
    super();
    bindHooks(this);
  }

  override async onTrainBegin(): Promise<void> {
    callbackModel('StageRecorder', this.model);
    this.began = Date.now();
  }

  override async onBatchBegin(_batch: number, logs?: tfl.Logs): Promise<void> {
    this.look(logs, false);
  }

  override async onBatchEnd(_batch: number, logs?: tfl.Logs): Promise<void> {
    this.record.steps++;
    const loss = logs && logged(logs, 'loss');
    if (loss !== undefined) this.addLoss(loss);
  }

  override async onEpochEnd(epoch: number, logs: tfl.Logs = {}): Promise<void> {
    this.look(logs, true);
    const {record} = this;
    record.epochs.push({
      epoch: epoch + 1,
      step: record.steps,
      logs: Object.fromEntries(
        Object.keys(logs).map(name => {
          const value = logged(logs, name)!;
          return [name, typeof value === 'number' ? value : value.dataSync()[0]];
        }),
      ),
    });
    record.seconds = (Date.now() - this.began) / 1000;
  }

  override async onTrainEnd(): Promise<void> {
    this.readLooks();
    if (this.losses > 0) this.endLossWindow();
  }

  state(): CallbackState {
    this.readLooks();
    const {record, alphaEvery, lossEvery, losses} = this;
    const values: RecorderState = {record, alphaEvery, lossEvery, losses, elapsed: Date.now() - this.began};
    return {values, tensors: this.lossSum === null ? [] : [this.lossSum]};
  }

  setState({values, tensors}: CallbackState): void {
    const {record, alphaEvery, lossEvery, losses, elapsed} = values as RecorderState;
    Object.assign(this.record, record);
    Object.assign(this, {alphaEvery, lossEvery, losses});
    this.lossSum = (tensors[0] as tf.Scalar | undefined) ?? null;
    this.began = Date.now() - elapsed;
  }

  /**
   * Note alpha as it is after `record.steps` steps, if a search runs: the search logs its open gates. It is read with
   * that of other steps, since reading from a GPU waits for all work before it.
   */
  private look(logs: tfl.Logs | undefined, always: boolean): void {
    if (logs?.['openGates'] === undefined) return;
    if (this.gates.length === 0) this.gates = findGates('StageRecorder', this.model as tfl.LayersModel);
    this.record.alpha ??= emptyRecord(this.gates);
    const alpha = tf.tidy(() => tf.keep(tf.concat(this.gates.map(alphaTensor))));
    const threshold = (logs['threshold'] as number | undefined) ?? null;
    this.looks.push({step: this.record.steps, threshold, always, alpha});
    if (always || this.looks.length === WINDOW) this.readLooks();
  }

  private readLooks(): void {
    const {looks} = this;
    if (looks.length === 0) return;
    this.looks = [];
    const all = tf.stack(looks.map(({alpha}) => alpha));
    const values = all.dataSync() as Float32Array;
    tf.dispose([all, ...looks.map(({alpha}) => alpha)]);
    let start = 0;
    for (const look of looks) {
      const alpha = this.gates.map(({layer}) => values.subarray(start, (start += layer.interactions.length)));
      this.addAlpha(look, alpha);
    }
  }

  private addAlpha({step, threshold, always}: Look, alpha: readonly Float32Array[]): void {
    const {points, closedAt} = this.record.alpha!;
    alpha.forEach((values, g) =>
      values.forEach((a, p) => {
        closedAt[g][p] = a === 0 ? (closedAt[g][p] ?? step) : null;
      }),
    );
    if (points[points.length - 1]?.step === step || (!always && step % this.alphaEvery !== 0)) return;
    const count = alpha.reduce((sum, values) => sum + values.length, 0);
    const most = Math.min(MOST_POINTS, Math.max(LEAST_POINTS, Math.floor(MOST_VALUES / count)));
    if (points.length >= most) {
      this.alphaEvery *= 2;
      // The start is always kept; the end is the point that is added now.
      points.splice(0, points.length, ...points.filter(point => point.step % this.alphaEvery === 0));
    }
    points.push({step, threshold, alpha: alpha.map(values => Array.from(values, sixDigits))});
  }

  private addLoss(loss: number | tf.Scalar): void {
    const sum = tf.tidy(() => tf.keep(tf.add(loss, this.lossSum ?? 0) as tf.Scalar));
    this.lossSum?.dispose();
    this.lossSum = sum;
    if (++this.losses >= this.lossEvery) this.endLossWindow();
  }

  private endLossWindow(): void {
    const {loss, steps} = this.record;
    loss.push({step: steps, steps: this.losses, loss: this.lossSum!.dataSync()[0] / this.losses});
    this.lossSum!.dispose();
    this.lossSum = null;
    this.losses = 0;
    if (loss.length < MOST_POINTS) return;
    this.lossEvery *= 2;
    const pairs = loss.splice(0, loss.length);
    for (let i = 0; i + 1 < pairs.length; i += 2) loss.push(joined(pairs[i], pairs[i + 1]));
  }
}

function joined(a: StageRecord['loss'][number], b: StageRecord['loss'][number]): StageRecord['loss'][number] {
  const steps = a.steps + b.steps;
  return {step: b.step, steps, loss: (a.loss * a.steps + b.loss * b.steps) / steps};
}

function emptyRecord(gates: readonly Gate[]): AlphaRecord {
  return {
    gates: gates.map(({layer, fieldNames}) => ({
      order: layer.order,
      fields: [...fieldNames],
      interactions: layer.interactions.map(interaction => [...interaction]),
    })),
    points: [],
    closedAt: gates.map(({layer}) => layer.interactions.map(() => null)),
  };
}

function sixDigits(value: number): number {
  return Number(value.toPrecision(6));
}
