import type {InteractionRecord, RunRecord} from '../../record/run_record';
import type {Chart} from '../chart';
import {colors} from '../theme';
import {axis, plot, roundAxis} from './axes';
import {shortened, tipsOf} from './interaction_labels';
import {legend} from './legend';
import type {Coordinates} from './marks';

/** Points with their names beside them. */
const NAMED = 4;
const PLOT = 350;

/** Draw each interaction: its AUC alone against its gain on held-out rows. */
export function gainAgainstAuc(run: RunRecord, width: number): Chart {
  const scored = run.interactions.filter(({auc}) => auc !== null);
  const tips = tipsOf(run).filter((_, i) => run.interactions[i].auc !== null);
  const key = legend(
    [
      ...(scored.some(({kept}) => kept) ? [{label: 'kept', color: colors.blue, mark: 'dot'} as const] : []),
      ...(scored.some(({kept}) => !kept) ? [{label: 'not kept', color: colors.vermilion, mark: 'ring'} as const] : []),
    ],
    {width, top: PLOT + 4},
  );
  const aucs = scored.map(({auc}) => auc!);
  const gains = scored.map(gainOf);
  return {
    width,
    height: PLOT + 4 + key.height,
    tips: [tips],
    option: {
      grid: plot(PLOT, {left: 66}),
      xAxis: axis(
        'test AUC of the interaction alone',
        roundAxis(Math.min(...aucs), Math.max(...aucs), {steps: width < 500 ? 4 : 8}),
      ),
      yAxis: axis('gain in logloss', {
        nameGap: 44,
        ...roundAxis(Math.min(0, ...gains), 1.04 * Math.max(...gains, 1e-9)),
      }),
      graphic: key.graphic,
      series: [pointSeries(scored, width)],
    },
  };
}

const gainOf = ({evidence}: InteractionRecord): number => evidence.gain;

/** A point for each interaction, with a name beside the strongest. */
function pointSeries(scored: readonly InteractionRecord[], width: number): object {
  const named = new Set([...scored].sort((a, b) => gainOf(b) - gainOf(a)).slice(0, NAMED));
  const taken: Box[] = [];
  return {
    type: 'custom',
    data: scored.map(record => [record.auc!, gainOf(record)]),
    renderItem: ({dataIndex: i}: {dataIndex: number}, api: Coordinates) => {
      const [cx, cy] = api.coord([api.value(0), api.value(1)]);
      const {kept, fields} = scored[i];
      const dot = {
        type: 'circle',
        shape: {cx, cy, r: 5.5},
        style: kept
          ? {fill: colors.blue, stroke: colors.surface, lineWidth: 1.2}
          : {fill: colors.surface, stroke: colors.vermilion, lineWidth: 2},
      };
      if (!named.has(scored[i])) return dot;
      const text = shortened(fields.join(' × '), width < 500 ? 20 : 40);
      const {x, y} = freePlace(cx, cy, 6.6 * text.length, width, taken);
      const label = {
        type: 'text',
        silent: true,
        x,
        y: y + 8,
        style: {text, verticalAlign: 'middle', fill: colors.ink, fontSize: 12},
      };
      return {type: 'group', children: [dot, label]};
    },
  };
}

interface Box {
  x: number;
  y: number;
  width: number;
}

/** The place of a label of this width beside its point, away from the labels before it. */
function freePlace(cx: number, cy: number, width: number, total: number, taken: Box[]): Box {
  const places = [
    [cx + 10, cy - 9],
    [cx - 10 - width, cy - 9],
    [cx - width / 2, cy - 26],
    [cx - width / 2, cy + 8],
    [cx + 10, cy + 6],
    [cx - 10 - width, cy + 6],
  ]
    .map(([x, y]): Box => ({x, y, width}))
    .filter(({x}) => x > 58 && x + width < total);
  const free = places.find(place =>
    taken.every(
      other => Math.abs(other.y - place.y) > 16 || place.x > other.x + other.width || other.x > place.x + place.width,
    ),
  ) ??
    places[0] ?? {x: 58, y: cy - 26, width};
  taken.push(free);
  return free;
}
