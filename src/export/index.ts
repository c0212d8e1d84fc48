export {readSelection, writeSelection} from './selection_file';
export type {ReadSelectionOptions, WriteSelectionOptions} from './selection_file';
export {stockModel} from './stock_model';
export {writeOnnx} from './onnx/write_onnx';
