import {registerAutofis} from '../register';

export {afm} from './afm';
export {autoDeepFm} from './auto_deep_fm';
export {autoFfm} from './auto_ffm';
export {autoFm} from './auto_fm';
export {autoInt} from './auto_int';
export {autoIpnn} from './auto_ipnn';
export {dcnV2} from './dcn_v2';
export {deepFm} from './deep_fm';
export {din} from './din';
export {ffm} from './ffm';
export {finalMlp} from './final_mlp';
export {fm} from './fm';
export {fwFm} from './fw_fm';
export {ipnn} from './ipnn';
export {lr} from './lr';
export type {ModelOptions} from './model_options';
export {nfm} from './nfm';
export {opnn} from './opnn';
export {pin} from './pin';
export {wideDeep} from './wide_deep';
export {xDeepFm} from './x_deep_fm';

registerAutofis();
