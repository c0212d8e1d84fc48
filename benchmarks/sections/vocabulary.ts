import {atMost, quotient} from '../bars';
import {Contestant, measureInTurns} from '../contestant';
import {ours} from '../programs';
import type {Section} from '../report';
import {BATCH, Context, inputRows, MILLION, turnsBehindAPass} from './context';
import {SIZES} from './search_step';
import {medianOf, memoryText, rowOf} from './measured';

/** What a larger vocabulary costs: 10 M ids against 100 k. */
export async function vocabulary(context: Context): Promise<Section> {
  const title = 'Step time by vocabulary';
  const inputs = [MILLION / 10, 10 * MILLION].map(V => ({V, ...inputRows(context, V)}));
  const contestants = inputs.map(
    ({V, rows}) =>
      new Contestant(
        ours(`ours, ${V.toLocaleString('en')} ids`, {...SIZES.small, rows, backend: 'native', constant: true}),
      ),
  );
  await measureInTurns(contestants, turnsBehindAPass(context));
  const [few, many] = contestants;
  return {
    title,
    what:
      `Search step of AutoDeepFM, d ${SIZES.small.d}, MLP 3x400, batch ${BATCH}. ` +
      'A batch of the larger vocabulary touches more rows. ' +
      "Peak memory includes the pages of TensorFlow's library that the process has touched; " +
      "they are a file's, which processes share " +
      'and the system drops when memory is short. Its own memory is the rest: tables, moments, JavaScript.',
    rows: contestants.map((contestant, i) =>
      rowOf(
        title,
        contestant,
        medianOf(few),
        BATCH,
        `${inputs[i].touched.toLocaleString('en')} rows a batch; peak memory ${memoryText(contestant)}`,
      ),
    ),
    bars: [
      atMost('step time with 10 M ids / with 100 k ids', quotient(medianOf(many), medianOf(few)), 1.15),
      atMost(
        "own memory of the process with 10 M ids, tables with Adam's moments, GB",
        quotient(many.info['ownPeakMB'], 1000),
        2.5,
      ),
    ],
  };
}
