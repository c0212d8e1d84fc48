export {Checkpoints} from './checkpoints';
export type {CheckpointsArgs, Position} from './checkpoints';
