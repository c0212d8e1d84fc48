export {fileSystem} from './file_system';
export {whenNpmEnds} from './parent_process';
export {registerKernels} from './kernels/index';
export {saveModel} from './save_model';
export {useBackend} from './use_backend';
export type {BackendChoice, BackendName, RejectedBackend} from './backend_choice';
