export {registerKernels} from '../kernels/index';
export {useBackend} from './use_backend';
export type {BackendChoice, BackendName, RejectedBackend} from '../backend_choice';
