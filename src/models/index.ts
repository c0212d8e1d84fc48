import {registerAutofis} from '../register';

export {autoDeepFm} from './auto_deep_fm';
export {autoFm} from './auto_fm';
export {autoIpnn} from './auto_ipnn';
export {deepFm} from './deep_fm';
export {fm} from './fm';
export {ipnn} from './ipnn';
export {lr} from './lr';
export type {ModelOptions} from './model_options';

registerAutofis();
