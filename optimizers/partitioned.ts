import * as tf from '@tensorflow/tfjs-core';
import {checkKeys, checkThat} from '../src/checks';
import {AutofisError} from '../src/errors';
import {fromIdentifier, writtenConfig, SerializedObject, toSerialized} from '../src/serialize';
import {minimizeSparse, SparseOptimizer} from '../src/tables/sparse_gradients';
import {gradientList, Gradients, NamedTensor} from './gradients';
import {restoreState} from './restore_state';

/** A named group of weights with an optimizer of its own. */
export interface PartitionGroup {
  name: string;
  /**
   * Which weights: full paths ('gate/alpha') or their last parts ('alpha'). Counters that tfjs appends to a name that
   * is taken ('gate/alpha_1') do not count. One group may leave this out: it takes all weights that no other group
   * names.
   */
  weights?: Array<{name: string}>;
  /** The group's optimizer, an instance; the partition owns and disposes it. */
  optimizer: tf.Optimizer | SerializedObject;
}

export interface PartitionedArgs {
  groups: PartitionGroup[];
}

interface Group {
  readonly name: string;
  readonly paths: readonly string[] | null;
  readonly optimizer: tf.Optimizer;
  /** Names of the group's variables in the order in which they were first seen: core optimizers count by position. */
  readonly members: string[];
}

/** Implements {@link partitioned}. */
export class Partitioned extends tf.Optimizer implements SparseOptimizer {
  /** @nocollapse */
  static className = 'Partitioned';
  private readonly groups: readonly Group[];
  private readonly groupOf = new Map<string, Group>();
  private readonly sources = new Map<string, () => tf.NamedTensorMap>();

  constructor(args: PartitionedArgs) {
    super();
    const where = 'Partitioned';
    checkKeys(where, args ?? {}, ['groups']);
    const isFilled = Array.isArray(args?.groups) && args.groups.length > 0;
    checkThat(isFilled, where, 'groups', 'be a list of {name, weights, optimizer}', args?.groups);
    this.groups = args.groups.map((group, i) => {
      checkKeys(`${where}: groups[${i}]`, group, ['name', 'weights', 'optimizer']);
      const isWord = typeof group.name === 'string' && /^[\w-]+$/.test(group.name);
      checkThat(isWord, where, `groups[${i}].name`, 'be a word of letters, digits, "_" and "-"', group.name);
      const optimizer = fromIdentifier<tf.Optimizer>(where, `groups[${i}].optimizer`, group.optimizer as tf.Optimizer);
      return {name: group.name, paths: pathsOf(where, group, i), optimizer, members: []};
    });
    const names = this.groupNames;
    if (new Set(names).size < names.length)
      throw new AutofisError(`${where}: two groups have the same name: ${names.join(', ')}. Rename one.`);
    if (this.groups.filter(g => g.paths === null).length > 1) {
      throw new AutofisError(`${where}: only one group may leave out \`weights\` and take the rest.`);
    }
  }

  /** Names of the groups, in order. */
  get groupNames(): string[] {
    return this.groups.map(group => group.name);
  }

  /** The optimizer of a group. */
  optimizerOf(group: string): tf.Optimizer {
    return this.group(group).optimizer;
  }

  /**
   * Replace the gradients of a group: `source` is called in each step, before any weight changes, and returns them by
   * the variables' names. null takes the replacement away. Not saved.
   */
  setGradientSource(group: string, source: (() => tf.NamedTensorMap) | null): void {
    this.group(group);
    if (source === null) this.sources.delete(group);
    else this.sources.set(group, source);
  }

  private group(name: string): Group {
    const group = this.groups.find(g => g.name === name);
    checkThat(group, 'Partitioned', 'group', `be one of ${this.groupNames.join(', ')}`, name);
    return group;
  }

  /** Tell whether the optimizer of the variable's group takes sparse gradients for it. */
  takesSparse(variable: tf.Variable): boolean {
    const {optimizer} = this.groupFor(variable.name);
    return 'takesSparse' in optimizer && (optimizer as SparseOptimizer).takesSparse(variable);
  }

  override minimize(f: () => tf.Scalar, returnCost = false, varList?: tf.Variable[]): tf.Scalar | null {
    return minimizeSparse(this, f, returnCost, varList);
  }

  override applyGradients(gradients: Gradients): void {
    tf.tidy(() => {
      const list = gradientList(gradients);
      const byName = new Map(list.map(({name, tensor}) => [name, tensor]));
      for (const {name} of list) this.claim(name);
      if (this.iterations === 0) this.checkClaims();
      const replaced = new Map([...this.sources].map(([group, source]) => [group, source()]));
      for (const group of this.groups) {
        if (group.members.length === 0) continue;
        const source = replaced.get(group.name);
        // An absent gradient keeps its place in the list.
        group.optimizer.applyGradients(
          group.members.map(name => ({
            name,
            tensor: (source === undefined ? byName.get(name) : source[name]) as tf.Tensor,
          })),
        );
      }
    });
    this.incrementIterations();
  }

