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
