import {AutofisError} from '../errors';
import type {FieldCounts} from './row_encoder';
import {checkFitted, fieldSpecs, type FittedField, type FittedSchema, hasVocabulary, schemaHash} from './vocabulary';

/** Number of values that one field gained. */
export interface AddedValues {
  name: string;
  added: number;
}

export interface GrownVocabulary {
  fitted: FittedSchema;
  /** The fields with new values. */
  added: AddedValues[];
}

/**
 * Add the values of newer rows to a fitted schema. Ids 0 (missing) and 1 (unseen) and those of known values stay as
 * they are; new values get the ids after them, by falling count in the newer rows, as far as `maxSize` of their rule
 * allows. Edges of numbers stay.
 *
 * A value keeps its id for good, also when no row has it any more: an id that was given twice would bring two values to
 * one row of every table. A new search starts a new vocabulary.
 *
 * @param fresh The same schema, fitted on the newer rows: it holds the values that reach `minCount` there.
 * @throws AutofisError where `fresh` is of another schema.
 */
export function growVocabulary(fitted: FittedSchema, fresh: FittedSchema): GrownVocabulary {
  const where = 'growVocabulary';
  [fitted, fresh].forEach(checkFitted);
  const [hash, other] = [fitted, fresh].map(({schema}) => schemaHash({version: 1, schema, rows: 0, fields: []}));
  if (hash !== other) {
    throw new AutofisError(
      `${where}: \`fresh\` must be fitted with the schema of \`fitted\`, of the fields ${namesOf(fitted)}. ` +
        `Received one of the fields ${namesOf(fresh)}.`,
    );
  }
  const fields = fitted.fields.map((field, i) => grownField(fitted, field, fresh.fields[i], i));
  return {
    fitted: {...fitted, fields},
    added: fields
      .map(({name, size}, i) => ({name, added: size - fitted.fields[i].size}))
      .filter(({added}) => added > 0),
  };
}

/**
 * The schema after a training on `rows` newer rows, whose missing and unseen values are what drift is measured against
 * next.
 *
 * @param areAll Whether these rows hold all earlier ones, too.
 */
export function withTrainingRows(
  fitted: FittedSchema,
  rows: number,
  counts: readonly FieldCounts[],
  areAll = false,
): FittedSchema {
  return {
    ...fitted,
    rows: areAll ? rows : fitted.rows + rows,
    fields: fitted.fields.map((field, i) => ({
      ...field,
      training: {missing: counts[i].missing / rows, unseen: counts[i].unseen / rows},
    })),
  };
}

/** Ids of a grown schema as the schema before it gives them: new values are unseen. */
export function idsBefore(ids: Int32Array, before: FittedSchema): Int32Array {
  const grown = ids.slice();
  const specs = fieldSpecs(before);
  const columns = specs.reduce((sum, {width}) => sum + (width ?? 1), 0);
  let from = 0;
  specs.forEach(({size, width = 1}, f) => {
    const {unseenId} = before.fields[f];
    for (let at = from; unseenId !== undefined && at < grown.length; at += columns) {
      // Unseen values of a list come last and count once.
      let isSeen = true;
      for (let k = at; k < at + width; k++) {
        const isUnseen = grown[k] === unseenId || grown[k] >= size;
        if (isUnseen) grown[k] = isSeen ? unseenId : -1;
        if (isUnseen) isSeen = false;
      }
    }
    from += width;
  });
  return grown;
}

/** Count the rows with a missing value in each field, and those with an unseen one. */
export function countIds(ids: Int32Array, {schema, fields}: FittedSchema): FieldCounts[] {
  const widths = schema.fields.map(rule => (rule.type === 'multiValued' ? rule.width : 1));
  const columns = widths.reduce((sum, width) => sum + width, 0);
  let from = 0;
  return fields.map(({name, missingId, unseenId}, f) => {
    const count = {name, missing: 0, unseen: 0};
    for (let at = from; at < ids.length; at += columns) {
      if (ids[at] === missingId) count.missing++;
      else if (unseenId !== undefined && ids.subarray(at, at + widths[f]).includes(unseenId)) count.unseen++;
    }
    from += widths[f];
    return count;
  });
}

function grownField({schema}: FittedSchema, field: FittedField, fresh: FittedField, i: number): FittedField {
  const rule = schema.fields[i];
  if (!hasVocabulary(rule)) return field;
  const {maxSize = Infinity} = rule as {maxSize?: number};
  const known = new Set(field.values);
  const added = fresh.values!.filter(value => !known.has(value)).slice(0, Math.max(0, maxSize - field.size));
  return {...field, size: field.size + added.length, values: [...field.values!, ...added]};
}

const namesOf = ({fields}: FittedSchema) => fields.map(({name}) => name).join(', ');
