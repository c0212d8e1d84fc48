import {checkInteger} from '../../checks';
import {fmix32} from '../../murmur3';
import {seededRandom, shuffle} from '../../random';

/**
 * Rows a block has unless asked otherwise: 320 kB of ids at Criteo's 39 columns, more than a disk moves while it seeks.
 */
export const BLOCK_ROWS = 2048;
/** Blocks whose rows are mixed with each other. */
export const WINDOW_BLOCKS = 64;

/** Neighbouring rows of one file. */
export interface RowBlock {
  /** Index of the file. */
  file: number;
  /** First row within the file. */
  first: number;
  rows: number;
}

/** Blocks that are read together. */
export interface Window {
  blocks: RowBlock[];
  rows: number;
  /** The order in which the window's rows are given, as indices 0 .. rows - 1 into its blocks laid end to end. */
  order: Int32Array;
}

/**
 * In which order the rows of a list of files are read: each row once per epoch.
 *
 * With a seed, files are cut into blocks of `blockRows` neighbouring rows; each epoch puts the blocks into a new random
 * order, and the rows of each 64 successive blocks, a window, into a random order of their own. Only a window has to
 * fit into memory, disks read whole blocks, and rows that lie side by side in a file (which are often of one hour) are
 * far apart in the training. Data of up to 64 blocks is shuffled evenly. Without a seed rows keep their order.
 *
 * The order depends on nothing but the arguments, and any place in it is reached without reading what is before it.
 */
export class BlockOrder {
  /** Rows of an epoch. */
  readonly rows: number;
  /** Most rows of a window. */
  readonly windowRows: number;
  private readonly blocks: RowBlock[];

  constructor(
    fileRows: readonly number[],
    readonly seed: number | undefined,
    blockRows = BLOCK_ROWS,
  ) {
    checkInteger('openShards', 'blockRows', blockRows, 1);
    this.rows = fileRows.reduce((sum, rows) => sum + rows, 0);
    this.windowRows = Math.min(this.rows, blockRows * WINDOW_BLOCKS);
    this.blocks = fileRows.flatMap((rows, file) =>
      Array.from({length: Math.ceil(rows / blockRows)}, (_, b) => ({
        file,
        first: b * blockRows,
        rows: Math.min(blockRows, rows - b * blockRows),
      })),
    );
  }

  /** The windows of an epoch from the row at place `skip` (0 .. rows) on; the first one's `order` begins there. */
  *epoch(epoch: number, skip = 0): Generator<Window> {
    const order = Int32Array.from(this.blocks.keys());
    if (this.seed !== undefined) shuffle(order, randomOf(this.seed, epoch, -1));
    let before = 0;
    for (let w = 0; w * WINDOW_BLOCKS < order.length; w++) {
      const blocks = Array.from(order.subarray(w * WINDOW_BLOCKS, (w + 1) * WINDOW_BLOCKS), b => this.blocks[b]);
      const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
      if (before + rows > skip) {
        const within = Int32Array.from({length: rows}, (_, i) => i);
        if (this.seed !== undefined) shuffle(within, randomOf(this.seed, epoch, w));
        yield {blocks, rows, order: within.slice(Math.max(0, skip - before))};
      }
      before += rows;
    }
  }
}

/** Uniform numbers in [0, 1) that depend on all three numbers. */
function randomOf(seed: number, epoch: number, window: number): () => number {
  return seededRandom([seed, epoch, window].reduce((hash, part) => fmix32((hash + part) | 0), 0x9e3779b9 | 0));
}
