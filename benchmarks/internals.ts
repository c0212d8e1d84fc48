/**
 * What benchmarks and experiments take from inside the library, in one place: parts of a training that they time or
 * vary by themselves, and its statistics, so that their figures are computed as those of the library are.
 */
export type {Invocation} from '../src/cli/command';
export {dataPlan} from '../src/cli/steps/data_plan';
export {encodeStep} from '../src/cli/steps/encode';
export {openPart} from '../src/cli/steps/open_part';
export {RunFolder} from '../src/cli/steps/run_folder';
export {tuneTrees} from '../src/cli/trees/light_gbm';
export type {TunedTrees} from '../src/cli/trees/light_gbm';
export {bytesOf, runTrees} from '../src/cli/trees/run_trees';
export {treeColumns, treeTable} from '../src/cli/trees/tree_table';
export type {TreePart, TreeTable} from '../src/cli/trees/tree_table';
export {FLIGHT_FIELDS} from '../src/data/presets/flights';
export {loadTensors} from '../src/data/shards/load_rows';
export {literal} from '../src/data/sql/literals';
export {formOf, forms} from '../src/judge/contestants';
export {logitLoss, logitOf, sigmoid} from '../src/logistic';
export {binsOf, isSpike, SpikeEdges} from '../src/schema/columns/spike_edges';
export {binaryCrossentropy} from '../src/metrics/binary_crossentropy';
export type {NativeBackend} from '../src/tfjs_internals';
export {setPrecision} from '../src/native/precision';
export type {Precision} from '../src/native/precision';
export {pearson, spearman} from '../src/record/correlation';
export {positiveInWords} from '../src/schema/label';
export {fittedField} from '../src/schema/vocabulary';
export {comparePredictions, wordsFor} from '../src/select/compare_on_test';
export {decisionInWords} from '../src/select/decision';
export type {Decision, HeldOutScores, JudgedInteraction} from '../src/select/decision';
export {calibrated, lastingCalibration} from '../src/select/recalibrate';
export {plainTrainer} from '../src/components/products/trainer';
export {compare, deviation, estimate, jaccard, mean} from '../src/statistics';
export {setOptimizer} from '../src/tfjs_internals';
export {inferenceSeconds, predicted, score} from '../src/training/evaluation';
export type {Scores} from '../src/training/evaluation';
export {joinRows} from '../src/training/join_rows';
export {labelsOfRows, rowCount, takeRows} from '../src/training/rows';
export {batchesOf} from '../src/training/seeded_batches';
export {trainToBest} from '../src/training/train_to_best';
export type {Training} from '../src/training/train_to_best';
