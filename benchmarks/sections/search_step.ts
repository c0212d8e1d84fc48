import type {Bar} from '../../examples/flights/summary';
import {atLeast, atMost, quotient} from '../bars';
import {Contestant, takeTurns} from '../contestant';
import {NO_BFLOAT16} from '../native';
import {keras, mlpAlone, ours, type SearchInput, stock, torch} from '../programs';
import {Section, digits} from '../report';
import {relativeDifference} from '../statistics';
import {BATCH, Context, searchInput} from './context';
import {medianOf, rowOf, versionsOf} from './measured';

/** A size of AutoDeepFM. */
export interface Size {
  d: number;
  hidden: number[];
}

/** The two sizes of the published models: d 16 with 3x400 and d 20 with 5x700. */
export const SIZES: Record<'small' | 'large', Size> = {
  small: {d: 16, hidden: [400, 400, 400]},
  large: {d: 20, hidden: [700, 700, 700, 700, 700]},
};

/** Losses of the first step may differ by this much: float32 sums in another order. */
export const LOSS_TOLERANCE = 1e-4;

/** What a step would have to take where a ratio of times was not reached, beside what its MLP alone takes. */
function limits(bars: Bar[], time: number | undefined, mlp: number | undefined): string {
  const missed = bars.filter(({holds, value}) => !holds && Number.isFinite(value));
  if (missed.length === 0 || time === undefined || mlp === undefined) return '';
  const needed = missed.map(({name, value, bar}) => `- ${name} ${bar}: a step of ${digits((time * value) / bar)} ms`);
  return (
    `The bars that are not reached would need:\n\n${needed.join('\n')}\n\nThe MLP's own forward and backward ` +
    'pass takes ' +
    `${digits(mlp)} ms with our kernels, which is the least that a step around it can take; ` +
    `all else in our step takes ${digits(time - mlp)} ms. ` +
    'See the rate of the matrix products in [profile.md](profile.md).'
  );
}

/** Those whose dense layers multiply in bfloat16. */
interface Mixed {
  lead: Contestant;
  torch: Contestant;
  keras: Contestant;
  floor: Contestant;
  ownFloor: Contestant;
}

/** Ready; null on a processor that is not faster in bfloat16. */
async function mixedContestants(python: string, input: SearchInput): Promise<Mixed | null> {
  const lead = new Contestant(ours('ours, native, bfloat16', {...input, backend: 'native', mixed: true}));
  await lead.ready();
  if (lead.failure === NO_BFLOAT16) return null;
  const others = {
    torch: new Contestant(torch(python, 'autocast', input)),
    keras: new Contestant(keras(python, input, true)),
    floor: new Contestant(mlpAlone(input, 'stock in bfloat16')),
    ownFloor: new Contestant(mlpAlone(input, 'ours in bfloat16')),
  };
  for (const contestant of Object.values(others)) await contestant.ready();
  return {lead, ...others};
}

/** How far the losses of the first step are from those in float32. */
function mixedNotes(mixed: Mixed, lead: Contestant): string[] {
  return [mixed.lead, mixed.torch, mixed.keras].map(({failure, losses}) =>
    failure === null && lead.failure === null
      ? `first loss ${relativeDifference(losses[0], lead.losses[0]).toExponential(0)} off float32`
      : '',
  );
}

function mixedBars(mixed: Mixed, strong: Contestant, small: boolean, d: number): Bar[] {
  const time = medianOf(mixed.lead);
  const step = `search step in bfloat16, d ${d}`;
  const least = small ? 1.6 : 1.3;
  return [
    atLeast(
      `${step}: time of the strongest PyTorch in float32 / ours`,
      quotient(medianOf(strong), time),
      small ? 2 : 1.9,
    ),
    atLeast(`${step}: time of PyTorch with bfloat16 autocast / ours`, quotient(medianOf(mixed.torch), time), 1.3),
    atLeast(`${step}: time of Keras with mixed_bfloat16 / ours`, quotient(medianOf(mixed.keras), time), 1.5),
    atMost(`${step}: ours / its MLP alone by TensorFlow's products`, quotient(time, medianOf(mixed.floor)), least),
    atMost(`${step}: ours / its MLP alone with our kernels`, quotient(time, medianOf(mixed.ownFloor)), least),
  ];
}

