import {columnCount, type FieldSpec} from '../../layers/field_layout';
import {linearLogits} from '../components/linear/ridge_path';
import type {Ridge} from '../components/linear/ridge_penalty';
import {RidgeRegression} from '../components/linear/ridge_regression';
import {LEVELS, coarseField} from '../components/tables/coarse_field';
import {AutofisError} from '../errors';
import type {Interaction} from '../interactions';
import {sigmoid} from '../logistic';
import {baseRate, rowCounts} from '../metrics/row_weights';
import type {IdRows} from './id_rows';
import {countGroups, interactionAuc} from './interaction_auc';
import type {InteractionRecord, ValueExample} from './run_record';
import {strongestValues, ValueNames} from './value_examples';

/** Inputs for scoring interactions alone. */
interface ScoringArgs {
  fields: readonly FieldSpec[];
  train: IdRows;
  test: IdRows;
  valueNames?: ReadonlyArray<ValueNames | undefined>;
  /** The most interactions that are scored. */
  scored?: number;
  /** Penalties of the logistic regression that expected rates come from. */
  ridge: Ridge;
}

/** Score the strongest interactions alone, and find the values in which the kept ones show most. */
export function scoredAlone(
  where: string,
  interactions: readonly InteractionRecord[],
  {fields, train, test, valueNames, scored = 1000, ridge}: ScoringArgs,
): InteractionRecord[] {
  const names = fields.map(({name}) => name);
  const unknown = interactions.flatMap(interaction => interaction.fields).find(name => !names.includes(name));
  if (unknown !== undefined) {
    throw new AutofisError(
      `${where}: \`fields\` must be those of the selection. It has a field ` +
        `${JSON.stringify(unknown)}, which is not among ${names.join(', ')}.`,
    );
  }
  const bothClasses = [train, test].every(rows => baseRate(rows) > 0 && baseRate(rows) < 1);
  const strongest = new Set(
    [...interactions]
      .sort((a, b) => Number(b.kept) - Number(a.kept) || b.evidence.gain - a.evidence.gain)
      .slice(0, bothClasses ? scored : 0),
  );
  const examplesOf = [...strongest].some(record => record.kept)
    ? exampleFinder({fields, train, names: valueNames}, predictions(where, fields, {train, ridge}))
    : () => [];
  return interactions.map(record => {
    if (!strongest.has(record)) return record;
    const interaction = record.fields.map(name => names.indexOf(name));
    const counts = countGroups(fields, interaction, train);
    return {
      ...record,
      auc: interactionAuc({fields, interaction, train, test, counts}),
      examples: record.kept ? examplesOf(interaction) : record.examples,
    };
  });
}

/** Predictions of logistic regression for the rows that it is fitted to. */
function predictions(
  where: string,
  fields: readonly FieldSpec[],
  {train: {ids, labels, weights}, ridge}: Pick<ScoringArgs, 'train' | 'ridge'>,
): Float64Array {
  const table = {
    ids: Int32Array.from(ids),
    labels,
    ...(weights === undefined ? {} : {weights: rowCounts(weights)}),
  };
  return linearLogits(table.ids, fields, RidgeRegression.of(where, table, fields).fit(ridge)).map(sigmoid);
}

/**
 * Find what combinations of values show; where the bins of numbers are too fine for that, what groups of them show.
 * Rows with such groups are made when they are first asked for.
 */
function exampleFinder(rows: NamedRows, predicted: Float64Array): (interaction: Interaction) => ValueExample[] {
  const coarse: NamedRows[] = [];
  const examplesIn = ({fields, train, names}: NamedRows, interaction: Interaction) =>
    strongestValues({interaction, train, predicted, counts: countGroups(fields, interaction, train), names});
  return interaction => {
    const examples = examplesIn(rows, interaction);
    if (examples.length > 0 || !interaction.some(f => rows.fields[f].ordered === true)) return examples;
    for (let level = LEVELS.length - 1; level >= 0; level--) {
      const coarser = examplesIn((coarse[level] ??= coarseRows(rows, level)), interaction);
      if (coarser.length > 0) return coarser;
    }
    return [];
  };
}

/** Rows with what their ids mean. */
interface NamedRows {
  fields: readonly FieldSpec[];
  train: IdRows;
  names?: ReadonlyArray<ValueNames | undefined>;
}

/**
 * Merge neighbouring bins of numbers, and return the rows with the merged ids. Level 0 has the fewest groups. Multi-hot
 * fields are unchanged.
 */
function coarseRows({fields, train, names}: NamedRows, level: number): NamedRows {
  const {labels} = train;
  const columns = columnCount(fields);
  const ids = Int32Array.from(train.ids);
  const coarse = fields.map((field, f) => {
    if (field.ordered !== true || field.width != null) return {field, names: names?.[f]};
    const column = columnCount(fields.slice(0, f));
    const {size, of} = coarseField({ids, labels}, field, column).levels[level];
    for (let k = column; k < ids.length; k += columns) ids[k] = of[ids[k]];
    return {field: {...field, size}, names: namesOf(size, of, names?.[f])};
  });
  return {fields: coarse.map(field => field.field), train: {...train, ids}, names: coarse.map(field => field.names)};
}

/** "first … last" of the ids of each group; an id without a name is called by its number. */
function namesOf(size: number, of: Int32Array, names: ValueNames | undefined): ValueNames {
  const name = (id: number) => names?.[id] ?? `#${id}`;
  return Array.from({length: size}, (_, group) => {
    const [first, last] = [of.indexOf(group), of.lastIndexOf(group)];
    return first === last ? name(first) : `${name(first)} … ${name(last)}`;
  });
}
