/**
 * What benchmarks and experiments take from inside the library, in one place: parts of a training that they time or
 * vary by themselves, and its statistics, so that their figures are computed as those of the library are.
 */
export type {Invocation} from '../src/cli/command';
export {dataPlan} from '../src/cli/steps/data_plan';
export {encodeStep} from '../src/cli/steps/encode';
export {openPart} from '../src/cli/steps/open_part';
export {RunFolder} from '../src/cli/steps/run_folder';
export {loadModel} from '../src/cli/steps/saved_models';
export {selectStep} from '../src/cli/steps/select';
export type {SelectResult} from '../src/cli/steps/select';
export {tuneTrees} from '../src/cli/trees/light_gbm';
export type {TunedTrees} from '../src/cli/trees/light_gbm';
export {bytesOf, runTrees} from '../src/cli/trees/run_trees';
export {treeColumns, treeTable} from '../src/cli/trees/tree_table';
export type {TreeTable} from '../src/cli/trees/tree_table';
export {FLIGHT_FIELDS} from '../src/data/presets/flights';
export {loadTensors} from '../src/data/shards/load_rows';
export {literal} from '../src/data/sql/literals';
export {everything, formOf, forms} from '../src/judge/contestants';
export {binsOf, isSpike, SpikeEdges} from '../src/schema/columns/spike_edges';
export type {NativeBackend} from '../src/tfjs_internals';
export {setPrecision} from '../src/native/precision';
export type {Precision} from '../src/native/precision';
export {pearson, spearman} from '../src/record/correlation';
export {positiveInWords} from '../src/schema/label';
export {fittedField} from '../src/schema/vocabulary';
export {checkAutoSelect} from '../src/select/auto_select_args';
export {trainForGood} from '../src/select/train_one';
export {withAll} from '../src/select/candidate';
export {comparePredictions, wordsFor} from '../src/select/compare_on_test';
export {productsOf} from '../src/select/fit_gates';
export {evidenceOf, gatesBehind} from '../src/select/gates_behind';
export {isUnstable, mayBeChance} from '../src/select/stability';
export {plainTrainer} from '../src/select/trainer';
export {findGates} from '../src/stages/gates';
export {compileArgs} from '../src/stages/model_state';
export {compileLike, rebuildModel} from '../src/stages/rebuild';
export {baseOptimizer} from '../src/stages/search_optimizer';
export {compare, deviation, estimate, jaccard, mean} from '../src/statistics';
export {setOptimizer} from '../src/tfjs_internals';
export {inferenceSeconds, predicted, score} from '../src/training/evaluation';
export type {Scores} from '../src/training/evaluation';
export {joinRows} from '../src/training/join_rows';
export {labelsOfRows, rowCount, rowsIn, takeRows} from '../src/training/rows';
export {batchesOf} from '../src/training/seeded_batches';
export {trainToBest} from '../src/training/train_to_best';
export type {Training} from '../src/training/train_to_best';
