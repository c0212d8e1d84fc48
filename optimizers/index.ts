export {GRDA, grda, grdaThreshold, softThreshold} from './grda';
export type {GRDAArgs} from './grda';
export {LazyAdam, lazyAdam} from './lazy_adam';
export type {LazyAdamArgs} from './lazy_adam';
export {Partitioned, partitioned} from './partitioned';
export type {PartitionedArgs, PartitionGroup} from './partitioned';
