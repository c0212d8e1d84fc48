export {Checkpoints} from './checkpoints';
