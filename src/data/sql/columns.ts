import {AutofisError} from '../../errors';
import {renamed} from '../../closest_name';
import type {Schema} from '../../schema/schema';
import type {Split} from '../../schema/split';

/** A column of a relation, and its type if the relation has types. */
export interface RelationColumn {
  name: string;
  /** DuckDB's name of the type, or a `jsonType`. */
  type: string;
  isList?: boolean;
  /** True if its values, or the items of its lists, are objects with keys. */
  isObject?: boolean;
  /** True if it is text whose reader turned empty values into NULL. */
  fromText?: boolean;
}

/** All columns of the source that are read, each once. */
export function neededColumns(schema: Schema, split?: Split): string[] {
  const columns = [
    schema.label?.column,
    schema.weight?.column,
    ...schema.fields.map(rule => rule.column),
    split !== undefined && 'column' in split ? split.column : undefined,
  ];
  return [...new Set(columns.filter(column => column !== undefined))];
}

/** Check that every column is in the source; `cure` says what helps otherwise. */
export function checkColumns(
  where: string,
  needed: readonly string[],
  columns: readonly RelationColumn[],
  location: string,
  cure: string,
): void {
  const names = new Set(columns.map(({name}) => name));
  const missing = needed.filter(name => !names.has(name));
  if (missing.length === 0) return;
  throw new AutofisError(
    `${where}: ${location} has no column ${missing.map(name => JSON.stringify(name)).join(', ')}. ` +
      `It has ${columns
        .slice(0, 60)
        .map(({name}) => JSON.stringify(name))
        .join(', ')}${columns.length > 60 ? ', ...' : ''}.${renamed(missing, [...names], needed)} ${cure}`,
  );
}
