import {atLeast, atMost, quotient} from '../bars';
import {Contestant, measureInTurns} from '../contestant';
import {ours, torch} from '../programs';
import type {Section} from '../report';
import {relativeDifference} from '../statistics';
import {BATCH, Context, inputRows, MILLION, turnsBehindAPass} from './context';
import {medianOf, memoryText, rowOf, versionsOf} from './measured';
import {LOSS_TOLERANCE} from './search_step';

/** The length of field-aware vectors, of which each value has one for each other field. */
const D = 4;

/** Search step of AutoFFM: ours against the strongest PyTorch. */
export async function fieldAware(context: Context): Promise<Section> {
  const title = `Search step of AutoFFM, d ${D}`;
  const {rows} = inputRows(context, MILLION);
  const options = {rows, d: D, hidden: []};
  const lead = new Contestant(ours('ours, native', {...options, backend: 'native', fieldAware: true}));
  const strong = new Contestant(torch(context.python, 'field_aware', options));
  const all = [lead, strong];
  await measureInTurns(all, turnsBehindAPass(context));
  const time = medianOf(lead);
  const isThere = lead.failure === null && strong.failure === null;
  const [first, second] = isThere ? [0, 1].map(i => relativeDifference(strong.losses[i], lead.losses[i])) : [];
  const notes = [
    `first loss ${lead.losses[0]?.toFixed(6)}; peak memory ${memoryText(lead)}`,
    isThere ? `first loss ${first.toExponential(0)} off, second one ${second.toExponential(0)}` : '',
  ];
  return {
    title,
    what:
      `One training step, batch ${BATCH}, 1,000,000 ids with 38 vectors each: linear part, 741 gated and normalised ` +
      'pairs; alpha by gRDA, the rest by Adam on the rows of the batch. In PyTorch all vectors of a value are one ' +
      'row, with its moments; products are those with the transpose, with a written gradient.',
    rows: all.map((contestant, i) => rowOf(title, contestant, time, BATCH, notes[i])),
    bars: [
      atMost('AutoFFM: first loss of PyTorch against ours', first, LOSS_TOLERANCE),
      atLeast('AutoFFM: time of the strongest PyTorch / ours', quotient(medianOf(strong), time), 1.5),
    ],
    versions: versionsOf(all),
  };
}
