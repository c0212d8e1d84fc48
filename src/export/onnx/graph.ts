import {ActivationName, Constant, freeName, inOrder, isComplete, Program, Step, Value} from '../program/program';
import type {FittedSchema} from '../../schema/vocabulary';
import {encodeFields} from './encode_fields';
import {type Attributes, Nodes} from './nodes';
import {FLOAT, INT32, INT64, ML_DOMAIN, type ModelProto, type ValueInfoProto} from './schema';

/** The set of ops, of 2020, which every runtime of today has. */
const OPSET = 13;
const IR_VERSION = 7;
/** The set of ops that has LabelEncoder for every type. */
const ML_OPSET = 2;

const ACTIVATION_OPS: Record<Exclude<ActivationName, 'linear' | 'relu6'>, string> = {
  relu: 'Relu',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  softmax: 'Softmax',
  elu: 'Elu',
  selu: 'Selu',
  softplus: 'Softplus',
};

/**
 * A program as an ONNX model; the batch is a free dimension.
 *
 * @param fitted The schema that encodes the program's only input, where the model reads raw values.
 * @param integers Whether whole numbers of categorical fields are int64, not text.
 */
export function onnxModel(name: string, program: Program, fitted?: FittedSchema, integers = false): ModelProto {
  const graph = new Graph();
  const values = inOrder(program);
  const outputs = program.outputs.map(({name, value}) => info(name, value));
  [...program.inputs, ...outputs].forEach(({name}) => graph.take(name));
  const raw = fitted && encodeFields(graph, fitted, integers);
  for (const {name, value} of program.inputs) graph.names.set(value, raw?.ids ?? name);
  values.forEach(value => graph.write(value));
  for (const {name, value} of program.outputs) graph.rename(value, name);
  return {
    irVersion: IR_VERSION,
    producerName: 'tfjs-autofis',
    opsetImport: [{domain: '', version: OPSET}, ...(raw ? [{domain: ML_DOMAIN, version: ML_OPSET}] : [])],
    graph: {
      name,
      node: graph.nodes,
      initializer: graph.initializers,
      input: raw?.inputs ?? program.inputs.map(({name, value}) => info(name, value)),
      output: outputs,
    },
  };
}

function info(name: string, {shape, step}: Value): ValueInfoProto {
  const elemType = isInteger(step) ? INT32 : FLOAT;
  return {
    name,
    type: {tensorType: {elemType, shape: {dim: [{dimParam: 'batch'}, ...shape.map(dimValue => ({dimValue}))]}}},
  };
}

/** Tell whether a value has an integer type: an integer input, possibly reshaped or transposed. */
function isInteger(step: Step): boolean {
  if (step.op === 'reshape' || step.op === 'transpose') return isInteger(step.x.step);
  return step.op === 'input' && step.dtype === 'int32';
}

class Graph extends Nodes {
  readonly names = new Map<Value, string>();
  private readonly constants = new Map<Float32Array, string>();

  nameOf(value: Value): string {
    return this.names.get(value)!;
  }

  write(value: Value): void {
    const {step} = value;
    if (step.op !== 'input') this.names.set(value, this.step(value, step));
  }

  /** Give a value another name, as an output. */
  rename(value: Value, name: string): void {
    const node = freeName(this.taken, `${name}/Identity`);
    this.nodes.push({opType: 'Identity', input: [this.nameOf(value)], output: [name], name: node});
  }

  private step({layer, shape}: Value, step: Exclude<Step, {op: 'input'}>): string {
    const node = (op: string, inputs: readonly string[], attributes?: Attributes) =>
      this.node(layer, op, inputs, attributes);
    switch (step.op) {
      case 'rows':
        return this.rows(layer, step);
      case 'dense':
        return this.dense(layer, shape.length, step);
      case 'grouped': {
        // With the batch inside there is one product for each group.
        const turn = (x: string) => node('Transpose', [x], {perm: [1, 0, 2]});
        const product = turn(
          node('MatMul', [turn(this.asFloat(step.x)), this.constant(step.kernel, `${layer}/kernel`)]),
        );
        return node('Add', [product, this.constant(step.bias, `${layer}/bias`)]);
      }
      case 'activation':
        return this.activation(layer, this.asFloat(step.x), step.activation);
      case 'normalize': {
        const part = (name: 'mean' | 'scale' | 'shift') => this.constant(step[name], `${layer}/${name}`);
        const scaled = node('Mul', [node('Sub', [this.asFloat(step.x), part('mean')]), part('scale')]);
        return step.shift.data.every(v => v === 0) ? scaled : node('Add', [scaled, part('shift')]);
      }
      case 'transpose':
        return node('Transpose', [this.nameOf(step.x)], {perm: [0, 2, 1]});
      // 0 copies the batch.
      case 'reshape':
        return node('Reshape', [this.nameOf(step.x), this.integers([0, ...shape], `${layer}/shape`, INT64)]);
      case 'add':
      case 'multiply': {
        const [first, ...others] = step.xs.map(x => this.asFloat(x));
        return others.reduce((left, right) => node(step.op === 'add' ? 'Add' : 'Mul', [left, right]), first);
      }
      case 'concat': {
        const parts = step.xs.map(x => this.asFloat(x));
        return node('Concat', parts, {axis: step.axis + 1});
      }
      case 'mean':
        return node('ReduceMean', [this.asFloat(step.x)], {axes: [1], keepdims: 0});
    }
  }

  private rows(layer: string, {x, columns, offsets, table}: Extract<Step, {op: 'rows'}>): string {
    let ids = isInteger(x.step) ? this.nameOf(x) : this.node(layer, 'Cast', [this.nameOf(x)], {to: INT32});
    if (!isComplete(columns, x.shape[0])) {
      ids = this.node(layer, 'Gather', [ids, this.integers(columns, `${layer}/columns`, INT64)], {axis: 1});
    }
    if (offsets.some(offset => offset !== 0))
      ids = this.node(layer, 'Add', [ids, this.integers(offsets, `${layer}/offsets`, INT32)]);
    return this.node(layer, 'Gather', [this.constant(table, `${layer}/table`), ids], {axis: 0});
  }

  private dense(layer: string, rank: number, {x, kernel, bias, activation}: Extract<Step, {op: 'dense'}>): string {
    const inputs = [this.asFloat(x), this.constant(kernel, `${layer}/kernel`)];
    const added = bias === null ? [] : [this.constant(bias, `${layer}/bias`)];
    if (rank === 1) return this.activation(layer, this.node(layer, 'Gemm', [...inputs, ...added]), activation);
    const product = this.node(layer, 'MatMul', inputs);
    return this.activation(layer, bias === null ? product : this.node(layer, 'Add', [product, ...added]), activation);
  }

  private activation(layer: string, x: string, name: ActivationName): string {
    if (name === 'linear') return x;
    if (name !== 'relu6') return this.node(layer, ACTIVATION_OPS[name], [x], name === 'softmax' ? {axis: -1} : {});
    const limits = [0, 6].map(limit => this.constant({shape: [], data: Float32Array.of(limit)}, `${layer}/limit`));
    return this.node(layer, 'Clip', [x, ...limits]);
  }

  private asFloat(value: Value): string {
    const name = this.nameOf(value);
    return isInteger(value.step) ? this.node(value.layer, 'Cast', [name], {to: FLOAT}) : name;
  }

  /** One initializer for each constant, however often it is read. */
  private constant({data, shape}: Constant, name: string): string {
    const known = this.constants.get(data);
    if (known !== undefined) return known;
    const initializer = this.initializer(name, shape, FLOAT, data);
    this.constants.set(data, initializer);
    return initializer;
  }
}
