import * as tfl from '@tensorflow/tfjs-layers';
import type {serialization} from '@tensorflow/tfjs-core';
import {checkInteger, checkKeys, checkSeed} from '../src/checks';
import {BaseLayer, LayerArgs, layerArgKeys, Shape} from './base_layer';
import {checkEmbeddings} from './embeddings_input';
import type {Initializer} from './table_start';

/** Base class of the layers that read embeddings [B, m, d]: checks the shape of the input. */
export abstract class EmbeddingsLayer extends BaseLayer {
  /** The fewest fields that the layer takes. */
  protected readonly leastFields: number = 1;

  protected constructor(where: string, args: LayerArgs, extraKeys: readonly string[] = []) {
    checkKeys(where, args, [...extraKeys, ...layerArgKeys]);
    super(args);
  }

  override build(inputShape: Shape | Shape[]): void {
    this.addWeights(...this.checkedSizes(`${this.getClassName()} ${this.name}`, inputShape));
    super.build(inputShape);
  }

  /** Check the input's shape; m and d. */
  protected checkedSizes(where: string, inputShape: Shape | Shape[]): [m: number, d: number] {
    const shape = this.one(inputShape);
    checkEmbeddings(where, shape, this.leastFields);
    return [shape[1], shape[2]];
  }

  /** Add the weights for m embeddings of length d; by default there are none. */
  protected addWeights(_m: number, _d: number): void {}
}

/** Options of layers whose weights start at random. */
export interface SeededArgs extends LayerArgs {
  /** Seed of the weights' start, an integer; without it every run starts differently. */
  seed?: number;
}

/** Base class of those with weights, whose start a seed decides, and with sizes: options that are integers >= 1. */
export abstract class SeededLayer<Size extends string = never> extends EmbeddingsLayer {
  protected readonly sizes: Readonly<Record<Size, number>>;
  private readonly seed: number | null;

  protected constructor(
    where: string,
    args: SeededArgs & {[size in Size]?: number},
    defaults: Record<Size, number>,
    extraKeys: readonly string[] = [],
  ) {
    super(where, args, [...extraKeys, ...Object.keys(defaults), 'seed']);
    const sizes = {...defaults};
    for (const size of Object.keys(defaults) as Size[]) {
      if (args[size] != null) sizes[size] = args[size];
      checkInteger(where, size, sizes[size], 1);
    }
    this.sizes = sizes;
    checkSeed(where, args.seed);
    this.seed = args.seed ?? null;
  }

  /** Glorot's uniform start of one of the weights, with the layer's seed plus an offset of its own. */
  protected glorot(offset: number): Initializer {
    return tfl.initializers.glorotUniform({seed: this.seedOf(offset)});
  }

  /** Uniform start within a bound, as {@link SeededLayer.glorot}. */
  protected uniform(bound: number, offset: number): Initializer {
    return tfl.initializers.randomUniform({minval: -bound, maxval: bound, seed: this.seedOf(offset)});
  }

  private seedOf(offset: number): number | undefined {
    return this.seed === null ? undefined : this.seed + offset;
  }

  override getConfig(): serialization.ConfigDict {
    return {...super.getConfig(), ...this.sizes, seed: this.seed};
  }
}
