import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {FieldSpec} from '../../../layers/field_layout';
import {checkInteger, checkKeys, checkThat} from '../../checks';
import {AutofisError} from '../../errors';
import type {FieldCounts} from '../../schema/row_encoder';
import {checkFitted, FittedSchema, schemaHash} from '../../schema/vocabulary';
import {checksumModule} from '../../wasm/checksum';
import type {ShardLayout} from './arrow_file';
import {BLOCK_ROWS, BlockOrder, WINDOW_BLOCKS} from './block_order';
import {CHECKSUM_ROWS} from './checksums';
import {ShardDataset} from './dataset';
import {Manifest, SCHEMA} from './manifest';
import {prefetch, ReadFile, ShardBatch, WindowRequest} from './prefetch';

/** Bytes that WebAssembly can address. Its memory holds a window, and a block whose checksum is compared. */
const MEMORY = 2 ** 32;

export interface BatchOptions {
  /** Rows of a batch, >= 1; the last one of an epoch may have fewer. */
  batchSize: number;
  /** An integer that decides on the order of the rows, a new one each epoch. Without it rows keep their order. */
  seed?: number;
  /** Step to start at, counted over all epochs from 0; the batches before it are not read. Default 0. */
  fromStep?: number;
  /**
   * Neighbouring rows that are read together and put into a random place; default 2,048. 64 such blocks are mixed at a
   * time.
   */
  blockRows?: number;
}

export interface StreamOptions extends BatchOptions {
  /** Passes over the rows; default 1. */
  epochs?: number;
}

/**
 * One part of a shard folder, as `openShards` gives it.
 *
 * @throws AutofisError from its methods if an option breaks its rule or a file is damaged.
 */
export class Shards {
  /** The fields, in the order of their columns: what `FieldEmbedding` takes. */
  readonly fields: FieldSpec[];
  /** W, the ids of a row. */
  readonly columns: number;
  readonly rows: number;
  /** Rows with label 1. */
  readonly positives: number;
  /** True if batches have weights. */
  readonly weights: boolean;
  /** True if batches have the groups that rows were split by. */
  readonly groups: boolean;
  /** Hash of the fitted schema that made the ids, or null. */
  readonly schemaHash: string | null;
  /** Missing and unseen values of each field, where the engine that wrote the shards counted them. */
  readonly counts: readonly FieldCounts[] | undefined;
  private readonly files: ReadFile[];
  /** One for all streams: engines make it faster as it is used. */
  private readonly module = checksumModule();

  /** @internal */
  constructor(
    private readonly folder: string,
    part: string,
    manifest: Manifest,
    layouts: readonly ShardLayout[],
  ) {
    const {rows, positives, files, fields} = manifest.parts[part];
    this.fields = manifest.fields;
    this.columns = manifest.columns;
    this.rows = rows;
    this.positives = positives;
    this.weights = manifest.weights;
    this.groups = manifest.groups ?? false;
    this.schemaHash = manifest.schemaHash;
    this.counts = fields;
    this.files = files.map(({name, checksums}, i) => ({name: path.join(folder, name), checksums, ...layouts[i]}));
  }

  /**
   * The fitted schema that made the ids, to be saved in a bundle with the model; null where another engine made them
   * without one.
   * @throws AutofisError if the folder's schema.json is not the one that made the ids.
   */
  async fitted(): Promise<FittedSchema | null> {
    if (this.schemaHash === null) return null;
    const file = path.join(this.folder, SCHEMA);
    const refuse = (what: string) => new AutofisError(`Shards.fitted: ${file} ${what}. Encode the data again.`);
    const text = await readFile(file, 'utf8').catch((error: Error) => {
      throw refuse(`cannot be read: ${error.message}`);
    });
    let fitted: FittedSchema;
    try {
      fitted = checkFitted(JSON.parse(text));
    } catch (error) {
      throw refuse(`is damaged: ${(error as Error).message}`);
    }
    const hash = schemaHash(fitted);
    if (hash !== this.schemaHash) throw refuse(`has the hash ${hash}, but the ids were made with ${this.schemaHash}`);
    return fitted;
  }

