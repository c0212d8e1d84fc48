import {atMost, quotient} from '../bars';
import {Contestant} from '../contestant';
import {ours} from '../programs';
import type {Section} from '../report';
import {Context, inputRows} from './context';
import {rowOf} from './measured';

/** Whether tensors and memory stay where they are while a search goes on. */
export async function flat(context: Context): Promise<Section> {
  const title = 'Memory over many steps';
  const steps = context.quick ? 200 : 2000, batch = 500;
  const {rows} = inputRows(context, 100_000, batch);
  const contestant = await new Contestant(ours('ours, native', {rows, d: 16, hidden: [64, 64], backend: 'tfjs-node'})).ready();
  await contestant.warmUp({run: steps / 4});
  const before = contestant.info;
  await contestant.run({run: steps * 3 / 4});
  const after = contestant.info;
  await contestant.stop();
  const grown = 'tensors' in after && 'tensors' in before ? after['tensors'] - before['tensors'] : undefined;
  return {
    title,
    what: `${steps.toLocaleString('en')} steps of AutoDeepFM, d 16, MLP 2x64, batch ${batch}, 100,000 ids; growth after the first quarter.`,
    rows: [rowOf(title, contestant, undefined, batch,
        `${before['tensors']} to ${after['tensors']} tensors, ${Math.round(before['residentMB'])} to ${Math.round(after['residentMB'])} MB`)],
    bars: [
      atMost(`tensors gained in ${steps * 3 / 4} steps`, grown, 0),
      atMost('process memory at the end / after the first quarter', quotient(after['residentMB'], before['residentMB']), 1.02),
    ],
  };
}
