import path from 'node:path';
import {readCsv} from '../sql/read_csv';
import {categoricalFields, type Preset} from './preset';

export interface MovieLensOptions {
  /** The folder ml-1m of GroupLens, with ratings.dat, users.dat and movies.dat. */
  folder?: string;
  /** Or one CSV of them, joined: fold, label, user_id, movie_id, gender, age, occupation, zip3, year, genres. */
  files?: string;
}

const FIELDS = ['user_id', 'movie_id', 'gender', 'age', 'occupation', 'zip3', 'year'];

/**
 * MovieLens 1M as a task of clicks: label 1 for 4 or 5 stars, and the fields user, movie, gender, age group,
 * occupation, the first three digits of the zip code, the year in the title, and up to six genres as a multi-hot field.
 * One of five folds is test; in the folder's own files the fold is that of the rating's number, modulo five. The source
 * also has the column `time` of the folder's ratings, which no field reads.
 * @example
 * await prepare({...movieLens1m({folder: 'ml-1m'}), folder: 'shards'});
 */
export function movieLens1m({folder, files}: MovieLensOptions): Preset {
  const dat = (name: string, columns: string[]) =>
    readCsv(path.join(folder ?? '.', name), columns, {delim: '::', encoding: 'latin-1'});
  return {
    source: files ?? {
      sql: `
      SELECT (row - 1) % 5 + 1 AS fold, (rating IN ('4', '5'))::INTEGER AS label, user_id, movie_id, gender, age,
      occupation, zip[1:3] AS zip3,
        regexp_extract(title, '\\((\\d{4})\\)\\s*$', 1) AS year, genres, time
      FROM (SELECT row_number() OVER () AS row, * FROM ${dat('ratings.dat', ['user_id', 'movie_id', 'rating', 'time'])})
        LEFT JOIN ${dat('users.dat', ['user_id', 'gender', 'age', 'occupation', 'zip'])} USING (user_id)
        LEFT JOIN ${dat('movies.dat', ['movie_id', 'title', 'genres'])} USING (movie_id)
      ORDER BY row`,
    },
    schema: {
      version: 1,
      label: {column: 'label'},
      fields: [
        ...categoricalFields(FIELDS),
        {type: 'multiValued', name: 'genres', column: 'genres', separator: '|', width: 6},
      ],
    },
    split: {by: 'column', column: 'fold', train: ['1', '2', '3', '4'], test: ['5']},
  };
}
