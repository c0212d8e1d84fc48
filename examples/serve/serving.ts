import {Batcher} from './batcher';
import type {Engine} from './engine';
import {type FieldSamples, Metrics} from './metrics';
import {AutofisError} from 'tfjs-autofis';
import type {Explanation, Row} from 'tfjs-autofis/bundle';
import {type BodyEncoder, bodyEncoder, RequestError} from './requests';
import type {Limits} from './settings';

/** A model that answers, with all that belongs to it alone. */
interface Model {
  engine: Engine;
  encode: BodyEncoder;
  batcher: Batcher;
  fields: FieldSamples;
  /** Explanations under way. */
  explaining: Set<Promise<unknown>>;
}

/** Probabilities of one request, and the hash of the bundle that gave them. */
export interface Answer {
  probabilities: Float32Array;
  explanations?: Explanation[];
  bundle: string;
}

/** Answers requests with one model, which another one can replace at any time. */
export class Serving {
  readonly metrics = new Metrics(() => this.waitingRows);
  private model: Model;
  /** Models that have been replaced, until their last answer. */
  private readonly leaving = new Map<Model, Promise<void>>();
  private isClosed = false;

  constructor(
    engine: Engine,
    private readonly limits: Limits,
  ) {
    this.model = this.modelOf(engine);
  }

  /** What computes for new requests. */
  get engine(): Engine {
    return this.model.engine;
  }

  /**
   * Probabilities for the rows of a request's body. Its rows are encoded and computed by the same bundle.
   *
   * @param most The most reasons of a row; without it rows are not explained.
   */
  async answer(body: unknown, most?: number): Promise<Answer> {
    const {engine, encode, batcher, fields} = this.model;
    const {ids, rows, counts} = encode(body);
    const {waitingRows} = this;
    if (waitingRows + rows > this.limits.maxWaiting) {
      throw new RequestError(
        503,
        'overloaded',
        `${waitingRows} rows are waiting, and no more than ${this.limits.maxWaiting} may. Try again in a second.`,
      );
    }
    this.metrics.encoded(rows, counts, fields);
    const bundle = engine.bundle.hash;
    if (most === undefined) return {probabilities: await batcher.add(ids), bundle};
    const explanations = await this.explain(this.model, ids, (body as {rows: Row[]}).rows, most);
    return {probabilities: Float32Array.from(explanations, each => each.probability), explanations, bundle};
  }

  private async explain({engine, explaining}: Model, ids: Int32Array, rows: readonly Row[], most: number) {
    const explanations = engine.explain(ids, rows, most);
    explaining.add(explanations);
    try {
      return await explanations;
    } catch (error) {
      throw error instanceof AutofisError ? new RequestError(400, 'no_reasons', error.message) : error;
    } finally {
      explaining.delete(explanations);
    }
  }

  /**
   * Lets another engine answer from now on. The old one answers the requests that it has; then it is closed, and the
   * promise resolved.
   */
  async replace(engine: Engine): Promise<void> {
    if (this.isClosed) return engine.close();
    const old = this.model;
    this.model = this.modelOf(engine);
    const left = this.leave(old).finally(() => this.leaving.delete(old));
    this.leaving.set(old, left);
    return left;
  }

  /** Closes every engine once it has answered its requests. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.leaving.values(), this.leave(this.model)]);
  }

  private async leave({engine, batcher, explaining}: Model): Promise<void> {
    await Promise.allSettled([batcher.idle(), ...explaining]);
    await engine.close();
  }

  private get waitingRows(): number {
    return [this.model, ...this.leaving.keys()].reduce((sum, {batcher}) => sum + batcher.waitingRows, 0);
  }

  private modelOf(engine: Engine): Model {
    const {bundle, predictIds} = engine;
    const batcher = new Batcher({
      predict: predictIds,
      columns: bundle.encoder.columns,
      maxRows: this.limits.maxBatch,
      onBatch: batch => this.metrics.computed(batch),
    });
    const fields = this.metrics.fields(bundle.fitted.fields.map(({name}) => name));
    return {engine, encode: bodyEncoder(bundle, this.limits.maxRows), batcher, fields, explaining: new Set()};
  }
}