/** Search step of AutoDeepFM: ours against every peer. */
export async function searchStep(context: Context, {d, hidden}: Size): Promise<Section> {
  const small = d === SIZES.small.d;
  const input = searchInput(context, d, hidden);
  const {python, quick} = context;
  const lead = new Contestant(ours('ours, native', {...input, backend: 'native'}));
  const wasm = small ? [new Contestant(ours('ours, wasm', {...input, backend: 'wasm'}))] : [];
  const strong = new Contestant(torch(python, 'strong', input));
  const authors = new Contestant(torch(python, 'authors', input));
  const inKeras = new Contestant(keras(python, input));
  const plain = new Contestant(stock(input));
  const floor = new Contestant(mlpAlone(input, 'stock'));
  const ownFloor = new Contestant(mlpAlone(input, 'ours'));
  const floors = [floor, ownFloor, new Contestant(torch(python, 'mlp', input))];
  const models = [lead, ...wasm, strong, authors, inKeras, plain];
  const mixed = await mixedContestants(python, input);
  const all = [...models, ...floors, ...(mixed === null ? [] : Object.values(mixed))];
  for (const contestant of [...models, ...floors]) await contestant.ready();
  await takeTurns(all, {warmUp: 3, rounds: quick ? 3 : 10, steps: quick ? 1 : 3});
  await Promise.all(all.map(contestant => contestant.stop()));

  const title = `Search step, d ${d}, MLP ${hidden.length}x${hidden[0]}`;
  const time = medianOf(lead);
  const bars: Bar[] = [];
  const losses = models.map(contestant => {
    if (contestant === lead) return `first loss ${lead.losses[0]?.toFixed(6)}`;
    if (contestant.failure !== null || lead.failure !== null) return '';
    const difference = relativeDifference(contestant.losses[0], lead.losses[0]);
    bars.push(atMost(`first loss of ${contestant.program.name} against ours, d ${d}`, difference, LOSS_TOLERANCE));
    const later = relativeDifference(contestant.losses[1], lead.losses[1]).toExponential(0);
    return (
      `${difference <= LOSS_TOLERANCE ? 'same first loss' : `OTHER first loss ${contestant.losses[0]}`}, ` +
      `second one ${later} off`
    );
  });
  if (mixed !== null) losses.push(...floors.map(() => ''), ...mixedNotes(mixed, lead));
  const peers = bars.length;
  bars.push(
    atLeast(
      `search step, d ${d}: time of the strongest PyTorch / ours`,
      quotient(medianOf(strong), time),
      small ? 1.35 : 1.2,
    ),
    atLeast(`search step, d ${d}: time of the authors' PyTorch / ours`, quotient(medianOf(authors), time), 4),
  );
  if (!small) {
    bars.push(
      atMost(`search step, d ${d}: ours / tfjs-node's MLP alone`, quotient(time, medianOf(floor)), 1.4),
      atMost(
        `search step, d ${d}: ours / tfjs-node's MLP alone with our kernels`,
        quotient(time, medianOf(ownFloor)),
        1.4,
      ),
    );
  }
  for (const contestant of wasm) {
    bars.push(atLeast(`search step on wasm, d ${d}: examples/s`, quotient(BATCH * 1e3, medianOf(contestant)), 2800));
  }
  const remark = limits(bars.slice(peers, peers + 2), time, medianOf(ownFloor));
  if (mixed !== null) bars.push(...mixedBars(mixed, strong, small, d));
  return {
    title,
    ...(remark === '' ? {} : {remark}),
    what:
      `One training step, batch ${BATCH}, 1,000,000 ids: linear part, 741 gated and normalised pairs, MLP; ` +
      'alpha by gRDA, the rest by Adam. ' +
      '"MLP alone" is its forward and backward pass without an optimizer. ' +
      (mixed === null
        ? 'This processor is not faster in bfloat16, so there are no rows for it.'
        : 'In the rows with bfloat16, dense layers multiply in it; all else is float32.'),
    rows: all.map((contestant, i) => rowOf(title, contestant, time, BATCH, losses[i])),
    bars,
    versions: versionsOf(all),
  };
}
