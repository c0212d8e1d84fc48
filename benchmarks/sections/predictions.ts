import {atMost, quotient} from '../bars';
import {Contestant} from '../contestant';
import {inference} from '../programs';
import type {Row, Section} from '../report';
import {spread} from '../statistics';
import {Context, inputRows, MILLION} from './context';
import {SIZES} from './search_step';

const ROWS = 10_000;

const NAMES: Record<string, string> = {
  slim: 'ours, slim AutoDeepFM, 178 of 741 pairs', pairs: 'DeepFM by gathered pairs',
  folded: 'ours, gate alone, folded', unfolded: 'ours, gate alone, not folded', gathered: 'gate alone by gathered pairs',
  one: 'ours, AutoFM, one row',
};

/** Predictions: a slim model against the plain one, the folded gate, one row. */
export async function predictions(context: Context): Promise<Section> {
  const title = 'Predictions';
  const {rows} = inputRows(context, MILLION, ROWS);
  const contestant = await new Contestant(inference({...SIZES.small, rows, batch: ROWS})).ready();
  const ms: Record<string, number[]> = {};
  const measure = async (what: string, run: number) => { (ms[what] ??= []).push(...await contestant.run({run, what})); };
  const many = Object.keys(NAMES).filter(what => what !== 'one');
  for (const what of many) await contestant.warmUp({run: 3, what});
  for (let round = 0; round < (context.quick ? 3 : 10); round++) {
    for (const what of many) await measure(what, context.quick ? 1 : 3);
  }
  await contestant.warmUp({run: 50, what: 'one'});
  await measure('one', context.quick ? 300 : 2000);
  await contestant.stop();
  const median = (what: string) => (ms[what]?.length ?? 0) > 0 ? spread(ms[what]).median : undefined;
  const base: Record<string, string> = {pairs: 'slim', slim: 'slim', folded: 'folded', unfolded: 'folded', gathered: 'folded'};
  const toRow = (what: string): Row => median(what) === undefined ?
    {section: title, name: NAMES[what], note: `missing: ${contestant.failure ?? 'it did not run'}`} :
    {
      section: title, name: NAMES[what], ms: spread(ms[what]), examples: (what === 'one' ? 1 : ROWS) / median(what)! * 1e3,
      ...(what in base ? {ratio: quotient(median(what), median(base[what]))} : {}),
    };
  return {
    title,
    what: `\`model.predict\` in one native process: ${ROWS.toLocaleString('en')} rows in one batch, d 16, MLP 3x400 (the gate alone: of [10000, 39, 16] ` +
      'embeddings), and one row. Times are in units of the slim model, or of the folded gate.',
    rows: Object.keys(NAMES).map(toRow),
    bars: [
      atMost('inference: slim AutoDeepFM / DeepFM by gathered pairs', quotient(median('slim'), median('pairs')), 0.6),
      atMost('inference: folded gate / not folded', quotient(median('folded'), median('unfolded')), 0.25),
      atMost('one-row predict of AutoFM, p50 in ms', median('one'), 2),
    ],
  };
}
