import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from '../../layers/field_layout';
import {compareInteractions} from '../interactions';
import {logitOf} from '../logistic';
import {loglossDifference} from '../metrics/logloss_difference';
import {INTERVAL} from '../statistics';
import {type GateRecord, type GateRows, gatesAtChosen, productsOf} from '../select/fit_gates';
import {fmForm} from '../select/forms';
import {gatedLogits} from '../decision/garrote';
import type {GarroteRows} from '../decision/gated_loss';
import {disposeParts, type HeldOutParts, heldOutParts} from '../select/held_out_parts';
import {type Interacting, interactingFields, mostInteracting} from '../components/interacting_fields';
import {idTable} from '../components/linear_model';
import {calibrated, recalibrate} from '../select/recalibrate';
import {ridgePath} from '../components/linear/ridge_path';
import {mayBeChance} from '../select/stability';
import {type Trainer, trainBySchedule} from '../components/products/trainer';
import {isGate, layersOf} from '../stages/model_layers';
import type {Selection} from '../stages/selection';
import {predicted} from '../training/evaluation';
import {type LabeledRows, rowsIn, type TrainingRows} from '../training/rows';
import {scheduleFor} from '../training/schedule';

/** What the gates say of interactions on newer rows; plain JSON. */
export interface SelectionReview {
  /** Interactions that the model lacks, and that the garrote opens in most half-samples. */
  gained: GateRecord[];
  /**
   * What all of them add on the other half of the held-out rows: logloss with them less logloss without, calibrated.
   */
  gain: {difference: number; standardError: number};
  /**
   * Kept interactions that the garrote closes in most half-samples, where the other half of the held-out rows shows
   * that the model is better without them; null where the model is not a plain sum of products.
   */
  lost: GateRecord[] | null;
  /** Whether a new selection would be another one by more than noise. */
  changed: boolean;
}

export interface ReviewArgs {
  /** The interactions of the model; none for logistic regression. */
  selection: Selection;
  fields: readonly FieldSpec[];
  train: TrainingRows;
  /** Rows that neither model has seen. */
  heldOut: LabeledRows;
  seed: number;
  trainer: Trainer;
}

/** Passes of the FM over the newer rows: its products have to tell pairs apart, not to win. */
const EPOCHS = 3;
/** Share of half-samples that agree on a gate that counts as sure. */
const SURE = 0.8;

/**
 * Run the gates again on newer rows. All pairs of an FM that is trained on these (in a table of
 * many fields, those of fields that say something by themselves) are offered to the model on top of
 * its own logit: gates are fitted to their products on one half of the held-out rows, and the other half says what the
 * open ones add. In the same way gates are fitted to the products that the model has.
 *
 * The selection has changed where the pairs that the model has not improve the logloss by more than its 95 % interval,
 * or where gates of pairs that it has stay closed, and the logloss improves as clearly without these.
 */
export async function reviewSelection(
  model: tfl.LayersModel,
  {selection, fields, train, heldOut, seed, trainer}: ReviewArgs,
): Promise<SelectionReview> {
  const interacting = await mayInteract(fields, train, seed);
  const form = fmForm({fields, embeddingDim: 16, l2: 0.012, interacting});
  const base = form.build(form.all, seed);
  const parts = heldOutParts(heldOut, seed);
  try {
    const name = `${form.name}, all ${form.all.length}`;
    const schedule = {...scheduleFor(rowsIn(train)), epochs: EPOCHS};
    await trainBySchedule(trainer, {name, purpose: 'base', model: base, train, schedule, seed});
    const has = new Set(selection.map(({fields}) => fields.join('\n')));
    const others = [...form.all.keys()].filter(p => !has.has(form.all[p].fields.join('\n')));
    const offered = [parts.gates, parts.choice].map(rows =>
      beside(model, rows, columnsOf(productsOf(base, rows), others)),
    );
    const outside = others.map(p => form.all[p]);
    const {gained, gain} = others.length === 0 ? NOTHING : gains({learnt: offered[0], held: offered[1]}, outside, seed);
    const lost = lostOf(model, selection, parts, seed);
    return {gained, gain, lost, changed: gained.length > 0 || (lost ?? []).length > 0};
  } finally {
    disposeParts(parts);
    base.dispose();
  }
}

/** The penalty of the logistic regression that says which fields of a wide table may interact. */
const RIDGE = 10;

