export {registerKernels} from '../kernels/index';
export {useBackend} from './use_backend';
export type {BackendChoice, BackendName} from '../backend_choice';
