export {useBackend} from './use_backend';
export type {BackendChoice, BackendName} from './use_backend';
