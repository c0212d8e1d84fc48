import type {RunRecord} from '../../record/run_record';
import type {Chart} from '../chart';
import {alphaAgainstAuc} from './alpha_auc';
import {alphaMap} from './alpha_map';
import {alphaPaths} from './alpha_paths';
import {alphaRanks, MOST_BARS} from './alpha_ranks';
import {calibrationPlot} from './calibration_plot';
import {curves, hasCurves} from './curves';
import {gatePaths} from './gate_paths';
import {gatesOf} from './gates_of';
import {MOST_PATHS} from './paths';

/** A picture of a report. */
export interface Picture {
  /** Its file's name, without extension. */
  name: string;
  title: string;
  /** What a reader who cannot see it should know; the tables have the numbers. */
  description: string;
  draw(width: number): Chart;
}

/** The pictures that a run has, in the order of the report. */
export function picturesOf(run: RunRecord): Picture[] {
  return [...alphaPictures(run), ...pathPictures(run), ...modelPictures(run), ...curvePictures(run)];
}

/** A map of pairs or bars of triples for each gate; none where nothing is kept. */
function alphaPictures(run: RunRecord): Picture[] {
  if (run.selection.length === 0) return [];
  const gates = gatesOf(run);
  return gates.map(({order, fields}, gate): Picture => {
    const name = `alpha${gates.length > 1 ? `-${gate + 1}` : ''}`;
    return order === 2
      ? {
          name,
          title: 'Alpha of each pair of fields',
          description:
            `A grid of ${fields.length} by ${fields.length} fields; each cell is a pair with the alpha of its ` +
            'gate, grey where the pair is not kept.',
          draw: width => alphaMap(run, gate, width),
        }
      : {
          name,
          title: 'Alpha of the strongest triples of fields',
          description: `Bars of the open triples by |alpha|, the largest first, ${MOST_BARS} at most.`,
          draw: width => alphaRanks(run, gate, width),
        };
  });
}

function pathPictures(run: RunRecord): Picture[] {
  return [
    ...optional(run.recipe !== null && run.recipe.best !== null, {
      name: 'gates',
      title: 'How gates close as the penalty grows',
      description: `Lines of alpha by penalty, ${MOST_PATHS} at most, and the penalty that the held-out rows choose.`,
      draw: width => gatePaths(run, width),
    }),
    ...optional(run.search !== null, {
      name: 'paths',
      title: 'How each alpha moved during the search',
      description: `Lines of alpha by step, ${MOST_PATHS} at most, with the threshold; a cross where a gate closed.`,
      draw: width => alphaPaths(run, width),
    }),
  ];
}

function modelPictures(run: RunRecord): Picture[] {
  return [
    ...optional(
      run.interactions.some(({auc}) => auc !== null),
      {
        name: 'alone',
        title: `${run.recipe === null ? '|alpha|' : 'What an interaction adds'} against its AUC alone`,
        description: 'One point for each interaction; those that are kept are filled.',
        draw: width => alphaAgainstAuc(run, width),
      },
    ),
    {
      name: 'calibration',
      title: 'Predicted and observed rate',
      description:
        'Bins of test rows by rising prediction, for each compared model; on the diagonal predictions are right.',
      draw: width => calibrationPlot(run, width),
    },
  ];
}

function curvePictures(run: RunRecord): Picture[] {
  return [
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

function optional(holds: boolean, picture: Picture): Picture[] {
  return holds ? [picture] : [];
}
