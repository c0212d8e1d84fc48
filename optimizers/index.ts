export {GRDA, grda, grdaThreshold, softThreshold} from './grda';
export type {GRDAArgs} from './grda';
export {Partitioned, partitioned} from './partitioned';
export type {PartitionedArgs, PartitionGroup} from './partitioned';
