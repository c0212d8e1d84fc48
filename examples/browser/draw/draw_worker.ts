import * as echarts from 'echarts';
import type {RunRecord} from 'tfjs-autofis';
import {type Chart, drawSvg} from '../../../src/report/chart';
import {htmlReport} from '../../../src/report/html';
import {alphaPaths} from '../../../src/report/pictures/alpha_paths';
import {curves, hasCurves, type Stages} from '../../../src/report/pictures/curves';
import {withVariables} from '../../../src/report/theme';
import type {DrawRequest, Drawn, Live} from '../protocol';
import {words} from '../strings';

/** Draws the report's pictures beside the search, so that neither the page nor the search waits for them. */
const page = self as unknown as {postMessage(drawn: Drawn): void; onmessage: ((event: MessageEvent) => void) | null};
/** Pixels that pictures are made for, at least and at most; where there is more room they are enlarged. */
const NARROWEST = 300;
const WIDEST = 760;
let width = WIDEST;
/** The newest state that is not drawn yet: older ones are passed over. */
let waiting: Live | null = null;
/** What was drawn last, for a page that changes its width. */
let drawn: Way | null = null;

page.onmessage = ({data}: MessageEvent<{pictures: MessagePort} | {width: number} | {run: RunRecord}>) => {
  if ('pictures' in data) {
    data.pictures.onmessage = ({data: {live}}: MessageEvent<DrawRequest & {type: 'live'}>) => {
      if (waiting === null) setTimeout(drawWaiting);
      waiting = live;
    };
  } else if ('width' in data) {
    const size = Math.round(Math.min(WIDEST, Math.max(NARROWEST, data.width)));
    if (size === width) return;
    width = size;
    if (drawn !== null) draw(drawn, null);
  } else {
    draw(data.run, htmlReport(data.run, echarts));
  }
};

function draw(way: Way, html: string | null): void {
  drawn = way;
  const {search, retrain} = way;
  page.postMessage({
    pictures: [...paths(way), ...curvesOf({search, retrain: null})],
    retrained: curvesOf({search: null, retrain}),
    html,
  });
}

function drawWaiting(): void {
  const live = waiting!;
  waiting = null;
  draw(asRun(live), null);
}

/** What the pictures of the way read of a run. */
type Way = Pick<RunRecord, 'search' | 'retrain' | 'interactions'>;

function asRun({record, selection}: Live): Way {
  const alpha = record.alpha ?? {gates: [], points: [], closedAt: []};
  const last = alpha.points[alpha.points.length - 1]?.alpha ?? [];
  const kept = new Set(selection.map(({gate, interaction}) => `${gate}:${interaction}`));
  return {
    search: {...record, alpha},
    retrain: null,
    interactions: alpha.gates.flatMap(({order, fields, interactions}, gate) =>
      interactions.map((interaction, p) => ({
        gate,
        order,
        interaction,
        fields: interaction.map(f => fields[f]),
        alpha: last[gate][p],
        closedAt: alpha.closedAt[gate][p],
        evidence: null,
        auc: null,
        examples: [],
        // Until the search has ended, each gate that is open counts.
        kept: selection.length === 0 ? last[gate][p] !== 0 : kept.has(`${gate}:${interaction}`),
      })),
    ),
  };
}

function paths(way: Way): Drawn['pictures'] {
  return way.interactions.length === 0 ? [] : [picture('paths', alphaPaths(way as RunRecord, width))];
}

function curvesOf(stages: Stages): Drawn['pictures'] {
  return (['loss', 'auc'] as const).flatMap(name => {
    const measure = name === 'loss' ? 'logloss' : 'auc';
    return hasCurves(stages, measure)
      ? [picture(name, curves(stages, measure, width), stages.search === null ? 'retrained' : 'searched')]
      : [];
  });
}

function picture(name: keyof typeof words.pictures, chart: Chart, stage = 'searched'): Drawn['pictures'][number] {
  const text = words.pictures[name];
  return {name, title: text.title, svg: withVariables(drawSvg(echarts, `${name}-${stage}`, text, chart))};
}
