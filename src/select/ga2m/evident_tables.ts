import type {LabeledRows, TrainingRows} from '../../training/rows';
import {turnOfOthers} from '../../training/turn_of_others';
import type {Recipe} from '../auto_select_args';
import {calibratedScores} from '../candidate';
import {ofRows} from '../../components/linear_model';
import type {IdTable} from '../../components/linear/ridge_regression';
import {fitTables, linearRows} from '../train_one';
import {findTables} from '../../components/tables/find_tables';
import type {Ga2m} from '../../components/tables/ga2m';
import type {Ga2mRidges, LightRidges} from '../../components/tables/ridges';

/**
 * What the penalties of tables are divided by, until V2 finds one worse than the one before. Those that rows prefer are
 * too firm where few cells hold most of what a table says, since they take all weights for draws of one variance.
 */
const LIGHTNESS = [1, 3, 10, 30];

/** A GA2M, and what it was fitted to. */
export interface Evident {
  table: IdTable;
  ridges: LightRidges;
  whole: Ga2m;
}

/** A GA2M of all interactions that rows have evidence for, and what it was fitted to; null where they have none. */
export async function fitEvident(recipe: Recipe, train: TrainingRows, lightness = 1): Promise<Evident | null> {
  const {table, linear} = await linearRows(recipe, train);
  await turnOfOthers();
  recipe.signal?.throwIfAborted();
  const found = findTables(table, recipe.fields!, linear, recipe.interacting);
  const ridges = lightened(found.ridges, lightness);
  return ridges.interactions.length === 0
    ? null
    : {table, ridges, whole: fitTables(recipe, table, ridges, found.start)};
}

/** The same with the lightness that rows prefer which it was not fitted to, V2. */
export async function bestLightness(
  recipe: Recipe,
  choice: LabeledRows,
  {table, ridges, whole}: Evident,
): Promise<Omit<Evident, 'table'>> {
  const loss = (model: Ga2m) => calibratedScores(choice, model.logits(ofRows(choice))).logloss;
  let best = {ridges, whole, logloss: loss(whole)};
  for (const lightness of LIGHTNESS.slice(1)) {
    await turnOfOthers();
    const lighter = lightened(ridges, lightness);
    const model = fitTables(recipe, table, lighter, best.whole);
    const logloss = loss(model);
    if (logloss >= best.logloss) break;
    best = {ridges: lighter, whole: model, logloss};
  }
  return best;
}

/** Penalties of tables that were found, divided by a lightness. */
function lightened({fields, interactions}: Ga2mRidges, lightness: number): LightRidges {
  return {
    fields,
    lightness,
    interactions: interactions.map(({interaction, tables}) => ({
      interaction,
      tables: tables.map(({level, ridge}) => ({level, ridge: ridge / lightness})),
    })),
  };
}
