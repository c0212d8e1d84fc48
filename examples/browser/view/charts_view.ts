import type {GatePath, Trace} from '../protocol';
import {words} from '../strings';
import {byId, write} from './element';
import {drawChart, type DrawnChart, type Line} from './chart';

/** Curves that are shown beside each other, the newest ones, and lines of the gates' path at most. */
const MOST_CURVES = 5;
const MOST_PATHS = 60;
/** Pixels between which a curve counts as flat: the axis has at least this much AUC. */
const LEAST_RANGE = 0.02;

/** AUC on V2 after each pass, a line for each training; logistic regression, which has no passes, as a level. */
export function showCurves({curves, linear}: Trace): void {
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
  });
}

/** alpha of each gate along the penalties: drawn once, after which a cursor moves and lines change their colour. */
export class PathChart {
  private readonly chart: DrawnChart;
  /** The strongest pairs, of which there are lines. */
  private readonly lines: number[];
  /** Position of the penalty that the colours are of. */
  private shown = -1;

  constructor(private readonly gates: GatePath) {
    const {path, spread} = gates;
    this.lines = [...path[0].alpha.keys()]
      .sort((a, b) => path[0].alpha[b] * spread[b] - path[0].alpha[a] * spread[a])
      .slice(0, MOST_PATHS);
    byId('path').hidden = false;
    this.chart = drawChart(byId('path-picture'), {
      description: '',
      lines: this.lines.map(p => ({
        points: path.map(({alpha}, i) => [i, alpha[p]] as const),
        kind: 'kept',
        label: '',
      })),
      x: {
        from: 0,
        to: path.length - 1,
        ticks: path.map(({lambda}, i) => [i, String(lambda)] as const),
        name: words.charts.penalty,
      },
      y: {from: 0, to: Math.max(1, ...this.lines.flatMap(p => path.map(({alpha}) => alpha[p]))), digits: 1},
    });
  }

  /** @param position Along the penalties. */
  show(position: number): void {
    this.chart.moveCursor(position);
    const nearest = Math.round(position);
    if (nearest === this.shown) return;
    this.shown = nearest;
    const {path, count} = this.gates;
    const {open, alpha} = path[nearest];
    this.chart.describe(words.charts.pathNow(open, count));
    this.lines.forEach((p, line) => this.chart.mark(line, alpha[p] > 0 ? 'kept' : 'gone'));
  }
}

/** What the finished steps found. */
export function showSteps({steps}: Trace): void {
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
