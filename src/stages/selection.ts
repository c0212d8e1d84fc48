import type * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkKeys, checkNumber} from '../checks';
import {AutofisError} from '../errors';
import {compareInteractions, Interaction, interactionName, Order} from '../interactions';
import {alphaOf, checkModel, findGates, Gate} from './gates';

/** One kept interaction; plain JSON. */
export interface SelectedInteraction {
  /** Names of the fields, in the order of `interaction`. */
  fields: string[];
  /** The gate's weight at the end of the search; never 0, negative ones count by |alpha|. */
  alpha: number;
  /** 1 for the largest |alpha| of the model. */
  rank: number;
  order: Order;
  /** Positions of the fields in the gate's input. */
  interaction: Interaction;
  /** Which of the model's gates it belongs to, counted from 0 in the order of the layers. */
  gate: number;
}

/** The kept interactions, largest |alpha| first. */
export type Selection = SelectedInteraction[];

interface SelectOptions {
  /** Drops what is below this share of the largest |alpha| of its gate; in [0, 1), default 0: only exact zeros go. */
  cut?: number;
  /** Keeps no more than this many, those of the largest |alpha| of the model; an integer >= 1. */
  keep?: number;
}

/**
 * The open gates of values alpha, largest |alpha| first (AutoFIS, section 3.2: an interaction is kept if alpha != 0).
 *
 * @throws AutofisError if an alpha is not a finite number.
 */
export function selectInteractions(
  gates: ReadonlyArray<{
    interactions: readonly Interaction[];
    order: Order;
    fieldNames: readonly string[];
    alpha: ArrayLike<number>;
  }>,
  {cut = 0, keep}: SelectOptions = {},
): Selection {
  gates.forEach(({alpha, interactions, fieldNames}, gate) => {
    const bad = Array.from(alpha).findIndex(a => !Number.isFinite(a));
    if (bad < 0) return;
    throw new AutofisError(
      `selectInteractions: alpha of ${interactionName(interactions[bad].map(i => fieldNames[i]))} in gate ${gate} ` +
        `must be a finite number. Received: ${alpha[bad]}. The training has diverged or got bad input.`,
    );
  });
  const selection = gates.flatMap(({interactions, order, fieldNames, alpha}, gate) => {
    const largest = Array.from(alpha).reduce((max, a) => Math.max(max, Math.abs(a)), 0);
    return interactions
      .map((interaction, p) => ({
        fields: interaction.map(i => fieldNames[i]),
        alpha: alpha[p],
        rank: 0,
        order,
        interaction,
        gate,
      }))
      .filter(({alpha}) => alpha !== 0 && Math.abs(alpha) >= cut * largest);
  });
  selection.sort(
    (a, b) =>
      Math.abs(b.alpha) - Math.abs(a.alpha) || a.gate - b.gate || compareInteractions(a.interaction, b.interaction),
  );
  return selection.slice(0, keep).map((selected, i) => ({...selected, rank: i + 1}));
}

/**
 * The selection that a model's gates hold now, e.g. after a training loop of your own.
 *
 * @throws AutofisError if the model has no gates, an option breaks its rule, or an alpha is not a finite number.
 * @example
 * const selection = selectionOf(model, {keep: 20});
 */
export function selectionOf(model: tfl.LayersModel, options: SelectOptions = {}): Selection {
  checkModel('selectionOf', model);
  checkKeys('selectionOf', options, ['cut', 'keep']);
  const {cut, keep} = options;
  if (cut !== undefined) checkNumber('selectionOf', 'cut', cut, '[0, 1)');
  if (keep !== undefined) checkInteger('selectionOf', 'keep', keep, 1);
  return openInteractions(findGates('selectionOf', model), options);
}

/** The interactions that gates of a model keep, by their alpha now. */
export function openInteractions(gates: readonly Gate[], options?: SelectOptions): Selection {
  return selectInteractions(
    gates.map(gate => ({
      interactions: gate.layer.interactions,
      order: gate.layer.order,
      fieldNames: gate.fieldNames,
      alpha: alphaOf(gate),
    })),
    options,
  );
}
