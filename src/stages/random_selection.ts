import type * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkKeys} from '../checks';
import {invalidArgument} from '../errors';
import {compareInteractions} from '../interactions';
import {seededRandom, shuffle} from '../random';
import {checkModel, checkStart, findGates} from './gates';
import {selectInteractions, Selection} from './selection';

export interface RandomSelectionArgs {
  /**
   * Number of interactions in the whole model, or one number for each gate, in the order of the layers.
   * A fair comparison with a selection needs sets with as many pairs and as many triples.
   */
  size: number | readonly number[];
  /** Seed of the set, an integer >= 0; equal seeds give equal sets. */
  seed: number;
}

/**
 * A random set of a model's interactions in the form of a selection, all sets of its size equally likely; alpha is
 * where the gates start. The baseline that a searched selection has to beat.
 *
 * @throws AutofisError on an unknown option, a `size` above the number of interactions, and gates that start at
 * `alphaInit` 0.
 * @example
 * const random = randomSelection(model, {size: search.selection.length, seed: 1});
 * const slim = retrainModel(model, random);
 */
export function randomSelection(model: tfl.LayersModel, args: RandomSelectionArgs): Selection {
  const where = 'randomSelection';
  checkModel(where, model);
  checkKeys(where, args, ['size', 'seed']);
  const {size, seed} = args;
  checkInteger(where, 'seed', seed, 0);
  const gates = findGates(where, model);
  checkStart(where, gates);
  if (typeof size !== 'number' && size?.length !== gates.length)
    throw invalidArgument(where, 'size', `be a number, or a list of ${gates.length}: one for each gate`, size);
  const ofGates = gates.map(({layer}, gate) => layer.interactions.map(interaction => ({gate, interaction})));
  const random = seededRandom(seed);
  const drawn =
    typeof size === 'number'
      ? draw(ofGates.flat(), size, random)
      : ofGates.flatMap((ofGate, g) => draw(ofGate, size[g], random));
  return selectInteractions(
    gates.map(({layer, fieldNames}, g) => ({
      interactions: drawn
        .filter(({gate}) => gate === g)
        .map(({interaction}) => interaction)
        .sort(compareInteractions),
      order: layer.order,
      fieldNames,
      alpha: layer.interactions.map(() => layer.alphaInit),
    })),
  );
}

function draw<T>(all: readonly T[], size: number, random: () => number): T[] {
  if (!Number.isInteger(size) || size < 0 || size > all.length) {
    const rule = `be an integer from 0 to ${all.length}, the number of interactions`;
    throw invalidArgument('randomSelection', 'size', rule, size);
  }
  return shuffle([...all], random).slice(0, size);
}
