import {atMost, quotient} from '../bars';
import {Contestant} from '../contestant';
import {exported} from '../programs';
import type {Section} from '../report';
import {spread} from '../statistics';
import {Context, inputRows, MILLION} from './context';
import {SIZES} from './search_step';

const NAMES: Record<string, string> = {
  onnx: 'ONNX, ONNX Runtime',
  graph: 'graph model, tfjs-node',
  stock: 'stock layers, tfjs-node',
  ours: 'the model itself, tfjs-node',
};

/** One-row predictions of what a slim model is exported to. */
export async function exportsSection(context: Context): Promise<Section> {
  const title = 'Exports, one row';
  const {rows} = inputRows(context, MILLION);
  const contestant = await new Contestant(exported({...SIZES.small, rows, folder: context.folder})).ready();
  const ms: Record<string, number[]> = {};
  for (const what of Object.keys(NAMES)) {
    await contestant.warmUp({run: 200, what});
    ms[what] = await contestant.run({run: context.quick ? 500 : 3000, what});
  }
  const apart = {...contestant.info};
  await contestant.stop();
  const median = (what: string) => ((ms[what]?.length ?? 0) > 0 ? spread(ms[what]).median : undefined);
  return {
    title,
    what:
      "a slim AutoDeepFM of Criteo's shape (39 fields, 1 M ids, d 16, MLP 3x400, " +
      '178 of 741 pairs) predicts one row; each call makes its own input.',
    rows: Object.entries(NAMES).map(([what, name]) =>
      median(what) === undefined
        ? {section: title, name, note: `missing: ${contestant.failure ?? 'it did not run'}`}
        : {
            section: title,
            name,
            ms: spread(ms[what]),
            examples: 1e3 / median(what)!,
            ratio: quotient(median(what), median('ours')),
            note: what === 'ours' ? '' : `at most ${apart[what]?.toExponential(0)} from the model`,
          },
    ),
    bars: [
      atMost('one-row predict of slim AutoDeepFM in ONNX Runtime, p50 in ms', median('onnx'), 0.5),
      atMost(
        'exports: largest difference to the model',
        contestant.failure === null ? Math.max(...Object.values(apart)) : undefined,
        1e-5,
      ),
    ],
  };
}
