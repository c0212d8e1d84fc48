import type {Decided, Trace} from '../protocol';
import {words} from '../strings';
import {byId, write} from './element';
import {drawChart} from './chart';

/** The axis of logloss has at least this range, so that a flat curve looks flat. */
const LEAST_RANGE = 0.002;

/** Logloss of held-out rows along the penalties of the gates, with the chosen one. */
export function showPath({path, chosen, open, judged}: Decided): void {
  const losses = path.map(({logloss}) => logloss);
  const least = Math.min(...losses);
  byId('path').hidden = false;
  const chart = drawChart(byId('path-picture'), {
    description: words.charts.pathNow(open, judged, path[chosen].lambda),
    lines: [{points: losses.map((logloss, i) => [i, logloss] as const), kind: 'kept'}],
    x: {
      from: 0,
      to: Math.max(1, path.length - 1),
      ticks: path.map(({lambda}, i) => [i, String(lambda)] as const),
      name: words.charts.penalty,
    },
    y: {from: least, to: Math.max(least + LEAST_RANGE, ...losses), digits: 4},
  });
  chart.moveCursor(chosen);
}

/** The finished steps in words. */
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
  byId('path').hidden = true;
  byId('path-picture').replaceChildren();
}
