import {freeName} from '../program/program';
import {type AttributeProto, DOUBLE, FLOAT, INT32, INT64, type NodeProto, type TensorProto} from './schema';

/** The array that holds the values of each type. */
interface Arrays {
  [FLOAT]: Float32Array;
  [INT32]: Int32Array;
  [INT64]: BigInt64Array;
  [DOUBLE]: Float64Array;
}

/** Attributes of a node by name: integers, lists of them, and lists of texts in UTF-8. */
export interface Attributes {
  readonly [name: string]: number | readonly number[] | readonly Uint8Array[];
}

function attribute([name, value]: [string, Attributes[string]]): AttributeProto {
  if (typeof value === 'number') return {name, type: 2, i: value};
  return value[0] instanceof Uint8Array
    ? {name, type: 8, strings: value as readonly Uint8Array[]}
    : {name, type: 7, ints: value as readonly number[]};
}

/** The nodes and constants of a graph, each with a name of its own. */
export class Nodes {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  protected readonly taken = new Set<string>();

  /** Take a name, so that no node and no constant gets it. */
  take(name: string): void {
    this.taken.add(name);
  }

  /** One node; gives the name of its output. */
  node(layer: string, opType: string, input: readonly string[], attributes: Attributes = {}, domain?: string): string {
    const name = freeName(this.taken, `${layer}/${opType}`);
    this.nodes.push({
      opType,
      input,
      output: [name],
      name,
      attribute: Object.entries(attributes).map(attribute),
      domain,
    });
    return name;
  }

  /** A list of whole numbers. */
  integers(values: readonly number[], name: string, type: typeof INT32 | typeof INT64): string {
    const dims = [values.length];
    return type === INT32
      ? this.initializer(name, dims, INT32, Int32Array.from(values))
      : this.initializer(name, dims, INT64, BigInt64Array.from(values.map(BigInt)));
  }

  initializer<T extends keyof Arrays>(name: string, dims: readonly number[], dataType: T, data: Arrays[T]): string {
    const unique = freeName(this.taken, name);
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.initializers.push({name: unique, dims, dataType, rawData});
    return unique;
  }
}
