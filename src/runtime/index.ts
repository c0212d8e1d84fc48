export {whenNpmEnds} from './parent_process';
export {registerKernels} from './kernels/index';
export {saveModel} from './save_model';
export {TrainingThreads} from './training_threads';
export {useBackend} from './use_backend';
export type {BackendChoice, BackendName} from './backend_choice';
