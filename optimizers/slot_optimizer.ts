import * as tf from '@tensorflow/tfjs-core';
import {checkNumber} from '../src/checks';
import {AutofisError} from '../src/errors';
import {writtenConfig} from '../src/serialize';
import {gradientList, Gradients, NamedTensor} from './gradients';

/**
 * Base class of optimizers with a learning rate that hold tensors of each weight's shape: its slots, such as moments.
 * They are saved by order, not by name: the first slot of each weight, then the second of each.
 */
export abstract class SlotOptimizer extends tf.Optimizer {
  /** Name of these tensors in messages, such as 'moments'. */
  protected abstract readonly slotKind: string;
  protected abstract readonly slotNames: readonly string[];
  protected readonly slots = new Map<string, tf.Variable[]>();
  /** Loaded state that waits for the variables it belongs to, which only the first gradients name. */
  private loaded: NamedTensor[] | null = null;
  private rate!: number;

  protected constructor(learningRate: number) {
    super();
    this.setLearningRate(learningRate);
  }

  get learningRate(): number {
    return this.rate;
  }

  /** Change the step size from the next step on. */
  setLearningRate(learningRate: number): void {
    checkNumber(this.getClassName(), 'learningRate', learningRate, '(0, Infinity)');
    this.rate = learningRate;
  }

  /** The slots of a variable, made where it has none. */
  protected slotsOf(variable: tf.Variable, make: () => tf.Variable[]): tf.Variable[] {
    const slots = this.slots.get(variable.name) ?? make();
    this.slots.set(variable.name, slots);
    return slots;
  }

  protected slotWeights(): NamedTensor[] {
    const weights = this.slotNames.flatMap((slot, i) =>
      [...this.slots].map(([name, tensors]) => ({name: `${name}/${slot}`, tensor: tensors[i] as tf.Tensor})),
    );
    return this.loaded ?? weights;
  }

  /** Load saved slots in place of the state, for the weights of the next step. */
  protected loadSlots(saved: NamedTensor[]): void {
    this.dispose();
    this.loaded = saved.map(({name, tensor}) => ({name, tensor: tf.keep(tf.clone(tensor))}));
  }

  /**
   * Give loaded state to the weights of the first step after loading. State that was saved before the first step is
   * empty.
   * @throws Where number or shapes differ from those of the weights.
   */
  protected takeLoaded(gradients: Gradients): void {
    if (this.loaded === null) return;
    const names = gradientList(gradients).map(({name}) => name);
    const loaded = this.loaded.map(({tensor}) => tensor);
    const count = this.slotNames.length;
    const shapes = names.map(name => tf.engine().registeredVariables[name]?.shape ?? []);
    const fits =
      loaded.length === count * names.length &&
      loaded.every((tensor, i) => tf.util.arraysEqual(tensor.shape, shapes[i % names.length]));
    if (!fits && loaded.length > 0) {
      throw new AutofisError(
        `${this.getClassName()}: the saved state has ${this.slotKind} of shapes ` +
          `${loaded.map(({shape}) => `[${shape}]`).join(', ')}, ` +
          `but the weights are ${names.map((name, i) => `${name} [${shapes[i]}]`).join(', ')}` +
          `${count === 1 ? '' : `, with ${count} ${this.slotKind} each`}. ` +
          'Load it into the model that it was saved with.',
      );
    }
    const variables = loaded.map(tensor => tf.variable(tensor, false));
    tf.dispose(loaded);
    this.loaded = null;
    if (variables.length === 0) return;
    names.forEach((name, i) =>
      this.slots.set(
        name,
        variables.filter((_, k) => k % names.length === i),
      ),
    );
  }

  override dispose(): void {
    tf.dispose([...this.slots.values()].flat());
    tf.dispose(this.loaded?.map(({tensor}) => tensor) ?? []);
    this.slots.clear();
    this.loaded = null;
  }

  /** @nocollapse */
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    return new cls(writtenConfig(config));
  }
}
