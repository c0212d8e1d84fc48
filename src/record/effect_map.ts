import type {Interaction} from '../interactions';
import {type NamedRows, nameOfValue} from './named_rows';
import type {EffectMap} from './run_record';
import {ValueGroups} from './value_groups';

/** Rows and columns of a map at most. */
const [ROWS, COLUMNS] = [4, 6];

/**
 * Average an interaction's effect over the rows of combinations of values: its share in the logit, and the prediction
 * with it and without. Rows of the map are values of its first fields, columns those of its last one: those whose
 * predictions it changes most, in the order of their ids.
 */
export function effectMap(
  {fields, rows, names}: NamedRows,
  interaction: Interaction,
  {share, predicted, without}: Record<'share' | 'predicted' | 'without', ArrayLike<number>>,
): EffectMap {
  const groups = new ValueGroups(fields, interaction, rows);
  const count = groups.sums(() => 1);
  const moved = groups.sums(row => Math.abs(predicted[row] - without[row]));
  const [effect, mean, additive, observed] = [share, predicted, without, rows.labels].map(of =>
    groups.sums(row => of[row]).map((sum, g) => Number((sum / count[g]).toPrecision(6))),
  );
  const last = interaction.length - 1;
  const all = [...count.keys()]
    .filter(g => count[g] > 0)
    .map(g => {
      const values = groups.valuesOf(g);
      return {g, row: `${values.slice(0, last)}`, column: `${values[last]}`, moved: moved[g]};
    });
  const rowKeys = strongest(all, ({row}) => row, ROWS);
  const inRows = all.filter(({row}) => rowKeys.includes(row));
  const columnKeys = strongest(inRows, ({column}) => column, COLUMNS);
  return {
    interaction,
    fields: interaction.map(f => fields[f].name),
    rows: rowKeys.map(key => key.split(',').map((id, k) => nameOfValue(names[interaction[k]], Number(id)))),
    columns: columnKeys.map(id => nameOfValue(names[interaction[last]], Number(id))),
    cells: inRows
      .filter(({column}) => columnKeys.includes(column))
      .map(({g, row, column}) => ({
        row: rowKeys.indexOf(row),
        column: columnKeys.indexOf(column),
        rows: Math.round(count[g]),
        share: effect[g],
        predicted: mean[g],
        without: additive[g],
        observed: observed[g],
      })),
  };
}

/** Find the values with the largest sums, in the order of their ids. */
function strongest<Part extends {moved: number}>(parts: readonly Part[], keyOf: (part: Part) => string, most: number) {
  const sums = new Map<string, number>();
  for (const part of parts) sums.set(keyOf(part), (sums.get(keyOf(part)) ?? 0) + part.moved);
  return [...sums.keys()]
    .sort((a, b) => sums.get(b)! - sums.get(a)!)
    .slice(0, most)
    .sort((a, b) => a.localeCompare(b, 'en', {numeric: true}));
}
