export type {Position} from './checkpoint_state';
export {Checkpoints} from './checkpoints';
export type {CheckpointsArgs} from './checkpoints';
