import {registerAutofis} from './register';

export {AttentionEmbedding, attentionEmbedding} from '../layers/attention_embedding';
export type {AttentionEmbeddingArgs} from '../layers/attention_embedding';
export {AttentionalPooling, attentionalPooling} from '../layers/attentional_pooling';
export type {AttentionalPoolingArgs} from '../layers/attentional_pooling';
export {BiInteraction, biInteraction} from '../layers/bi_interaction';
export type {BiInteractionArgs} from '../layers/bi_interaction';
export {BilinearFusion, bilinearFusion} from '../layers/bilinear_fusion';
export type {BilinearFusionArgs} from '../layers/bilinear_fusion';
export {CompressedInteraction, compressedInteraction} from '../layers/compressed_interaction';
export type {CompressedInteractionArgs} from '../layers/compressed_interaction';
export {CrossLinear, crossLinear} from '../layers/cross_linear';
export type {CrossLinearArgs} from '../layers/cross_linear';
export {FeatureGate, featureGate} from '../layers/feature_gate';
export type {FeatureGateArgs} from '../layers/feature_gate';
export {FieldAttention, fieldAttention} from '../layers/field_attention';
export type {FieldAttentionArgs} from '../layers/field_attention';
export {FieldAwareEmbedding, fieldAwareEmbedding} from '../layers/field_aware_embedding';
export type {FieldAwareEmbeddingArgs} from '../layers/field_aware_embedding';
export {FieldEmbedding, fieldEmbedding} from '../layers/field_embedding';
export type {FieldEmbeddingArgs} from '../layers/field_embedding';
export type {FieldSpec} from '../layers/field_layout';
export {FieldLinear, fieldLinear} from '../layers/field_linear';
export type {FieldLinearArgs} from '../layers/field_linear';
export {fitCrosses} from '../layers/fit_crosses';
export type {Crosses, FitCrossesArgs} from '../layers/fit_crosses';
export {FixedBNInteraction, fixedBNInteraction} from '../layers/fixed_bn_interaction';
export type {FixedBNInteractionArgs} from '../layers/fixed_bn_interaction';
export {GatedInteraction, gatedInteraction} from '../layers/gated_interaction';
export type {GatedInteractionArgs} from '../layers/gated_interaction';
export {NumericEmbedding, numericEmbedding} from '../layers/numeric_embedding';
export type {NumericEmbeddingArgs} from '../layers/numeric_embedding';
export {OuterProduct, outerProduct} from '../layers/outer_product';
export type {OuterProductArgs} from '../layers/outer_product';
export {PairNetworks, pairNetworks} from '../layers/pair_networks';
export type {PairNetworksArgs} from '../layers/pair_networks';
export {SeededDropout, seededDropout} from '../layers/seeded_dropout';
export type {SeededDropoutArgs} from '../layers/seeded_dropout';

export {GRDA, grda, grdaThreshold, softThreshold} from '../optimizers/grda';
export type {GRDAArgs} from '../optimizers/grda';
export {LazyAdam, lazyAdam} from '../optimizers/lazy_adam';
export type {LazyAdamArgs} from '../optimizers/lazy_adam';
export {Partitioned, partitioned} from '../optimizers/partitioned';
export type {PartitionedArgs, PartitionGroup} from '../optimizers/partitioned';

export type {GrdaPlan} from './stages/grda_plan';
export type {HeldOut} from './stages/held_out';
export type {HeldOutEvidence} from './stages/held_out_decision';
export {pruneModel} from './stages/prune';
export {randomSelection} from './stages/random_selection';
export type {RandomSelectionArgs} from './stages/random_selection';
export {retrainModel} from './stages/retrain';
export type {RetrainOptions} from './stages/retrain';
export {SearchStage} from './stages/search';
export type {SearchStageArgs} from './stages/search_args';
export {selectInteractions, selectionOf} from './stages/selection';
export type {SelectedInteraction, Selection, SelectOptions} from './stages/selection';
export {TwoStage} from './stages/two_stage';
export type {TwoStageArgs} from './stages/two_stage';

export {mostInteracting} from './components/interacting_fields';
export {modelParts} from './components/model_parts';
export type {ModelParts} from './components/model_parts';
export {effortPlan} from './select/effort';
export type {EffortPlan} from './select/effort';
export {evidenceFor} from './select/folds';

export {checkSchema} from './schema/check_schema';
export type {
  CategoricalRule,
  DatePart,
  DateTimeRule,
  FieldRule,
  HashedRule,
  LabelRule,
  MultiValuedRule,
  NumericRule,
  Schema,
} from './schema/schema';
export {driftReport} from './schema/drift';
export type {DriftReport, FieldDrift, FieldShares} from './schema/drift';
export {growVocabulary} from './schema/grow_vocabulary';
export type {AddedValues, GrownVocabulary} from './schema/grow_vocabulary';
export {RowEncoder} from './schema/row_encoder';
export type {EncodedRows, FieldCounts, Row, RowIssue, RowValue} from './schema/row_encoder';
export {checkFitted, fieldSpecs, schemaHash} from './schema/vocabulary';
export type {FittedField, FittedSchema} from './schema/vocabulary';

