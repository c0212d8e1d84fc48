import type {RunRecord} from '../../record/run_record';
import type {Chart} from '../chart';
import {alphaAgainstAuc} from './alpha_auc';
import {alphaMap} from './alpha_map';
import {alphaPaths, MOST_PATHS} from './alpha_paths';
import {alphaRanks, MOST_BARS} from './alpha_ranks';
import {calibrationPlot} from './calibration_plot';
import {curves, hasCurves} from './curves';

/** A picture of a report. */
export interface Picture {
  /** Its file's name, without extension. */
  name: string;
  title: string;
  /** What a reader who does not see it should know; the numbers stand in the tables. */
  description: string;
  draw(width: number): Chart;
}

/** The pictures that a run has, in the order of the report. */
export function picturesOf(run: RunRecord): Picture[] {
  const {gates} = run.search.alpha;
  const gatePictures = gates.map(({order, fields}, gate): Picture => {
    const suffix = gates.length > 1 ? `-${gate + 1}` : '';
    return order === 2
      ? {
          name: `alpha${suffix}`,
          title: 'Alpha of each pair of fields',
          description: `A grid of ${fields.length} by ${fields.length} fields; each cell is a pair with its alpha after the search, empty where the gate is closed.`,
          draw: width => alphaMap(run, gate, width),
        }
      : {
          name: `alpha${suffix}`,
          title: 'Alpha of the strongest triples of fields',
          description: `Bars of the open triples by |alpha|, the largest first, ${MOST_BARS} at most.`,
          draw: width => alphaRanks(run, gate, width),
        };
  });
  const optional = (holds: boolean, picture: Picture) => (holds ? [picture] : []);
  return [
    ...gatePictures,
    {
      name: 'paths',
      title: 'How each alpha moved during the search',
      description: `Lines of alpha by step, ${MOST_PATHS} at most, with the threshold, and a cross where a gate closed.`,
      draw: width => alphaPaths(run, width),
    },
    ...optional(
      run.interactions.some(({auc}) => auc !== null),
      {
        name: 'alone',
        title: '|alpha| against the AUC of the interaction alone',
        description: 'One point for each interaction; open gates are filled, closed ones lie at zero.',
        draw: width => alphaAgainstAuc(run, width),
      },
    ),
    {
      name: 'calibration',
      title: 'Predicted and observed rate',
      description: 'Bins of test rows by rising prediction, before and after; on the diagonal predictions are right.',
      draw: width => calibrationPlot(run, width),
    },
    ...optional(hasCurves(run, 'logloss'), {
      name: 'loss',
      title: 'Loss over the steps of both stages',
      description: 'Training loss by step, and what was evaluated at the end of each epoch.',
      draw: width => curves(run, 'logloss', width),
    }),
    ...optional(hasCurves(run, 'auc'), {
      name: 'auc',
      title: 'AUC over the steps of both stages',
      description: 'AUC at the end of each epoch.',
      draw: width => curves(run, 'auc', width),
    }),
  ];
}