  /** Steps of an epoch: ceil(rows / batchSize). */
  stepsPerEpoch(batchSize: number): number {
    checkInteger('Shards', 'batchSize', batchSize, 1);
    return Math.ceil(this.rows / batchSize);
  }

  /**
   * Plain batches, read ahead by a thread of their own. Every row comes once per epoch. From `fromStep` on they are the
   * batches that a stream from the start gives at these steps, so that a training can continue where it stopped.
   *
   * Memory: a few times the ids of 64 `blockRows` rows, however many rows there are.
   *
   * @example
   * for await (const {ids, labels, rows} of train.batches({batchSize: 2000, seed: 1, epochs: 3, fromStep})) {
   *   console.log(ids, labels, rows);
   * }
   */
  batches(options: StreamOptions): AsyncGenerator<ShardBatch, void, void> {
    const where = 'Shards.batches';
    checkKeys(where, options, ['batchSize', 'seed', 'epochs', 'fromStep', 'blockRows']);
    const {epochs = 1} = options;
    checkInteger(where, 'epochs', epochs, 1);
    const order = this.order(where, options);
    return this.stream(order, options, epochs);
  }

  /**
   * The batches in the form that `model.fitDataset` and `model.evaluateDataset` read: {xs: ids [B, W], ys: labels [B,
   * 1]}. Each pass over it is the next epoch. Its `size` tells SearchStage the number of steps, so `batchesPerEpoch` is
   * not needed. To continue a training, give `fromStep`, and `initialEpoch` to fitDataset.
   *
   * Where the shards have weights, fitDataset trains by them, as `weightedBatches` says; to evaluate, use EpochMetrics.
   */
  dataset(options: BatchOptions): ShardDataset {
    const where = 'Shards.dataset';
    checkKeys(where, options, ['batchSize', 'seed', 'fromStep', 'blockRows']);
    const order = this.order(where, options);
    const size = this.stepsPerEpoch(options.batchSize);
    return new ShardDataset(size, options.fromStep ?? 0, (epoch, fromStep) =>
      this.stream(order, {...options, fromStep}, epoch + 1),
    );
  }

  private order(where: string, {batchSize, seed, fromStep = 0, blockRows}: BatchOptions): BlockOrder {
    checkInteger(where, 'batchSize', batchSize, 1);
    checkInteger(where, 'fromStep', fromStep, 0);
    checkThat(seed === undefined || Number.isInteger(seed), where, 'seed', 'be an integer', seed);
    const rows = this.files.map(file => file.rows);
    const order = new BlockOrder(rows, seed, blockRows);
    const most = Math.floor((MEMORY / (4 * this.columns + (this.groups ? 12 : 8)) - CHECKSUM_ROWS - 1) / WINDOW_BLOCKS);
    const rule = `be at most ${most}: ${WINDOW_BLOCKS} blocks of rows with ${this.columns} ids must fit into 4 GiB`;
    checkThat(order.windowRows <= most * WINDOW_BLOCKS, where, 'blockRows', rule, blockRows ?? BLOCK_ROWS);
    return order;
  }

  private stream(
    order: BlockOrder,
    {batchSize, fromStep = 0}: BatchOptions,
    epochs: number,
  ): AsyncGenerator<ShardBatch, void, void> {
    const {columns, weights, groups, fields, files, module} = this;
    const {windowRows} = order;
    return prefetch(this.requests(order, batchSize, fromStep, epochs), {
      columns,
      batchSize,
      weights,
      groups,
      fields,
      files,
      module,
      windowRows,
    });
  }

  /** The windows from a step on to the end of the last epoch. */
  private *requests(order: BlockOrder, batchSize: number, fromStep: number, epochs: number): Generator<WindowRequest> {
    const steps = this.stepsPerEpoch(batchSize);
    const first = Math.floor(fromStep / steps);
    for (let epoch = first; epoch < epochs; epoch++) {
      let left = this.rows - (epoch === first ? (fromStep % steps) * batchSize : 0);
      for (const {blocks, order: windowOrder} of order.epoch(epoch, this.rows - left)) {
        left -= windowOrder.length;
        yield {blocks, order: windowOrder, last: left === 0};
      }
    }
  }
}
