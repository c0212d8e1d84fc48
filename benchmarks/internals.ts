/**
 * What benchmarks and experiments take from inside the library, in one place: parts of a training that they time or
 * vary by themselves, and its statistics, so that their figures are computed as those of the library are.
 */
export {FieldAwareEmbedding} from '../layers/field_aware_embedding';
export {Partitioned} from '../optimizers/partitioned';
export {LogitShares} from '../src/bundle/logit_shares';
export type {Invocation} from '../src/cli/command';
export {outputTo} from '../src/cli/output';
export {dataPlan} from '../src/cli/steps/data_plan';
export {encodeStep} from '../src/cli/steps/encode';
export {openParts} from '../src/cli/steps/open_parts';
export {RunFolder} from '../src/cli/steps/run_folder';
export {growCatBoost} from '../src/cli/trees/cat_boost';
export {bytesOf, runTrees} from '../src/cli/trees/grown_trees';
export type {TunedTrees} from '../src/cli/trees/light_gbm';
export {tuneTrees} from '../src/cli/trees/light_gbm';
export type {TreeTable} from '../src/cli/trees/tree_table';
export {treeColumns, treeTable} from '../src/cli/trees/tree_table';
export type {TrainingJob} from '../src/components/products/trainer';
export {plainTrainer} from '../src/components/products/trainer';
export {FLIGHT_FIELDS} from '../src/data/presets/flights';
export {loadTensors} from '../src/data/shards/load_rows';
export type {FileSource} from '../src/data/sources/source';
export {literal} from '../src/sql_literals';
export {logitLoss, sigmoid} from '../src/logistic';
export {binaryCrossentropy} from '../src/metrics/binary_crossentropy';
export type {Precision} from '../src/native/precision';
export {setPrecision} from '../src/native/precision';
export {fileSystem} from '../src/runtime/file_system';
export {binsOf, isSpike, SpikeEdges} from '../src/schema/columns/spike_edges';
export {positiveInWords} from '../src/schema/label';
export {fittedField} from '../src/schema/vocabulary';
export {comparePredictions, verdictOn} from '../src/select/compare_on_test';
export type {HeldOutScores} from '../src/select/decision';
export {decisionInWords} from '../src/select/decision';
export {compare, deviation, estimate, INTERVAL, jaccard, mean, pearson, spearman} from '../src/statistics';
export {textTable} from '../src/text_table';
export type {NativeBackend} from '../src/tfjs_internals';
export {setOptimizer} from '../src/tfjs_internals';
export type {Scores} from '../src/training/evaluation';
export {predicted, score} from '../src/training/evaluation';
export {FiniteLoss} from '../src/stages/loss_watch';
export {fitModel} from '../src/training/fit_model';
export {joinRows} from '../src/training/join_rows';
export type {TrainingRows} from '../src/training/rows';
export {labelsOfRows, rowCount, takeRows} from '../src/training/rows';
export {batchesOf} from '../src/training/seeded_batches';
export type {UpdateReport} from '../src/update/update_words';
