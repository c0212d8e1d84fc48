import {show} from '../../errors';
import type {ColumnFacts} from './column_facts';
import {sqlName} from './sql_name';

/** Why a column of objects, or of lists of them, is left out, and the query that makes columns of what it holds. */
export function objectsText(name: string, areInLists: boolean): string {
  const column = sqlName(name);
  return areInLists
    ? 'its values are lists of objects; a query makes lists of the values of one key: ' +
        `SELECT * REPLACE ([x.KEY FOR x IN ${column}] AS ${column}) FROM 'FILE'`
    : 'its values are objects; a query makes columns of their keys: ' +
        `SELECT * EXCLUDE (${column}), unnest(${column}, recursive := true) FROM 'FILE'`;
}

/** Why a column is a category of texts; where some are alike, also which, and the query that makes them one. */
export function wordsText({name, examples}: ColumnFacts): string {
  const plain = examples.map(value => value.replace(/^ +| +$/g, '').toLowerCase());
  const second = plain.findIndex((value, i) => plain.indexOf(value) < i);
  if (second < 0) return 'it is text';
  const pair = [plain.indexOf(plain[second]), second].map(i => show(examples[i])).join(' and ');
  const column = sqlName(name);
  return (
    `it is text; ${pair} differ only in case or in spaces around them; a query makes them one: ` +
    `SELECT * REPLACE (lower(trim(${column})) AS ${column}) FROM 'FILE'`
  );
}
