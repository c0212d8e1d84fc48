import type {io} from '@tensorflow/tfjs-core';
import {ActivationName, Constant, freeName, inOrder, isComplete, Program, Step, Value} from '../program/program';

type DType = 'DT_FLOAT' | 'DT_INT32';
type Attributes = {
  [name: string]:
    | {type: DType}
    | {b: boolean}
    | {i: string}
    | {shape: TensorShape}
    | {tensor: {dtype: DType; tensorShape: TensorShape}};
};
/** Sizes are strings: int64 in the JSON form of protobuf. */
interface TensorShape {
  dim: Array<{size: string}>;
}
interface NodeDef {
  name: string;
  op: string;
  input: readonly string[];
  attr: Attributes;
}
interface TensorInfo {
  name: string;
  dtype: DType;
  tensorShape: TensorShape;
}

/** Contents of a graph model's files. */
export interface GraphArtifacts {
  readonly topology: {node: NodeDef[]; library: object; versions: {producer: number}};
  readonly signature: {inputs: Record<string, TensorInfo>; outputs: Record<string, TensorInfo>};
  readonly specs: io.WeightsManifestEntry[];
  /** The weights, in the order of `specs`. */
  readonly data: Array<Float32Array | Int32Array>;
}

const ACTIVATION_OPS: Record<Exclude<ActivationName, 'linear'>, string> = {
  relu: 'Relu',
  relu6: 'Relu6',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  softmax: 'Softmax',
  elu: 'Elu',
  selu: 'Selu',
  softplus: 'Softplus',
};

/** A program as a TensorFlow graph in JSON, of ops that tfjs-converter runs; the batch is a free dimension. */
export function graphArtifacts(program: Program): GraphArtifacts {
  const graph = new Graph(program);
  const info = (name: string, {shape, step}: Value): [string, TensorInfo] => [
    name,
    {name: `${name}:0`, dtype: typeOf(step), tensorShape: shapeOf([-1, ...shape])},
  ];
  return {
    topology: {node: graph.nodes, library: {}, versions: {producer: 1882}},
    signature: {
      inputs: Object.fromEntries(program.inputs.map(({name, value}) => info(name, value))),
      outputs: Object.fromEntries(program.outputs.map(({name, value}) => info(name, value))),
    },
    specs: graph.specs,
    data: graph.data,
  };
}

function typeOf(step: Step): DType {
  return step.op === 'input' && step.dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT';
}

function shapeOf(shape: readonly number[]): TensorShape {
  return {dim: shape.map(size => ({size: String(size)}))};
}

class Graph {
  readonly nodes: NodeDef[] = [];
  readonly specs: io.WeightsManifestEntry[] = [];
  readonly data: Array<Float32Array | Int32Array> = [];
  private readonly names = new Map<Value, string>();
  private readonly taken = new Set<string>();
  private readonly constants = new Map<Float32Array, string>();

  constructor(program: Program) {
    // Inputs and outputs keep their names; all others give way.
    for (const {name} of [...program.inputs, ...program.outputs]) this.taken.add(name);
    for (const {name, value} of program.inputs) {
      this.push(name, 'Placeholder', [], {
        dtype: {type: typeOf(value.step)},
        shape: {shape: shapeOf([-1, ...value.shape])},
      });
      this.names.set(value, name);
    }
    for (const value of inOrder(program)) {
      if (value.step.op !== 'input') this.names.set(value, this.step(value, value.step));
    }
    for (const {name, value} of program.outputs)
      this.push(name, 'Identity', [this.names.get(value)!], {T: {type: 'DT_FLOAT'}});
  }

  private step({layer, shape}: Value, step: Exclude<Step, {op: 'input'}>): string {
    const node = (op: string, inputs: readonly string[], attr?: Attributes) => this.node(layer, op, inputs, attr);
    const constant = (name: string, value: Constant) => this.constant(`${layer}/${name}`, value);
    const integers = (name: string, values: readonly number[] | number) => this.integers(`${layer}/${name}`, values);
    switch (step.op) {
      case 'rows':
        return this.rows(layer, step);
      case 'dense':
        return this.dense(layer, shape, step);
      case 'grouped': {
        // With the batch inside there is one product for each group.
        const turn = (x: string) => node('Transpose', [x, integers('groups', [1, 0, 2])]);
        const product = node('BatchMatMulV2', [turn(this.names.get(step.x)!), constant('kernel', step.kernel)], {
          adj_x: {b: false},
          adj_y: {b: false},
          T: {type: 'DT_FLOAT'},
        });
        return node('AddV2', [turn(product), constant('bias', step.bias)]);
      }
      case 'activation':
        return this.activation(layer, this.asFloat(step.x), step.activation);
      case 'normalize': {
        const centred = node('Sub', [this.asFloat(step.x), constant('mean', step.mean)]);
        const scaled = node('Mul', [centred, constant('scale', step.scale)]);
        return step.shift.data.every(v => v === 0) ? scaled : node('AddV2', [scaled, constant('shift', step.shift)]);
      }
      case 'transpose':
        return node('Transpose', [this.names.get(step.x)!, integers('perm', [0, 2, 1])]);
      case 'reshape':
        return this.reshape(layer, this.names.get(step.x)!, shape);
      case 'add':
      case 'multiply': {
        const [first, ...others] = step.xs.map(x => this.asFloat(x));
        return others.reduce((left, right) => node(step.op === 'add' ? 'AddV2' : 'Mul', [left, right]), first);
      }
      case 'concat':
        return node('ConcatV2', [...step.xs.map(x => this.asFloat(x)), integers('axis', step.axis + 1)], {
          N: {i: String(step.xs.length)},
        });
      case 'mean':
        return node('Mean', [this.names.get(step.x)!, integers('axis', [1])], {keep_dims: {b: false}});
    }
  }

