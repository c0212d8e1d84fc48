/** Ratings of films in the order of their times, each with the films that its user liked before. */
import type * as tf from '@tensorflow/tfjs-core';
import type {FieldSpec} from 'tfjs-autofis';
import {ratingsQuery, readTable, type Settings, spansOf, tensorOf} from './table';

const NAMES = ['user_id', 'movie_id', 'gender', 'age', 'occupation', 'zip3', 'year'];
/** Films of a history. */
export const HISTORY = 20;
/** Where the parts begin: rows that train, that gates learn from, that choose the epoch, and test rows. */
const PARTS = [0, 0.7, 0.75, 0.8, 1];

/** For each row the last films that its user liked in the rows before, -1 where there are fewer: by columns. */
export function likedBefore(
  users: ArrayLike<number>,
  films: ArrayLike<number>,
  liked: ArrayLike<number>,
): Int32Array[] {
  const columns = Array.from({length: HISTORY}, () => new Int32Array(users.length).fill(-1));
  const known = new Map<number, number[]>();
  for (let row = 0; row < users.length; row++) {
    const earlier = known.get(users[row]) ?? [];
    earlier.forEach((film, i) => (columns[i][row] = film));
    if (liked[row] === 1) known.set(users[row], [...earlier, films[row]].slice(-HISTORY));
  }
  return columns;
}

type Part = {xs: tf.Tensor; ys: tf.Tensor};
export type Parts = Record<'train' | 'gates' | 'validation' | 'test', Part>;

/** Ratings with each user's history; of columns with other names user_id and movie_id come first, too. */
export async function readRatings(settings: Settings, names = NAMES): Promise<{fields: FieldSpec[]; parts: Parts}> {
  const table = await readTable(ratingsQuery(settings), Object.fromEntries(names.map(name => [name, name])), {
    liked: 'label',
  });
  const {liked} = table.numbers;
  const columns = [...Object.values(table.ids), ...likedBefore(table.ids['user_id'], table.ids['movie_id'], liked)];
  const [train, gates, validation, test] = spansOf(table.rows, PARTS).map(rows => ({
    xs: tensorOf(columns, rows, 'int32'),
    ys: tensorOf([liked], rows, 'float32'),
  }));
  const history = {name: 'history', size: table.fields[1].size, width: HISTORY};
  return {fields: [...table.fields, history], parts: {train, gates, validation, test}};
}
