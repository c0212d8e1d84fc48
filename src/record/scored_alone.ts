import type {FieldSpec} from '../../layers/field_layout';
import {AutofisError} from '../errors';
import {baseRate} from '../metrics/row_weights';
import {countGroups, GroupCounts, interactionAuc} from './interaction_auc';
import type {Interaction} from '../interactions';
import {LEVELS} from '../components/tables/coarse_field';
import {coarseRows, type NamedRows} from './coarse_rows';
import type {InteractionRecord, ValueExample} from './run_record';
import {strongestValues, ValueNames} from './value_examples';
import type {IdRows} from './id_rows';

/** What interactions are scored with. */
export interface ScoringArgs {
  fields: readonly FieldSpec[];
  train: IdRows;
  test: IdRows;
  valueNames?: ReadonlyArray<ValueNames | undefined>;
  /** The most interactions that are scored. */
  scored?: number;
}

/** Score the strongest interactions alone, and find the values in which the kept ones show most. */
export function scoredAlone(
  where: string,
  interactions: readonly InteractionRecord[],
  {fields, train, test, valueNames, scored = 1000}: ScoringArgs,
): InteractionRecord[] {
  const names = fields.map(({name}) => name);
  const unknown = interactions.flatMap(interaction => interaction.fields).find(name => !names.includes(name));
  if (unknown !== undefined) {
    throw new AutofisError(
      `${where}: \`fields\` must be those of the searched model. Its gate has a field ` +
        `${JSON.stringify(unknown)}, which is not among ${names.join(', ')}.`,
    );
  }
  const singles = new Map<number, GroupCounts>();
  const single = (f: number) => {
    if (!singles.has(f)) singles.set(f, countGroups(fields, [f], train));
    return singles.get(f)!;
  };
  const coarse = new Map<number, NamedRows>();
  /** Each level is a copy of the rows, made when it is first asked for. */
  const coarser = (level: number) => {
    if (!coarse.has(level)) coarse.set(level, coarseRows({fields, train, names: valueNames}, level));
    return coarse.get(level)!;
  };
  const bothClasses = [train, test].every(rows => baseRate(rows) > 0 && baseRate(rows) < 1);
  const strongest = new Set(
    [...interactions]
      .sort((a, b) => Number(b.kept) - Number(a.kept) || Math.abs(b.alpha) - Math.abs(a.alpha))
      .slice(0, bothClasses ? scored : 0),
  );
  return interactions.map(record => {
    if (!strongest.has(record)) return record;
    const interaction = record.fields.map(name => names.indexOf(name));
    const counts = countGroups(fields, interaction, train);
    return {
      ...record,
      auc: interactionAuc({fields, interaction, train, test, counts}),
      examples: record.kept
        ? firstShown(
            interaction,
            strongestValues({fields, interaction, train, counts, single, names: valueNames}),
            interaction.some(f => fields[f].ordered === true) ? coarser : null,
          )
        : record.examples,
    };
  });
}

/**
 * What combinations of values show; where the bins of numbers are too fine for that, what groups of them show.
 *
 * @param coarser The rows with such groups, on a level; null where none of the fields is a number.
 */
function firstShown(
  interaction: Interaction,
  own: ValueExample[],
  coarser: ((level: number) => NamedRows) | null,
): ValueExample[] {
  if (own.length > 0 || coarser === null) return own;
  for (let level = LEVELS.length - 1; level >= 0; level--) {
    const rows = coarser(level);
    const counts = countGroups(rows.fields, interaction, rows.train);
    const found = strongestValues({...rows, interaction, counts});
    if (found.length > 0) return found;
  }
  return [];
}
