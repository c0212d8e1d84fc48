import * as tf from '@tensorflow/tfjs-core';
import {joinRows} from '../training/join_rows';
import {type LabeledRows, rowCount, takeRows} from '../training/rows';
import {foldsOf, type HeldOutParts} from './held_out_parts';
import {inParallel} from './in_parallel';

/** The number of folds. */
export const FOLD_COUNT = 4;

/** The rows of one fold: those that models learn from, those that gates learn from, and those that are predicted. */
export interface FoldRows {
  train: LabeledRows;
  gates: LabeledRows;
  held: LabeledRows;
  /** The fold, such as "in fold 1 of 4". */
  where: string;
}

/** The same of two folds at once. */
export interface TwoFoldRows extends Pick<FoldRows, 'train' | 'where'> {
  /** The rows of the first and of the second. */
  held: [LabeledRows, LabeledRows];
}

/**
 * The training rows in folds, each to be predicted by models of the others. Models learn from V2, too, which has chosen
 * already: the more interactions a model has, the more it loses with the rows of a fold.
 */
export class Folds {
  /** Of each fold its rows, by position. */
  private readonly places: Int32Array[];

  constructor(
    private readonly rows: LabeledRows,
    private readonly parts: HeldOutParts,
    seed: number,
  ) {
    const folds = foldsOf(rows, FOLD_COUNT, seed);
    this.places = Array.from({length: FOLD_COUNT}, (_, k) =>
      Int32Array.from(folds.keys()).filter(row => folds[row] === k),
    );
  }

  /** What `work` gives for each fold; its rows are freed afterwards. */
  each<T>(parallel: number, work: (rows: FoldRows, fold: number) => Promise<T>): Promise<T[]> {
    return inParallel(
      parallel,
      this.places.map((_, fold) => () => {
        const where = `in fold ${fold + 1} of ${FOLD_COUNT}`;
        return this.without([fold], (train, [held]) => work({train, gates: this.parts.gates, held, where}, fold));
      }),
    );
  }

  /** The same for each two folds, the first before the second. */
  eachTwo<T>(parallel: number, work: (rows: TwoFoldRows, folds: [number, number]) => Promise<T>): Promise<T[]> {
    const pairs = this.places.flatMap((_, b) => Array.from({length: b}, (_, a): [number, number] => [a, b]));
    return inParallel(
      parallel,
      pairs.map(([a, b]) => () => {
        const where = `without folds ${a + 1} and ${b + 1} of ${FOLD_COUNT}`;
        return this.without([a, b], (train, [first, second]) => work({train, held: [first, second], where}, [a, b]));
      }),
    );
  }

  /** Values of the rows of each fold, in the order of the rows. */
  inOrder(each: ReadonlyArray<ArrayLike<number>>): Float64Array {
    const all = new Float64Array(rowCount(this.rows));
    this.places.forEach((own, fold) => own.forEach((row, i) => (all[row] = each[fold][i])));
    return all;
  }

  /** Runs `work` with all rows but those of some folds, joined by V2, and with the rows of these folds. */
  private async without<T>(
    folds: readonly number[],
    work: (train: LabeledRows, held: LabeledRows[]) => Promise<T>,
  ): Promise<T> {
    const isHeld = new Uint8Array(rowCount(this.rows));
    for (const fold of folds) this.places[fold].forEach(row => (isHeld[row] = 1));
    const others = takeRows(
      this.rows,
      Int32Array.from(isHeld.keys()).filter(row => isHeld[row] === 0),
    );
    const held = folds.map(fold => takeRows(this.rows, this.places[fold]));
    const train = joinRows(others, this.parts.choice);
    try {
      return await work(train.rows as LabeledRows, held);
    } finally {
      train.dispose();
      tf.dispose([others, ...held] as never);
    }
  }
}
