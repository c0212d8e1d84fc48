/**
 * What benchmarks and experiments take from inside the library, in one place: parts of a training that they time or
 * vary by themselves, and its statistics, so that their figures are computed as those of the library are.
 */
export {everything, formOf, forms} from '../src/judge/contestants';
export {binsOf, isSpike, SpikeEdges} from '../src/schema/columns/spike_edges';
export {fittedField} from '../src/schema/vocabulary';
export {plainTrainer} from '../src/select/trainer';
export {findGates} from '../src/stages/gates';
export {compileArgs} from '../src/stages/model_state';
export {compileLike, rebuildModel} from '../src/stages/rebuild';
export {baseOptimizer} from '../src/stages/search_optimizer';
export {compare, deviation, jaccard, mean} from '../src/statistics';
export {setOptimizer} from '../src/tfjs_internals';
export {inferenceSeconds, score} from '../src/training/evaluation';
export {batchesOf, labelsOf, rowsOf} from '../src/training/rows';
export {trainToBest} from '../src/training/train_to_best';
export type {Training} from '../src/training/train_to_best';
