import type {RunRecord} from '../../record/run_record';
import type {Chart} from '../chart';
import {calibrationPlot} from './calibration_plot';
import {interactionMap} from './interaction_map';
import {interactionRanks, MOST_BARS} from './interaction_ranks';
import {shownGates} from './shown_gates';
import {gainAgainstAuc} from './gain_auc';

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
  return [...interactionPictures(run), ...modelPictures(run)];
}

/** A map of pairs or bars of triples for each gate; none where nothing is kept. */
function interactionPictures(run: RunRecord): Picture[] {
  const gates = shownGates(run);
  return gates.map((gate, g): Picture => {
    const name = `interactions${gates.length > 1 ? `-${g + 1}` : ''}`;
    return gate.order === 2
      ? {
          name,
          title: 'Gain of each pair of fields',
          description:
            `A grid of ${gate.fields.length} by ${gate.fields.length} fields; each cell is a pair with its ` +
            'gain on held-out rows, grey where the pair is not kept.',
          draw: width => interactionMap(run, gate, width),
        }
      : {
          name,
          title: 'Gain of the strongest triples of fields',
          description: `Bars of the open triples by gain on held-out rows, the strongest first, ${MOST_BARS} at most.`,
          draw: width => interactionRanks(run, gate, width),
        };
  });
}

function modelPictures(run: RunRecord): Picture[] {
  return [
    ...(run.interactions.some(({auc}) => auc !== null)
      ? [
          {
            name: 'alone',
            title: 'What an interaction adds against its AUC alone',
            description: 'One point for each interaction; those that are kept are filled.',
            draw: (width: number) => gainAgainstAuc(run, width),
          },
        ]
      : []),
    {
      name: 'calibration',
      title: 'Predicted and observed rate',
      description:
        'Bins of test rows by rising prediction, for each compared model; on the diagonal predictions are right.',
      draw: width => calibrationPlot(run, width),
    },
  ];
}
