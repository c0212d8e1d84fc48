import {freeName} from '../program/program';
import {type AttributeProto, DOUBLE, FLOAT, INT32, INT64, type NodeProto, type TensorProto} from './schema';

/** The array that holds the values of each type. */
interface Arrays {
  [FLOAT]: Float32Array;
  [INT32]: Int32Array;
  [INT64]: BigInt64Array;
  [DOUBLE]: Float64Array;
}

export const integerAttribute = (name: string, i: number): AttributeProto => ({name, type: 2, i});

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
  node(
    opType: string,
    input: readonly string[],
    layer: string,
    output?: string,
    attribute: readonly AttributeProto[] = [],
    domain?: string,
  ): string {
    const name = freeName(this.taken, `${layer}/${opType}`);
    this.nodes.push({opType, input, output: [output ?? name], name, attribute, domain});
    return output ?? name;
  }

  /** A list of whole numbers. */
  integers(values: readonly number[], name: string, type: typeof INT32 | typeof INT64): string {
    return type === INT32
      ? this.initializer(name, [values.length], INT32, Int32Array.from(values))
      : this.initializer(
          name,
          [values.length],
          INT64,
          BigInt64Array.from(values, value => BigInt(value)),
        );
  }

  initializer<T extends keyof Arrays>(name: string, dims: readonly number[], dataType: T, data: Arrays[T]): string {
    const own = freeName(this.taken, name);
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.initializers.push({name: own, dims, dataType, rawData});
    return own;
  }
}
