import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from '../../layers/field_layout';
import type {IdTable} from '../components/linear/ridge_regression';
import {idTable, linearModel} from '../components/linear_model';
import type {Selection} from '../stages/selection';
import {areCopied, copiedRows, type CopiedRows, copiedWords} from '../warnings/copied_rows';
import type {Scores} from '../training/evaluation';
import {joinRows} from '../training/join_rows';
import {rowsChecksum} from '../training/rows_checksum';
import {checkInputs} from '../training/step_store';
import {type AutoSelectArgs, checkAutoSelect, type CheckedArgs} from './auto_select_args';
import {compareOnTest, type TestComparison} from './compare_on_test';
import {bestPenalty} from './decide';
import {type Decision, decisionInWords, type GatedComponent, openSelection} from './decision';
import {disposedOnError} from './disposed_on_error';
import {noBetterThanRate} from '../warnings/no_better_than_rate';
import {retrainDecision} from './retrain';
import {type DecisionSearch, searchDecision} from './search_decision';
import {type ModelSelection, selectInModel} from './select_in_model';
import {suspicion} from '../warnings/suspect_fields';

/** A model that the chosen one is compared with on the test rows. */
export interface Rival {
  /** Logistic regression, or products of all pairs on top of it. */
  role: 'linear' | 'all';
  /** Name for people, such as "FFM, all 45 pairs". */
  name: string;
  /** Number of its interactions. */
  interactions: number;
  /** Trained on all rows except the test rows, as the chosen model is. The caller disposes it. */
  model: tfl.LayersModel;
  test: TestComparison;
}

export interface AutoSelection {
  /** The model of the open components, trained on all rows except the test rows. The caller disposes it. */
  model: tfl.LayersModel;
  /** Its interactions, those that gain most first; none where no interaction is confirmed. */
  selection: Selection;
  /** Open components and the evidence behind the decision; plain JSON. */
  decision: Decision;
  /** Scores of the model on the test rows; null without them. */
  test: Scores | null;
  /** With test rows: logistic regression, unless it was chosen, and all pairs. */
  rivals: Rival[];
  /** Test rows, without these validation rows, that equal a training row. */
  copied: CopiedRows;
  /** Warnings about the rows, such as that positives are few. */
  warnings: string[];
}

/**
 * Find the interactions that matter and train a small model of them:
 *
 *   logit(x) = b + z(x) + sum_c alpha_c f_c(x),   alpha_c >= 0,
 *
 * where z is logistic regression and every component f_c is what one interaction adds in one family: products of
 * vectors (FFM on z), tables of groups of values, rates and counts of cells.
 *
 * 1. Fits z and every family without each fold of the training and validation rows, and evaluates them on it.
 * 2. Decides all gates at once on these numbers, which no component has seen: closed gates are gone, and of the open
 *    interactions the fewest that save nearly all stay.
 * 3. Trains the open components on all rows except the test rows and folds them into one model.
 * 4. Reads the test rows once: scores the model, and compares it with logistic regression and with all pairs.
 *
 * @throws AutofisError where rows do not fit the fields or an option breaks its rule; the reason of `signal` where
 *     that is aborted.
 *
 * @example
 * const {model, selection, decision} = await autoSelect({fields, train, validation, test});
 * console.log(selection.map(({fields}) => fields.join(' x ')).join(', '));
 * await model.save('file://model');
 */
export function autoSelect(args: AutoSelectArgs & {fields: readonly FieldSpec[]}): Promise<AutoSelection>;
/**
 * Find the interactions of a model with gates, and train it again with these alone: `SearchStage` on a copy of it, with
 * the validation rows as held-out rows, then `retrainModel` on all rows except the test rows.
 *
 * @throws AutofisError as above.
 */
export function autoSelect(args: AutoSelectArgs & {model: tfl.LayersModel}): Promise<ModelSelection>;
export async function autoSelect(args: AutoSelectArgs): Promise<AutoSelection | ModelSelection> {
  const checked = checkAutoSelect('autoSelect', args);
  return args.model === undefined ? selectComponents(args.fields!, checked) : selectInModel(args.model, checked);
}

async function selectComponents(fields: readonly FieldSpec[], checked: CheckedArgs): Promise<AutoSelection> {
  const where = 'autoSelect';
  await checkInputs(where, checked.store, () => inputsOf(fields, checked));
  const {test, onStep} = checked;
  const all = joinRows(checked.train, checked.validation);
  const table = await idTable(all.rows, checked.seed).finally(all.dispose);
  const {evidence, decision, options, warnings} = await searchDecision(table, fields, checked);
  onStep(`${decisionInWords(decision)} chosen`, {type: 'decided', decision});
  const model = await retrainDecision(table, decision, options);
  onStep('trained the chosen model on all rows', {type: 'retrained', role: 'chosen'});
  const selection = openSelection(decision);
  const copied = await copiedRows(checked.train, test ?? checked.validation, {
    widths: fields.map(({width = 1}) => width),
    seed: checked.seed,
  });
  if (areCopied(copied)) warnings.push(copiedWords(copied));
  if (test === undefined) return {model, selection, decision, test: null, rivals: [], copied, warnings};
  const rivals = await disposedOnError([model], () => rivalsOf(table, fields, {evidence, decision, options, checked}));
  return disposedOnError([model, ...rivals.map(rival => rival.model)], async () => {
    onStep('reads the test rows, once, after all decisions', {type: 'test'});
    const {scores, comparisons} = compareOnTest(
      model,
      rivals.map(rival => rival.model),
      test,
    );
    const suspect = areCopied(copied) ? null : suspicion(scores.auc, fields, {train: table, test});
    const useless = noBetterThanRate(scores, {validation: checked.validation, test});
    warnings.push(...[suspect, useless].filter(warning => warning !== null));
    return {
      model,
      selection,
      decision,
      test: scores,
      rivals: rivals.map((rival, i) => ({...rival, test: comparisons[i]})),
      copied,
      warnings,
    };
  });
}

/** Everything that the steps of a selection depend on. */
function inputsOf(fields: readonly FieldSpec[], {train, validation, schedule, effort, forbid, seed}: CheckedArgs) {
  return {fields, effort, forbid, train: rowsChecksum(train), validation: rowsChecksum(validation), schedule, seed};
}

/** Train logistic regression, unless it was chosen, and products of all pairs on the rows of the chosen model. */
async function rivalsOf(
  table: IdTable,
  fields: readonly FieldSpec[],
  {evidence, decision, options, checked}: Omit<DecisionSearch, 'warnings'> & {checked: CheckedArgs},
): Promise<Array<Omit<Rival, 'test'>>> {
  const rivals: Array<Omit<Rival, 'test'>> = [];
  if (decision.components.length > 0) {
    rivals.push({role: 'linear', name: 'LR', interactions: 0, model: linearModel(fields, evidence.linear)});
    checked.onStep('trained logistic regression on all rows', {type: 'retrained', role: 'linear'});
  }
  const penalty = bestPenalty(evidence);
  if (penalty !== null) {
    const {pairs} = options;
    const components = pairs.map((interaction): GatedComponent => ({
      component: {type: 'products', interaction, penalty},
      alpha: 1,
    }));
    const all = {ridge: evidence.linear.ridge, intercept: 0, components};
    const model = await disposedOnError(
      rivals.map(rival => rival.model),
      () => retrainDecision(table, all, options),
    );
    const name = `FFM, all ${pairs.length.toLocaleString('en')} pairs`;
    rivals.push({role: 'all', name, interactions: pairs.length, model});
    checked.onStep('trained products of all pairs on all rows', {type: 'retrained', role: 'all'});
  }
  return rivals;
}
