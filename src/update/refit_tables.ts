import type * as tfl from '@tensorflow/tfjs-layers';
import {FieldLayout} from '../../layers/field_layout';
import {countParameters} from '../models/count_parameters';
import type {Recipe} from '../select/auto_select_args';
import {calibrateModel} from '../select/calibrate_model';
import {type Candidate, countOf, scoredOn} from '../select/candidate';
import {type EvidentGa2m, ga2mAgain, ga2mOfEvidence} from '../select/ga2m/ga2m_candidates';
import {meanLogits, meanShape, unionOf} from '../select/mean_candidate';
import {logitsOf} from '../components/products/model_products';
import {meanOfModels, trainForGood} from '../select/train_one';
import type {LabeledRows, TrainingRows} from '../training/rows';

/** A model with tables of the interactions that rows have evidence for. */
export interface WithTables {
  candidate: Candidate;
  /** Compiled and calibrated. The caller disposes it. */
  model: tfl.LayersModel;
  /** Its logits on the rows that were not trained on. */
  logits: ArrayLike<number>;
  /** The same trained on other rows. The caller disposes it. */
  on(rows: TrainingRows): Promise<tfl.LayersModel>;
}

/**
 * Train a GA2M of the interactions that rows have evidence for; where there is a candidate of products, the mean of
 * that GA2M and these products, which then have the pairs of the tables, too. Null where rows have evidence for none.
 *
 * @param choice Rows that were not trained on, which choose the lightness of tables, and calibrate.
 * @param products Of FM or FFM; null for a GA2M alone.
 */
export async function refitTables(
  recipe: Recipe,
  train: TrainingRows,
  choice: LabeledRows,
  products: Candidate | null,
): Promise<WithTables | null> {
  const tables = await ga2mOfEvidence(recipe, train, choice);
  if (tables === null) return null;
  if (products !== null) return meanWith(recipe, train, choice, {products, tables});
  const {candidate, logits} = tables;
  return {candidate, model: modelOf(tables), logits, on: rows => ga2mAgain(recipe, rows, tables)};
}

function modelOf({fitted, candidate}: EvidentGa2m): tfl.LayersModel {
  const model = fitted.model();
  calibrateModel(model, candidate.calibration);
  return model;
}

async function meanWith(
  recipe: Recipe,
  train: TrainingRows,
  choice: LabeledRows,
  {products, tables}: {products: Candidate; tables: EvidentGa2m},
): Promise<WithTables> {
  const pairs = recipe.formOf(products.form).all.length;
  const wide = widened(products, tables.candidate, pairs);
  const {own, model: ofProducts, logits} = await productsOn(recipe, train, choice, wide);
  const both = meanLogits([
    {candidate: own, logits},
    {candidate: tables.candidate, logits: tables.logits},
  ]);
  const {rows: values} = new FieldLayout('updateBundle', recipe.fields!);
  const candidate: Candidate = {
    ...meanShape(own, tables.candidate, {pairs, shared: values + 1}),
    ...scoredOn(choice, both),
    seconds: own.seconds + tables.candidate.seconds,
  };
  const calibratedMean = (model: tfl.LayersModel) => {
    calibrateModel(model, candidate.calibration);
    return model;
  };
  return {
    candidate,
    model: calibratedMean(meanOfModels(recipe, own, ofProducts, modelOf(tables))),
    logits: both,
    on: async rows => {
      const again = await trainForGood(recipe, rows, own);
      return calibratedMean(meanOfModels(recipe, own, again, await ga2mAgain(recipe, rows, tables)));
    },
  };
}

/** Products of the pairs that they have, and of those that have tables; what tables know needs no crosses. */
function widened(products: Candidate, tables: Candidate, pairs: number): Candidate {
  const selection = unionOf([products, tables]).filter(({order}) => order === 2);
  return {...products, name: `${products.form}, ${countOf(selection, pairs)}`, selection, crosses: false};
}

/** Products trained, with the calibration and the scores that new rows give them. */
async function productsOn(
  recipe: Recipe,
  train: TrainingRows,
  choice: LabeledRows,
  candidate: Candidate,
): Promise<{own: Candidate; model: tfl.LayersModel; logits: ArrayLike<number>}> {
  const start = performance.now();
  const model = await trainForGood(recipe, train, {...candidate, calibration: {intercept: 0, slope: 1}});
  const logits = logitsOf(model, choice.xs);
  const own = {...candidate, ...scoredOn(choice, logits), parameters: countParameters(model)};
  calibrateModel(model, own.calibration);
  return {own: {...own, seconds: (performance.now() - start) / 1000}, model, logits};
}
