import {atMost} from '../bars';
import {Contestant} from '../contestant';
import {ours} from '../programs';
import type {Section} from '../report';
import {Context, inputRows} from './context';
import {rowOf} from './measured';

/** Whether the numbers of tensors and bytes stay constant during a search. */
export async function flat(context: Context): Promise<Section> {
  const title = 'Memory over many steps';
  const steps = context.quick ? 200 : 2000;
  const batch = 500;
  const {rows} = inputRows(context, 100_000, batch);
  const contestant = await new Contestant(
    ours('ours, native', {rows, d: 16, hidden: [64, 64], backend: 'native'}),
  ).ready();
  const seen: Array<Record<string, number>> = [];
  for (let quarter = 0; quarter < 4; quarter++) {
    await contestant.run({run: steps / 4, what: 'collect'});
    seen.push(contestant.info);
  }
  await contestant.stop();
  const series = (name: string) => seen.map(info => Math.round(info[name] ?? NaN));
  const [tensors, resident] = [series('tensors'), series('residentMB')];
  const ran = contestant.failure === null;
  return {
    title,
    what:
      `${steps.toLocaleString('en')} steps of AutoDeepFM, d 16, MLP 2x64, batch ${batch}, 100,000 ids; ` +
      'figures after each quarter, garbage collected.',
    rows: [
      rowOf(
        title,
        contestant,
        undefined,
        batch,
        `tensors ${tensors.join(', ')}; process memory ${resident.join(', ')} MB; ` +
          `JavaScript heap ${series('heapMB').join(', ')} MB`,
      ),
    ],
    bars: [
      atMost(`tensors gained in ${(steps * 3) / 4} steps`, ran ? tensors[3] - tensors[0] : undefined, 0),
      atMost('process memory at the end / after the first quarter', ran ? resident[3] / resident[0] : undefined, 1.02),
    ],
  };
}
