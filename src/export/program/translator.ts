import type * as tfl from '@tensorflow/tfjs-layers';
import {AutofisError} from '../../errors';
import {ActivationName, ACTIVATIONS, constant, Constant, Steps, Value} from './program';

/** Turns one layer, applied to `inputs`, into steps. */
export type Translator = (layer: LayerView, inputs: readonly Value[]) => Value;

/** A layer as translators see it: its config, its weights by name, and the shape of its output. */
export class LayerView {
  readonly steps: Steps;
  readonly config: {readonly [key: string]: unknown};

  constructor(
    readonly where: string,
    readonly layer: tfl.layers.Layer,
    readonly outputShape: readonly number[],
    private readonly weights: Map<tfl.layers.Layer, Map<string, Constant>>,
  ) {
    this.steps = new Steps(layer.name);
    this.config = layer.getConfig();
  }

  get title(): string {
    return `${this.where}: layer ${this.layer.name} (${this.layer.getClassName()})`;
  }

  /** A weight by the last part of its name; one that a layer used twice has is one constant. */
  weight(name: string): Constant {
    const weight = this.optionalWeight(name);
    if (weight === null) throw new AutofisError(`${this.title} has no weight \`${name}\`.`);
    return weight;
  }

  optionalWeight(name: string): Constant | null {
    let known = this.weights.get(this.layer);
    if (known === undefined) {
      known = new Map(
        this.layer.weights.map(weight => [
          weight.originalName.split('/').pop()!,
          constant(weight.shape as number[], weight.read().dataSync() as Float32Array),
        ]),
      );
      this.weights.set(this.layer, known);
    }
    return known.get(name) ?? null;
  }

  /** The activation that the config names. */
  activation(key = 'activation'): ActivationName {
    const name = (this.config[key] ?? 'linear') as ActivationName;
    if (!ACTIVATIONS.includes(name)) {
      throw new AutofisError(
        `${this.title}: the activation ${JSON.stringify(name)} cannot be exported. Those that can: ` +
          `${ACTIVATIONS.join(', ')}.`,
      );
    }
    return name;
  }

  /** An axis of the config, which counts the batch or from the end, as one that does not count the batch. */
  axis(axis: number, rank: number): number {
    const inner = axis < 0 ? axis + rank : axis - 1;
    if (!(inner >= 0 && inner < rank))
      throw new AutofisError(`${this.title}: axis ${axis}, that of the batch, cannot be exported.`);
    return inner;
  }
}