export {autoSelect} from './select/auto_select';
export type {AutoSelection, Rival} from './select/auto_select';
export {compareOnTest} from './select/compare_on_test';
export type {TestComparison} from './select/compare_on_test';
export type {AutoSelectArgs, SelectStep} from './select/auto_select_args';
export type {ModelSelection} from './select/select_in_model';
export {isUncertain} from './select/decision';
export type {
  Decision,
  FieldGain,
  GatedComponent,
  HeldOutScores,
  InteractionEvidence,
  JudgedInteraction,
} from './select/decision';
export type {Effort} from './select/effort';
export type {Evidence} from './select/folds';
export type {Component, VectorPenalty} from './components/component';
export type {Ridge} from './components/linear/ridge_penalty';
export type {FoldedRows} from './decision/cross_fit';
export {decideGates} from './decision/decide_gates';
export type {DecideOptions, GateDecision, GroupEvidence, PathPoint} from './decision/decide_gates';
export {garrote, gatedLogits} from './decision/garrote';
export type {GarroteRows} from './decision/gated_loss';
export type {GarroteFit, GarroteOptions} from './decision/garrote';
export {modelProducts} from './components/products/model_products';
export type {ModelProducts} from './components/products/model_products';
export type {Trainer, TrainingJob} from './components/products/trainer';
export {fitModel} from './training/fit_model';
export type {FitArgs} from './training/fit_model';
export {scheduleFor} from './training/schedule';
export type {Schedule} from './training/schedule';
export type {StepStore} from './training/step_store';
export {growModel} from './update/grow_model';
export type {GrownModel} from './update/grow_model';
export {judgeSelection} from './judge/judge_selection';
export type {JudgeArgs} from './judge/judge_selection';
export type {ContestantName, Duel, Standing, Verdict} from './judge/verdict';
export type {Form, Retraining} from './judge/contestants';
export {areCopied} from './training/copied_rows';
export type {CopiedRows} from './training/copied_rows';
export type {Scores} from './training/evaluation';
export type {LabeledRows, TrainingRows} from './training/rows';
export {SeededBatches} from './training/seeded_batches';
export type {TrainingArgs} from './training/train_to_best';
export {weightedBatches} from './training/weighted_batches';
export type {Batch, BatchIterator, BatchSource} from './training/weighted_batches';

export {evaluateModel, evaluateSelection} from './record/evaluate_model';
export type {EvaluateModelArgs} from './record/evaluate_model';
export {interactionAuc} from './record/interaction_auc';
export {recordRun} from './record/record_run';
export type {RecordRunArgs, SearchFound, SelectionFound} from './record/record_run';
export type {
  AlphaRecord,
  AssumptionRecord,
  CalibrationBin,
  InteractionRecord,
  ModelComparison,
  ModelRecord,
  RunRecord,
  RunVerdict,
  SearchRecord,
  SelectedBy,
  SettingValue,
  StageRecord,
  ValueExample,
} from './record/run_record';
export {StageRecorder} from './record/stage_recorder';
export type {ValueNames} from './record/value_examples';
export type {IdRows} from './record/id_rows';

export {allInteractions, compareInteractions, interactionName} from './interactions';
export type {Interaction, Order} from './interactions';
export {auc} from './metrics/auc';
export {aucDifference} from './metrics/auc_difference';
export type {AucDifference} from './metrics/auc_difference';
export {calibration, expectedCalibrationError} from './metrics/calibration';
export {EpochMetrics, evaluateMetrics} from './metrics/epoch_metrics';
export type {EpochMetricsArgs, MetricDataset, MetricRows} from './metrics/epoch_metrics';
export {gauc} from './metrics/gauc';
export {logloss} from './metrics/logloss';
export {loglossDifference} from './metrics/logloss_difference';
export type {LoglossDifference} from './metrics/logloss_difference';
export {MetricAccumulator} from './metrics/metric_accumulator';
export type {MetricName, ProbabilityMetric} from './metrics/metric_accumulator';
export {mae, r2, rmse} from './metrics/regression';
export type {RegressionMetric} from './metrics/regression';
export {relativeImprovement} from './metrics/relative_improvement';
export {RestoreBest} from './metrics/restore_best';
export type {RestoreBestArgs} from './metrics/restore_best';
export {predictBatches} from './training/predict_batches';
export type {BatchIds, IdBatch} from './training/predict_batches';
export {AutofisError} from './errors';
export {INTERVAL} from './statistics';
export type {Comparison, Estimate} from './statistics';
export {registerAutofis};

registerAutofis();
