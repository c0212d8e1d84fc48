import protobuf from 'protobufjs/light.js';

/** Codes of ONNX for the types of values. */
export const FLOAT = 1;
export const INT32 = 6;
export const INT64 = 7;
export const STRING = 8;
export const DOUBLE = 11;
/** The operators of classical models, such as LabelEncoder. */
export const ML_DOMAIN = 'ai.onnx.ml';

export interface TensorProto {
  name: string;
  dims: readonly number[];
  dataType: number;
  rawData: Uint8Array;
}

export interface AttributeProto {
  name: string;
  /** 2 an integer, 7 a list of integers, 8 one of texts. */
  type: 2 | 7 | 8;
  i?: number;
  ints?: readonly number[];
  strings?: readonly Uint8Array[];
}

export interface NodeProto {
  input: readonly string[];
  output: readonly string[];
  name: string;
  opType: string;
  domain?: string;
  attribute?: readonly AttributeProto[];
}

export interface ValueInfoProto {
  name: string;
  type: {tensorType: {elemType: number; shape: {dim: ReadonlyArray<{dimValue?: number; dimParam?: string}>}}};
  docString?: string;
}

export interface ModelProto {
  irVersion: number;
  producerName: string;
  opsetImport: ReadonlyArray<{domain: string; version: number}>;
  graph: {
    name: string;
    node: readonly NodeProto[];
    initializer: readonly TensorProto[];
    input: readonly ValueInfoProto[];
    output: readonly ValueInfoProto[];
  };
}

type Field = [name: string, type: string, id: number, rule?: 'repeated'];

const message = (...fields: Field[]) => ({
  fields: Object.fromEntries(fields.map(([name, type, id, rule]) => [name, {type, id, rule}])),
});

/** The part of the ONNX format (onnx.proto) that is written, with its field numbers. */
const root = protobuf.Root.fromJSON({
  nested: {
    OperatorSetId: message(['domain', 'string', 1], ['version', 'int64', 2]),
    Attribute: message(
      ['name', 'string', 1],
      ['i', 'int64', 3],
      ['ints', 'int64', 8, 'repeated'],
      ['strings', 'bytes', 9, 'repeated'],
      ['type', 'int32', 20],
    ),
    Node: message(
      ['input', 'string', 1, 'repeated'],
      ['output', 'string', 2, 'repeated'],
      ['name', 'string', 3],
      ['opType', 'string', 4],
      ['domain', 'string', 7],
      ['attribute', 'Attribute', 5, 'repeated'],
    ),
    Tensor: message(
      ['dims', 'int64', 1, 'repeated'],
      ['dataType', 'int32', 2],
      ['name', 'string', 8],
      ['rawData', 'bytes', 9],
    ),
    Dimension: message(['dimValue', 'int64', 1], ['dimParam', 'string', 2]),
    Shape: message(['dim', 'Dimension', 1, 'repeated']),
    TensorType: message(['elemType', 'int32', 1], ['shape', 'Shape', 2]),
    Type: message(['tensorType', 'TensorType', 1]),
    ValueInfo: message(['name', 'string', 1], ['type', 'Type', 2], ['docString', 'string', 3]),
    Graph: message(
      ['node', 'Node', 1, 'repeated'],
      ['name', 'string', 2],
      ['initializer', 'Tensor', 5, 'repeated'],
      ['input', 'ValueInfo', 11, 'repeated'],
      ['output', 'ValueInfo', 12, 'repeated'],
    ),
    Model: message(
      ['irVersion', 'int64', 1],
      ['producerName', 'string', 2],
      ['graph', 'Graph', 7],
      ['opsetImport', 'OperatorSetId', 8, 'repeated'],
    ),
  },
});

/** The bytes of an .onnx file. */
export function encodeModel(model: ModelProto): Uint8Array {
  return root.lookupType('Model').encode(model).finish();
}
