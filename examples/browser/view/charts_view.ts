import type {GatePath, Way} from '../protocol';
import {words} from '../strings';
import {byId, write} from './element';
import {drawChart, type Line} from './chart';

/** Curves that are shown beside each other, the newest ones, and lines of the gates' path at most. */
const MOST_CURVES = 5;
const MOST_PATHS = 60;
/** Pixels between which a curve counts as flat: the axis has at least this much AUC. */
const LEAST_RANGE = 0.02;

/** AUC on V2 after each pass, a line for each training; logistic regression, which has no passes, as a level. */
export function showCurves({curves, linear}: Way): void {
  const known = curves.filter(({auc}) => auc.length > 0 && !auc.some(Number.isNaN)).slice(-MOST_CURVES);
  const values = [...known.flatMap(({auc}) => auc), ...(linear === null ? [] : [linear])];
  if (values.length === 0) return;
  const passes = Math.max(2, ...known.map(({auc}) => auc.length));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = Math.max(LEAST_RANGE, most - least);
  const lines: Line[] = known.map(({name, auc}, i) => ({
    points: auc.map((value, pass) => [pass + 1, value] as const),
    kind: `series-${i}`,
    label: name,
  }));
  if (linear !== null)
    lines.unshift({
      points: [
        [1, linear],
        [passes, linear],
      ],
      kind: 'reference',
      label: words.charts.linear,
    });
  byId('curves').hidden = false;
  const newest = known[known.length - 1];
  drawChart(byId('curves-picture'), {
    description:
      newest === undefined
        ? words.charts.curves
        : words.charts.curvesNow(newest.name, newest.auc[newest.auc.length - 1], newest.auc.length),
    lines,
    x: {
      from: 1,
      to: passes,
      ticks: [
        [1, '1'],
        [passes, String(passes)],
      ],
      name: words.charts.pass,
    },
    y: {from: most - range, to: most, digits: 3},
    cursor: null,
  });
}

/** alpha of each gate along the penalties. */
export function showPath({path, spread}: GatePath, position: number): void {
  const strongest = [...path[0].alpha.keys()]
    .sort((a, b) => path[0].alpha[b] * spread[b] - path[0].alpha[a] * spread[a])
    .slice(0, MOST_PATHS);
  const most = Math.max(1, ...strongest.flatMap(p => path.map(({alpha}) => alpha[p])));
  byId('path').hidden = false;
  const open = path[Math.round(position)].open;
  drawChart(byId('path-picture'), {
    description: words.charts.pathNow(open, path[0].alpha.length),
    lines: strongest.map(p => ({
      points: path.map(({alpha}, i) => [i, alpha[p]] as const),
      kind: path[Math.round(position)].alpha[p] > 0 ? 'kept' : 'gone',
      label: '',
    })),
    x: {
      from: 0,
      to: path.length - 1,
      ticks: path.map(({lambda}, i) => [i, String(lambda)] as const),
      name: words.charts.penalty,
    },
    y: {from: 0, to: most, digits: 1},
    cursor: position,
  });
}

/** What the finished steps found. */
export function showSteps({steps}: Way): void {
  const list = byId('steps');
  steps.forEach((step, i) => {
    if (list.children[i] === undefined) list.append(document.createElement('li'));
    write(list.children[i], words.sentence(step));
  });
  while (list.children.length > steps.length) list.lastElementChild!.remove();
}

/** No charts yet. */
export function clearCharts(): void {
  byId('steps').replaceChildren();
  for (const id of ['curves', 'path']) {
    byId(id).hidden = true;
    byId(`${id}-picture`).replaceChildren();
  }
}
