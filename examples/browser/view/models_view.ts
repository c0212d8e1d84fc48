import type {ComparedModel} from '../protocol';
import {words} from '../strings';
import {make} from './element';
import {INTERVAL} from '../../../src/statistics';

/** AUC of guessing, and the step to which the axis is rounded. */
const [CHANCE, STEP] = [0.5, 0.05];

/** Half of the interval of a model's difference from the chosen one. */
export const halfInterval = ({comparison}: ComparedModel) =>
  comparison === null ? 0 : INTERVAL * comparison.standardError;

/** The ends of an axis that holds every model with its interval. */
export function axisOf(models: readonly ComparedModel[]): {from: number; to: number} {
  return {
    from: STEP * Math.floor(Math.min(CHANCE, ...models.map(each => each.auc - halfInterval(each))) / STEP),
    to: STEP * Math.ceil(Math.max(...models.map(each => each.auc + halfInterval(each))) / STEP),
  };
}

/** AUC of the compared models as bars, with the interval of each difference from the chosen one, a dashed line. */
export function modelBars(models: readonly ComparedModel[]): HTMLElement {
  const {from, to} = axisOf(models);
  const percent = (auc: number) => `${(100 * (auc - from)) / (to - from)}%`;
  const chosen = models.find(({comparison}) => comparison === null)!;
  const bar = (model: ComparedModel) => {
    const {name, auc, comparison} = model;
    const [fill, line, whisker] = ['fill', 'chosen', 'whisker'].map(kind => make('i', {class: kind}));
    fill.style.width = percent(auc);
    line.style.left = percent(chosen.auc);
    whisker.style.left = percent(auc - halfInterval(model));
    whisker.style.width = `${(200 * halfInterval(model)) / (to - from)}%`;
    return make(
      'li',
      {class: comparison === null ? 'is-chosen' : ''},
      make('span', {class: 'name'}, name),
      make('b', {}, auc.toFixed(4)),
      make('span', {class: 'track', 'aria-hidden': true}, fill, line, ...(comparison === null ? [] : [whisker])),
      ...(comparison === null
        ? []
        : [make('small', {}, words.result.difference(comparison.verdict, comparison.difference, halfInterval(model)))]),
    );
  };
  return make(
    'figure',
    {class: 'models'},
    make('figcaption', {}, `${words.result.models(from, to)}: ${words.result.auc}`),
    make('ul', {}, ...models.map(bar)),
  );
}
