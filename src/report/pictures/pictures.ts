import type {RunRecord} from '../../record/run_record';
import type {Chart} from '../chart';
import {calibrationPlot} from './calibration_plot';
import {heatMap} from './heat_map';
import {allGains, hasGains, modelIntervals, rowShares, topGains} from './intervals';

/** A picture of a report. */
export interface Picture {
  /** Its file's name, without extension. */
  name: string;
  title: string;
  /** Text alternative for readers who cannot see the picture; the tables contain the numbers. */
  description: string;
  draw(width: number): Chart;
}

/** Interactions that have a map. */
const MAPS = 5;

/** The pictures that a run has, in the order of the report. */
export function picturesOf(run: RunRecord): Picture[] {
  const kind = run.selection.length === 0 ? 'single fields' : 'interactions';
  const both = run.selection.length === 0 ? kind : 'interactions and single fields on one axis';
  const optional = (holds: boolean, picture: Picture) => (holds ? [picture] : []);
  return [
    {
      name: 'models',
      title: 'Models on test rows, 95 % intervals',
      description:
        'One dot for each model by AUC and by logloss; an interval that does not reach the dashed line of the chosen ' +
        'model tells the two apart. Random sets of as many interactions, from the worst to the best with the median ' +
        'as dot, were scored on held-out rows.',
      draw: width => modelIntervals(run, width),
    },
    ...optional(hasGains(run), {
      name: 'top',
      title: `The ${kind} that help most, ± 95 %`,
      description: `One dot for each of the five strongest ${kind} by gain on held-out rows; uncertain ones are pale.`,
      draw: width => topGains(run, width),
    }),
    ...run.inspection.maps.slice(0, MAPS).map(({fields}, m) => ({
      name: `map-${m + 1}`,
      title: fields.join(' × '),
      description:
        `Rows are values of ${fields.slice(0, -1).join(', ')}, columns those of ${fields.at(-1)}. Each cell has the ` +
        'predicted rate of its test rows in percent, and below it the rate without the interaction.',
      draw: (width: number) => heatMap(run, m, width),
    })),
    ...optional(hasGains(run), {
      name: 'gains',
      title: `Gains of ${both}`,
      description: 'One dot for each of the strongest by gain on held-out rows; uncertain ones are pale.',
      draw: width => allGains(run, width),
    }),
    {
      name: 'row',
      title: 'Shares in the log-odds of the row',
      description: 'One bar for each of the strongest shares of fields and interactions; their sum is the log-odds.',
      draw: width => rowShares(run, width),
    },
    {
      name: 'calibration',
      title: 'Predicted and observed rate',
      description:
        'Bins of test rows by rising prediction, for each compared model; on the diagonal predictions are right.',
      draw: width => calibrationPlot(run, width),
    },
  ];
}
