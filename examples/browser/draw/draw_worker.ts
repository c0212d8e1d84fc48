import * as echarts from 'echarts';
import type {Run} from 'tfjs-autofis';
import {drawSvg} from '../../../src/report/chart';
import {htmlReport} from '../../../src/report/html';
import {alphaPaths} from '../../../src/report/pictures/alpha_paths';
import {curves, hasCurves} from '../../../src/report/pictures/curves';
import {withVariables} from '../../../src/report/theme';
import type {DrawRequest, Drawn, Live} from '../protocol';
import {words} from '../strings';

/** Draws the report's pictures beside the search, so that neither the page nor the search waits for them. */
const page = self as unknown as {postMessage(drawn: Drawn): void, onmessage: ((event: MessageEvent) => void) | null};
let width = 760;
/** The newest state that is not drawn yet: older ones are passed over. */
let waiting: Live | null = null;

page.onmessage = ({data}: MessageEvent<{pictures: MessagePort} | {width: number} | {run: Run}>) => {
  if ('pictures' in data) {
    data.pictures.onmessage = ({data: {live}}: MessageEvent<DrawRequest & {type: 'live'}>) => {
      if (waiting === null) setTimeout(drawWaiting);
      waiting = live;
    };
  } else if ('width' in data) {
    width = data.width;
  } else {
    page.postMessage({pictures: picturesOf(data.run), html: htmlReport(data.run, echarts)});
  }
};

function drawWaiting(): void {
  const live = waiting!;
  waiting = null;
  page.postMessage({pictures: picturesOf(asRun(live)), html: null});
}

/** What the pictures of the way read of a run. */
type Way = Pick<Run, 'search' | 'retrain' | 'interactions'>;

function asRun({record, selection}: Live): Way {
  const alpha = record.alpha ?? {gates: [], points: [], closedAt: []}, last = alpha.points[alpha.points.length - 1]?.alpha ?? [];
  const kept = new Set(selection.map(({gate, interaction}) => `${gate}:${interaction}`));
  return {
    search: {...record, alpha}, retrain: null,
    interactions: alpha.gates.flatMap(({order, fields, interactions}, gate) => interactions.map((interaction, p) => ({
      gate, order, interaction, fields: interaction.map(f => fields[f]), alpha: last[gate][p], closedAt: alpha.closedAt[gate][p], auc: null, examples: [],
      // Until the search has ended, each gate that is open counts.
      kept: selection.length === 0 ? last[gate][p] !== 0 : kept.has(`${gate}:${interaction}`),
    }))),
  };
}

function picturesOf(way: Way): Drawn['pictures'] {
  const run = way as Run, size = width < 500 ? 336 : 760;
  if (run.interactions.length === 0) return [];
  const {pictures} = words;
  const chosen = [
    {name: 'paths', ...pictures.paths, draw: () => alphaPaths(run, size)},
    ...hasCurves(run, 'logloss') ? [{name: 'loss', ...pictures.loss, draw: () => curves(run, 'logloss', size)}] : [],
    ...hasCurves(run, 'auc') ? [{name: 'auc', ...pictures.auc, draw: () => curves(run, 'auc', size)}] : [],
  ];
  return chosen.map(picture => ({
    name: picture.name, title: picture.title, svg: withVariables(drawSvg(echarts, `${picture.name}-live`, picture, picture.draw())),
  }));
}