  private rows(layer: string, {x, columns, offsets, table}: Extract<Step, {op: 'rows'}>): string {
    let ids = this.names.get(x)!;
    if (typeOf(x.step) === 'DT_FLOAT') ids = this.cast(layer, ids, 'DT_FLOAT', 'DT_INT32');
    const gather = (from: string, indices: string, axis: number) =>
      this.node(layer, 'GatherV2', [from, indices, this.integers(`${layer}/axis`, axis)]);
    if (!isComplete(columns, x.shape[0])) ids = gather(ids, this.integers(`${layer}/columns`, columns), 1);
    if (offsets.some(offset => offset !== 0)) {
      ids = this.node(layer, 'AddV2', [ids, this.integers(`${layer}/offsets`, offsets)], {T: {type: 'DT_INT32'}});
    }
    return gather(this.constant(`${layer}/table`, table), ids, 0);
  }

  private dense(layer: string, shape: readonly number[], step: Extract<Step, {op: 'dense'}>): string {
    // A matrix product of two axes is the fastest one everywhere.
    const isFlattened = shape.length > 1;
    const x = this.asFloat(step.x);
    const rows = isFlattened ? this.reshape(layer, x, [step.kernel.shape[0]]) : x;
    let y = this.node(layer, 'MatMul', [rows, this.constant(`${layer}/kernel`, step.kernel)], {
      transpose_a: {b: false},
      transpose_b: {b: false},
    });
    if (step.bias !== null) y = this.node(layer, 'AddV2', [y, this.constant(`${layer}/bias`, step.bias)]);
    return this.activation(layer, isFlattened ? this.reshape(layer, y, shape) : y, step.activation);
  }

  private reshape(layer: string, x: string, shape: readonly number[]): string {
    return this.node(layer, 'Reshape', [x, this.integers(`${layer}/shape`, [-1, ...shape])]);
  }

  private activation(layer: string, x: string, name: ActivationName): string {
    return name === 'linear' ? x : this.node(layer, ACTIVATION_OPS[name], [x]);
  }

  private asFloat(value: Value): string {
    const name = this.names.get(value)!;
    return typeOf(value.step) === 'DT_INT32' ? this.cast(value.layer, name, 'DT_INT32', 'DT_FLOAT') : name;
  }

  private cast(layer: string, x: string, from: DType, to: DType): string {
    return this.node(layer, 'Cast', [x], {SrcT: {type: from}, DstT: {type: to}});
  }

  private node(
    layer: string,
    op: string,
    input: readonly string[],
    attr: Attributes = {T: {type: 'DT_FLOAT'}},
  ): string {
    return this.push(freeName(this.taken, `${layer}/${op}`), op, input, attr);
  }

  /** One weight for each constant, however often it is read. */
  private constant(name: string, {data, shape}: Constant): string {
    const known = this.constants.get(data);
    if (known !== undefined) return known;
    const node = this.weight(name, shape, data);
    this.constants.set(data, node);
    return node;
  }

  private integers(name: string, values: readonly number[] | number): string {
    return typeof values === 'number'
      ? this.weight(name, [], Int32Array.of(values))
      : this.weight(name, [values.length], Int32Array.from(values));
  }

  private weight(base: string, shape: readonly number[], data: Float32Array | Int32Array): string {
    const name = freeName(this.taken, base);
    const dtype = data instanceof Float32Array ? 'DT_FLOAT' : 'DT_INT32';
    this.specs.push({name, shape: [...shape], dtype: dtype === 'DT_FLOAT' ? 'float32' : 'int32'});
    this.data.push(data);
    return this.push(name, 'Const', [], {dtype: {type: dtype}, value: {tensor: {dtype, tensorShape: shapeOf(shape)}}});
  }

  private push(name: string, op: string, input: readonly string[], attr: Attributes): string {
    this.nodes.push({name, op, input, attr});
    return name;
  }
}
