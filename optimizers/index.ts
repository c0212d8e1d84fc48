export {GRDA, grda} from './grda';
export type {GRDAArgs} from './grda';
export {lazyAdam} from './lazy_adam';
export type {LazyAdamArgs} from './lazy_adam';
export {partitioned} from './partitioned';
export type {PartitionedArgs} from './partitioned';
