export {readSelection, writeSelection} from './selection_file';
export {stockModel} from './stock_model';
export {onnxBytes, writeOnnx} from './onnx/write_onnx';
export {writeGraphModel} from './graph_model/write_graph_model';
