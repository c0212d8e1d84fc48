import type {RunRecord} from '../../record/run_record';
import type {Chart} from '../chart';
import {alphaPaths, MOST_PATHS} from './alpha_paths';
import {calibrationPlot} from './calibration_plot';
import {curves, hasCurves} from './curves';
import {interactionMap} from './interaction_map';
import {interactionRanks, MOST_BARS} from './interaction_ranks';
import {shownGates} from './shown_gates';
import {strengthAgainstAuc} from './strength_auc';

/** A picture of a report. */
export interface Picture {
  /** Its file's name, without extension. */
  name: string;
  title: string;
  /** Text alternative for readers who cannot see the picture; the tables contain the numbers. */
  description: string;
  draw(width: number): Chart;
}

/** The pictures that a run has, in the order of the report. */
export function picturesOf(run: RunRecord): Picture[] {
  return [...interactionPictures(run), ...pathPictures(run), ...modelPictures(run), ...curvePictures(run)];
}

/** A map of pairs or bars of triples for each gate; none where nothing is kept. */
function interactionPictures(run: RunRecord): Picture[] {
  const gates = shownGates(run);
  const [noun, measure] = run.selectedBy.type === 'search' ? ['Alpha', 'alpha'] : ['Gain', 'gain on held-out rows'];
  return gates.map((gate, g): Picture => {
    const name = `interactions${gates.length > 1 ? `-${g + 1}` : ''}`;
    return gate.order === 2
      ? {
          name,
          title: `${noun} of each pair of fields`,
          description:
            `A grid of ${gate.fields.length} by ${gate.fields.length} fields; each cell is a pair with its ` +
            `${measure}, grey where the pair is not kept.`,
          draw: width => interactionMap(run, gate, width),
        }
      : {
          name,
          title: `${noun} of the strongest triples of fields`,
          description: `Bars of the open triples by ${measure}, the strongest first, ${MOST_BARS} at most.`,
          draw: width => interactionRanks(run, gate, width),
        };
  });
}

function pathPictures(run: RunRecord): Picture[] {
  const {selectedBy} = run;
  if (selectedBy.type === 'components') return [];
  return [
    {
      name: 'paths',
      title: 'How each alpha moved during the search',
      description: `Lines of alpha by step, ${MOST_PATHS} at most, with the threshold; a cross where a gate closed.`,
      draw: width => alphaPaths(run, selectedBy.search, width),
    },
  ];
}

function modelPictures(run: RunRecord): Picture[] {
  return [
    ...optional(
      run.interactions.some(({auc}) => auc !== null),
      {
        name: 'alone',
        title: `${run.selectedBy.type === 'search' ? '|alpha|' : 'What an interaction adds'} against its AUC alone`,
        description: 'One point for each interaction; those that are kept are filled.',
        draw: width => strengthAgainstAuc(run, width),
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

function curvePictures({selectedBy}: RunRecord): Picture[] {
  if (selectedBy.type === 'components') return [];
  return [
    ...optional(hasCurves(selectedBy, 'logloss'), {
      name: 'loss',
      title: 'Loss over the steps of both stages',
      description: 'Training loss by step, and what was evaluated at the end of each epoch.',
      draw: width => curves(selectedBy, 'logloss', width),
    }),
    ...optional(hasCurves(selectedBy, 'auc'), {
      name: 'auc',
      title: 'AUC over the steps of both stages',
      description: 'AUC at the end of each epoch.',
      draw: width => curves(selectedBy, 'auc', width),
    }),
  ];
}

function optional(holds: boolean, picture: Picture): Picture[] {
  return holds ? [picture] : [];
}