  private claim(name: string): void {
    if (this.groupOf.has(name)) return;
    const group = this.groupFor(name);
    this.groupOf.set(name, group);
    group.members.push(name);
  }

  /** Check that what each group names is there: a misspelt weight would be trained by another group's optimizer. */
  private checkClaims(): void {
    const idle = this.groups.find(({paths, members}) => paths !== null && members.length === 0);
    if (idle === undefined) return;
    throw new AutofisError(
      `Partitioned: no weight that is trained belongs to group ${idle.name}, which names ${idle.paths!.join(', ')}. ` +
        `The weights are: ${[...this.groupOf.keys()].join(', ')}. Correct the group's \`weights\`, or remove it.`,
    );
  }

  private groupFor(name: string): Group {
    const path = withoutCounter(name);
    const claims = this.groups.filter(group => group.paths?.some(p => matches(path, withoutCounter(p))));
    if (claims.length === 0) claims.push(...this.groups.filter(group => group.paths === null));
    if (claims.length !== 1) {
      const rules = this.groups.map(g => `${g.name}: ${g.paths?.join(', ') ?? 'what is left'}`).join('; ');
      throw new AutofisError(
        `Partitioned: weight ${name} is claimed by ` +
          `${claims.length === 0 ? 'no group' : `the groups ${claims.map(g => g.name).join(' and ')}`}. ` +
          `The groups are: ${rules}.` +
          `${claims.length === 0 ? ' Leave `weights` out of one group, which then takes the rest.' : ''}`,
      );
    }
    return claims[0];
  }

  override async getWeights(): Promise<NamedTensor[]> {
    const result = [await this.saveIterations()];
    for (const group of this.groups) {
      for (const {name, tensor} of await group.optimizer.getWeights())
        result.push({name: `${group.name}/${name}`, tensor});
    }
    return result;
  }

  override async setWeights(weightValues: NamedTensor[]): Promise<void> {
    const values = await this.extractIterations(weightValues);
    const parts = this.groups.map(group =>
      values
        .filter(({name}) => name.startsWith(`${group.name}/`))
        .map(({name, tensor}) => ({name: name.slice(group.name.length + 1), tensor})),
    );
    if (parts.some(part => part.length === 0) || parts.flat().length !== values.length) {
      throw new AutofisError(
        'Partitioned: the saved state does not belong to the groups ' +
          `${this.groupNames.join(', ')}. Received: ${values.map(v => v.name).join(', ')}.`,
      );
    }
    for (const [i, group] of this.groups.entries()) await restoreState(group.optimizer, parts[i]);
  }

  override dispose(): void {
    for (const group of this.groups) group.optimizer.dispose();
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      groups: this.groups.map(({name, paths, optimizer}) => ({
        name,
        ...(paths === null ? {} : {weights: paths.map(path => ({name: path}))}),
        optimizer: toSerialized(optimizer),
      })) as never,
    };
  }

  /** @nocollapse */
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    return new cls(writtenConfig(config));
  }
}
tf.serialization.registerClass(Partitioned);

/** The paths that a group names, or null where it takes what is left. */
function pathsOf(where: string, {weights}: PartitionGroup, i: number): string[] | null {
  if (weights == null) return null;
  const paths = Array.isArray(weights) ? weights.map(weight => weight?.name) : [];
  const areNamed = paths.length > 0 && paths.every(path => typeof path === 'string');
  checkThat(areNamed, where, `groups[${i}].weights`, "be a list of {name}, such as [{name: 'alpha'}]", weights);
  return paths;
}

/** 'gate/alpha_1' -> 'gate/alpha': the number that tfjs appends when a name is taken. */
function withoutCounter(name: string): string {
  return name.replace(/_\d+$/, '');
}

function matches(path: string, pattern: string): boolean {
  return path === pattern || path.endsWith(`/${pattern}`);
}

/**
 * Create an optimizer that gives each named group of weights its own optimizer. Each step is that of the separate
 * optimizers.
 *
 * State is saved and restored in the stock format, the members' names prefixed by the
 * group's.
 *
 * @throws AutofisError on a weight claimed by two groups or by none, at the first step that brings it; on a group whose
 * `weights` name none that is trained, at the first step; on two groups of one name, or two without `weights`.
 * @example
 * model.compile({loss: 'binaryCrossentropy', optimizer: partitioned({groups: [
 *   {name: 'gates', weights: [{name: 'alpha'}], optimizer: grda({c: 0.005})},
 *   {name: 'rest', optimizer: tf.train.adam(1e-3)},
 * ]})});
 */
export function partitioned(args: PartitionedArgs): Partitioned {
  return new Partitioned(args);
}
