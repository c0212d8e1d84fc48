import type {FieldSpec} from '../../layers/field_layout';
import {FieldLayout} from '../../layers/field_layout';
import {type Component, familiesOf, interactionOf, type VectorPenalty} from '../components/component';
import {gains} from '../decision/confirm_gates';
import {decideGates, type GateDecision} from '../decision/decide_gates';
import {meanLoss, rowLosses} from '../decision/row_losses';
import {compareInteractions, type Interaction, type Order} from '../interactions';
import {auc} from '../metrics/auc';
import {mean} from '../statistics';
import type {Scores} from '../training/evaluation';
import type {ComponentEvidence} from './component_evidence';
import type {Decision, FieldGain, GatedComponent, HeldOutScores, JudgedInteraction} from './decision';
import type {Evidence} from './folds';
import {penaltiesOf} from './retrain';

/** Inputs of a decision other than the evidence of the components. */
export interface DecideArgs {
  fields: readonly FieldSpec[];
  /** Pairs that were offered; those without a component are closed. */
  pairs: readonly Interaction[];
  evidence: Evidence;
  /** Share of the gates' saving that closed interactions may give up. */
  share: number;
  seed: number;
}

type HeldOut = Pick<ComponentEvidence, 'components' | 'rows'>;

/** Decide which components stay open, by rows that they were not fitted to. */
export function decide(found: ComponentEvidence, {fields, pairs, evidence, share, seed}: DecideArgs): Decision {
  const {components, rows, fresh, linear, effects} = found;
  const interactions = interactionsOf(components, pairs);
  const position = new Map(interactions.map((interaction, g) => [`${interaction}`, g]));
  const groups = components.map(component => position.get(`${interactionOf(component)}`) ?? -1);
  const gates = decideGates(
    {...rows, families: familiesOf(components)},
    {groups, orders: interactions.map(({length}) => length), share, seed, fresh},
  );
  const {alpha, intercept} = gates.fit;
  const {embedded} = new FieldLayout('autoSelect', fields);
  return {
    evidence,
    rows: fresh.base.length,
    ridge: linear.ridge,
    intercept,
    components: components
      .map((component, c): GatedComponent => ({component, alpha: alpha[c]}))
      .filter(gated => gated.alpha > 0),
    path: gates.path,
    chosen: gates.chosen,
    interactions: interactions.map((interaction, g): JudgedInteraction => ({
      gate: 0,
      order: interaction.length as Order,
      interaction,
      fields: interaction.map(f => embedded[f].name),
      alpha: groups.reduce((most, group, c) => (group === g ? Math.max(most, alpha[c]) : most), 0),
      ...gates.groups[g],
    })),
    fields: fieldGains(fields, effects, fresh, gates.logits),
    scores: scoresOf(found, gates),
  };
}

/** Pairs that were offered, and triples with a component, in canonical order. */
function interactionsOf(components: readonly Component[], pairs: readonly Interaction[]): Interaction[] {
  const all = new Map(
    [...pairs, ...components.map(interactionOf)].flatMap(interaction =>
      interaction === null ? [] : [[`${interaction}`, interaction]],
    ),
  );
  return [...all.values()].sort((a, b) => a.length - b.length || compareInteractions(a, b));
}

/** Rise of the logloss where the effect of one field in logistic regression is replaced by its mean. */
function fieldGains(
  fields: readonly FieldSpec[],
  effects: readonly Float32Array[],
  rows: ComponentEvidence['rows'],
  logits: Float64Array,
): FieldGain[] {
  const centres = effects.map(effect => mean(Array.from(effect)));
  const sums = new Map(effects.map((effect, f) => [f, effect.map(z => z - centres[f])]));
  const gainOf = gains(rows, {logits, sums});
  return fields.map(({name}, f) => ({field: name, ...gainOf(f)}));
}

function scoresOf(found: ComponentEvidence, {logits, random}: GateDecision): HeldOutScores {
  const {components, fresh: rows} = found;
  const scores = (values: ArrayLike<number>): Scores => ({
    auc: auc(rows.labels, values, rows.weights),
    logloss: meanLoss(rowLosses(values, rows), rows),
  });
  const penalty = bestPenalty(found);
  return {
    linear: scores(rows.base),
    selection: scores(logits),
    all: penalty === null ? null : scores(productLogits({components, rows}, penalty)),
    random: random.map(scores),
  };
}

/** Logits of the products of all pairs with one penalty, without gates. */
export function productLogits({components, rows}: HeldOut, penalty: VectorPenalty): Float64Array {
  const columns = components.flatMap((component, c) =>
    component.type === 'products' && JSON.stringify(component.penalty) === JSON.stringify(penalty) ? [c] : [],
  );
  return new Float64Array(rows.base).map((z, i) =>
    columns.reduce((sum, c) => sum + rows.products[i * components.length + c], z),
  );
}

/** The penalty whose products of all pairs predict held rows best; null without products. */
export function bestPenalty(held: HeldOut): VectorPenalty | null {
  const losses = penaltiesOf(held.components).map(penalty => ({
    penalty,
    loss: meanLoss(rowLosses(productLogits(held, penalty), held.rows), held.rows),
  }));
  return losses.sort((a, b) => a.loss - b.loss).at(0)?.penalty ?? null;
}