async function mayInteract(
  fields: readonly FieldSpec[],
  train: TrainingRows,
  seed: number,
): Promise<Interacting | undefined> {
  if (fields.length <= mostInteracting(rowsIn(train))) return undefined;
  const table = await idTable(train, seed);
  return interactingFields(fields, table, ridgePath(table, fields, [RIDGE])[0]);
}

const NOTHING = {gained: [], gain: {difference: 0, standardError: 0}};

function gains(rows: GateRows, all: Selection, seed: number): Pick<SelectionReview, 'gained' | 'gain'> {
  const {held} = rows;
  const interactions = gatesAtChosen(rows, {all, seed});
  const alpha = Float64Array.from(interactions, gate => gate.alpha);
  const gain = change(held, {from: alpha.map(() => 0), to: alpha});
  const gained = isSaving(gain) ? interactions.filter(isConfirmed) : [];
  return {gain, gained: gained.sort((a, b) => b.held.gain - a.held.gain)};
}

/** How the logloss changes with other gates, calibrated before and after. */
function change(held: GarroteRows, {from, to}: Record<'from' | 'to', Float64Array>): SelectionReview['gain'] {
  const [before, after] = [from, to].map(alpha => {
    const logits = gatedLogits(held, {alpha, intercept: 0});
    return calibrated(logits, recalibrate(held.labels, logits, held.weights));
  });
  return loglossDifference(held.labels, after, before, held.weights);
}

/** Whether a change of the logloss is below 0 by its 95 % interval. */
function isSaving({difference, standardError}: SelectionReview['gain']): boolean {
  return difference + INTERVAL * standardError < 0;
}

/** Open in most half-samples, and useful on rows that it did not learn from. */
function isConfirmed({alpha, stability, held}: GateRecord): boolean {
  return alpha > 0 && shareOf(stability) >= SURE && !mayBeChance(held);
}

/** Null where they cannot be known; a model without interactions has none to lose. */
function lostOf(model: tfl.LayersModel, selection: Selection, parts: HeldOutParts, seed: number): GateRecord[] | null {
  if (selection.length === 0) return [];
  if (!isPlain(model, selection)) return null;
  return losses({learnt: productsOf(model, parts.gates), held: productsOf(model, parts.choice)}, selection, seed);
}

/**
 * Those whose gates stay closed, where the model is better without them on rows that no gate learnt from. Gates alone
 * would say too much: few rows close the gates of weak pairs.
 */
function losses(rows: GateRows, selection: Selection, seed: number): GateRecord[] {
  const gates = gatesAtChosen(rows, {all: inLayerOrder(selection), seed});
  const isClosed = ({alpha, stability}: GateRecord) => alpha === 0 && shareOf(stability) <= 1 - SURE;
  const from = new Float64Array(gates.length).fill(1);
  const to = Float64Array.from(gates, gate => Number(!isClosed(gate)));
  return isSaving(change(rows.held, {from, to})) ? gates.filter(isClosed) : [];
}

const shareOf = ({kept, samples}: GateRecord['stability']) => kept / samples;

/** As the columns of the model's products are: gate by gate, in canonical order. */
function inLayerOrder(selection: Selection): Selection {
  return [...selection].sort((a, b) => a.gate - b.gate || compareInteractions(a.interaction, b.interaction));
}

/**
 * Whether the model adds up one plain product for each interaction, without normalisation and alpha, and has no
 * crosses, which may say what a product does not.
 */
function isPlain(model: tfl.LayersModel, selection: Selection): boolean {
  const gates = layersOf(model).filter(isGate);
  const last = model.layers[model.layers.length - 1];
  return (
    last.getClassName() === 'Activation' &&
    !model.layers.some(layer => layer.getClassName() === 'CrossLinear') &&
    gates.every(gate => gate.alpha === null && gate.getConfig()['batchNorm'] === false && gate.outputMode === 'sum') &&
    gates.reduce((sum, {interactions}) => sum + interactions.length, 0) === selection.length
  );
}

/** Products with the logit of a model as their base. */
function beside(model: tfl.LayersModel, rows: LabeledRows, products: GarroteRows): GarroteRows {
  return {...products, base: Float32Array.from(predicted(model, rows), logitOf)};
}

function columnsOf(rows: GarroteRows, columns: readonly number[]): GarroteRows {
  const count = rows.products.length / rows.base.length;
  const products = new Float32Array(rows.base.length * columns.length);
  for (let row = 0; row < rows.base.length; row++) {
    columns.forEach((column, k) => {
      products[row * columns.length + k] = rows.products[row * count + column];
    });
  }
  return {...rows, products};
}
