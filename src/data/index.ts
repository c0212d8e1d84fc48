export {openShards, Shards} from './shards/open_shards';
export type {BatchOptions, OpenShardsOptions, StreamOptions} from './shards/open_shards';
export type {ShardBatch} from './shards/prefetch';
export {ShardDataset} from './shards/dataset';
export type {DatasetBatch} from './shards/dataset';
export type {Manifest, ShardFile, ShardPart} from './manifest';
