import {atMost, quotient} from '../bars';
import {Contestant} from '../contestant';
import {inference} from '../programs';
import type {Row, Section} from '../report';
import {spread} from '../statistics';
import {Context, inputRows, MILLION} from './context';
import {SIZES} from './search_step';

const ROWS = 10_000;

/** What is asked, of how many rows, and in units of what its time is shown. */
interface Question {
  name: string;
  rows: number;
  base?: string;
}

const QUESTIONS: Record<string, Question> = {
  slim: {name: 'ours, slim AutoDeepFM, 178 of 741 pairs', rows: ROWS, base: 'slim'},
  pairs: {name: 'DeepFM by gathered pairs', rows: ROWS, base: 'slim'},
  folded: {name: 'ours, gate alone, folded', rows: ROWS, base: 'folded'},
  unfolded: {name: 'ours, gate alone, not folded', rows: ROWS, base: 'folded'},
  gathered: {name: 'gate alone by gathered pairs', rows: ROWS, base: 'folded'},
  many: {name: 'ours, AutoFM, 10,000 rows', rows: ROWS},
  hundred: {name: 'ours, AutoFM, 100 rows', rows: 100},
  one: {name: 'ours, AutoFM, one row', rows: 1},
};

/** Predictions: a slim model against the plain one, the folded gate, and batches of 1, 100 and 10,000 rows. */
export async function predictions(context: Context): Promise<Section> {
  const title = 'Predictions';
  const {rows} = inputRows(context, MILLION, ROWS);
  const contestant = await new Contestant(inference({...SIZES.small, rows, batch: ROWS})).ready();
  const ms: Record<string, number[]> = {};
  const measure = async (what: string, run: number) => {
    (ms[what] ??= []).push(...(await contestant.run({run, what})));
  };
  const large = Object.keys(QUESTIONS).filter(what => QUESTIONS[what].rows === ROWS);
  for (const what of large) await contestant.warmUp({run: 3, what});
  for (let round = 0; round < (context.quick ? 3 : 10); round++) {
    for (const what of large) await measure(what, context.quick ? 1 : 3);
  }
  for (const what of ['hundred', 'one']) {
    await contestant.warmUp({run: 50, what});
    await measure(what, context.quick ? 300 : 2000);
  }
  await contestant.stop();
  const median = (what: string) => ((ms[what]?.length ?? 0) > 0 ? spread(ms[what]).median : undefined);
  const toRow = ([what, {name, rows, base}]: [string, Question]): Row =>
    median(what) === undefined
      ? {section: title, name, note: `missing: ${contestant.failure ?? 'it did not run'}`}
      : {
          section: title,
          name,
          ms: spread(ms[what]),
          examples: (rows / median(what)!) * 1e3,
          ...(base === undefined ? {} : {ratio: quotient(median(what), median(base))}),
        };
  return {
    title,
    what:
      `\`model.predict\` in one native process: ${ROWS.toLocaleString('en')} rows in one batch, d 16, MLP 3x400, ` +
      'and AutoFM (all pairs, ' +
      "no MLP) at three sizes of a batch. The gate alone is its layer's `apply` to embeddings [10000, 39, 16], " +
      'without a model around it. Times are in units of the slim model, or of the folded gate.',
    rows: Object.entries(QUESTIONS).map(toRow),
    bars: [
      atMost('inference: slim AutoDeepFM / DeepFM by gathered pairs', quotient(median('slim'), median('pairs')), 0.6),
      atMost('inference: folded gate / not folded', quotient(median('folded'), median('unfolded')), 0.25),
      atMost('one-row predict of AutoFM, p50 in ms', median('one'), 2),
    ],
  };
}
