import type * as tfl from '@tensorflow/tfjs-layers';
import {AdditiveLogit} from '../components/additive_logit';
import type {Component, VectorPenalty} from '../components/component';
import {type IdTable, RidgeRegression} from '../components/linear/ridge_regression';
import type {Decision} from './decision';
import {type FamilyOptions, fitFamilies} from './family_fits';

/**
 * Train the model of a decision on rows: each family with an open component is fitted to them, and the open components
 * are folded into one model, times their gates.
 *
 * @returns `lr` or `ffm`, with tables and cells as memorised crosses. The caller disposes it.
 */
export async function retrainDecision(
  table: IdTable,
  {ridge, intercept, components}: Pick<Decision, 'ridge' | 'intercept' | 'components'>,
  options: FamilyOptions,
): Promise<tfl.LayersModel> {
  const {fields} = options;
  const regression = RidgeRegression.of('autoSelect', table, fields);
  const linear = regression.fit(ridge);
  const logit = new AdditiveLogit(fields, linear);
  logit.addBias(intercept);
  const alphas = new Map(components.map(({component, alpha}) => [JSON.stringify(component), alpha]));
  const has = (family: 'tables' | 'cells') =>
    components.some(
      ({component}) =>
        component.type === family ||
        (component.type === 'linear' && component.of === family) ||
        (component.type === 'values' && family === 'cells'),
    );
  const families = await fitFamilies(table, options, {
    where: 'on all rows',
    linear,
    tables: has('tables'),
    cells: has('cells'),
    penalties: penaltiesOf(components.map(({component}) => component)),
  });
  try {
    for (const family of families)
      family.addTo(
        logit,
        family.components.map(component => alphas.get(JSON.stringify(component)) ?? 0),
      );
    return logit.model();
  } finally {
    families.forEach(family => family.dispose());
  }
}

/** The penalties that components of products have, each once. */
export function penaltiesOf(components: readonly Component[]): VectorPenalty[] {
  const penalties = components.flatMap(component => (component.type === 'products' ? [component.penalty] : []));
  return [...new Map(penalties.map(penalty => [JSON.stringify(penalty), penalty])).values()];
}
