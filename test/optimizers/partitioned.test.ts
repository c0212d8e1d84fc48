import * as tf from '@tensorflow/tfjs-core';
import {grda, partitioned} from 'tfjs-autofis/optimizers';
import {gradientSteps, restore, stateOf, step, variables} from '../helpers/optimizers';
import {expectNoLeak, messageOf} from '../helpers/tensors';
import {Partitioned, PartitionGroup} from '../../optimizers/partitioned';

const start = {'gate/alpha': [0.6, -0.5, 0.1], 'dense/kernel': [0.02, 1], 'dense/bias': [0.3]};
const sizes = [3, 2, 1];
const steps = gradientSteps(10, sizes, 12, 0.2);
const alpha = [{name: 'alpha'}];

const pairs: Array<[string, () => tf.Optimizer, () => tf.Optimizer]> = [
  ['GRDA and Adam', () => grda({c: 0.03}), () => tf.train.adam(0.01)],
  ['Adam and SGD', () => tf.train.adam(0.02), () => tf.train.sgd(0.1)],
  ['Adagrad and RMSProp', () => tf.train.adagrad(0.05), () => tf.train.rmsprop(0.01)],
];

const both = (gates: tf.Optimizer, rest: tf.Optimizer) =>
  partitioned({
    groups: [
      {name: 'gates', weights: alpha, optimizer: gates},
      {name: 'rest', optimizer: rest},
    ],
  });

describe.each(pairs)('Partitioned of %s', (_, first, second) => {
  it('equals the separate optimizers for ten steps', () => {
    const together = variables(start);
    const optimizer = both(first(), second());
    const apart = variables(Object.fromEntries(Object.entries(start).map(([name, v]) => [`apart/${name}`, v])));
    const one = first();
    const two = second();
    for (const gradients of steps) {
      step(optimizer, together.list, gradients);
      step(one, apart.list.slice(0, 1), gradients.slice(0, 1));
      step(two, apart.list.slice(1), gradients.slice(1));
      expect(together.values()).toEqual(apart.values());
    }
    expect(optimizer.iterations).toBe(10);
    [optimizer, one, two, together, apart].forEach(x => x.dispose());
  });

  it('leaves no tensor behind', async () => {
    const weights = variables(start);
    await expectNoLeak(() => {
      // The optimizers of tfjs-core make a constant when they are built.
      const optimizer = both(first(), second());
      steps.forEach(gradients => step(optimizer, weights.list, gradients));
      optimizer.dispose();
    });
    weights.dispose();
  });
});

describe('Partitioned', () => {
  const twoSgd = (weights: PartitionGroup['weights'], rest?: PartitionGroup['weights']) =>
    partitioned({
      groups: [
        {name: 'gates', weights, optimizer: tf.train.sgd(1)},
        {name: 'rest', weights: rest, optimizer: tf.train.sgd(2)},
      ],
    });
  /** What one step with gradients of 1 takes off each weight: 1 by group gates, 2 by group rest. */
  function moved(optimizer: Partitioned, names: string[]): number[] {
    const weights = variables(Object.fromEntries(names.map(name => [name, [0]])));
    try {
      step(
        optimizer,
        weights.list,
        names.map(() => [1]),
      );
      return weights.values().map(([v]) => -v);
    } finally {
      weights.dispose();
    }
  }

  it('matches full paths and their last parts', () => {
    const names = ['one/alpha', 'two/alpha', 'alpha', 'two/notalpha', 'alpha/kernel'];
    expect(moved(twoSgd([{name: 'alpha'}]), names)).toEqual([1, 1, 1, 2, 2]);
    expect(moved(twoSgd([{name: 'two/alpha'}]), names)).toEqual([2, 1, 2, 2, 2]);
  });

  it('does not mind the counters that tfjs appends to names', () => {
    expect(moved(twoSgd([{name: 'gate/alpha'}]), ['gate/alpha_1', 'gate/alpha_12', 'gate/alpha_x'])).toEqual([1, 1, 2]);
    expect(moved(twoSgd([{name: 'gate/alpha_3'}]), ['gate/alpha'])).toEqual([1]);
  });

  it('keeps the place of a weight that has no gradient in a step', () => {
    const weights = variables(start);
    const apart = variables({x: start['dense/kernel'], y: start['dense/bias']});
    const optimizer = both(grda({c: 0}), tf.train.adam(0.1));
    const adam = tf.train.adam(0.1);
    const list: Array<Array<number[] | null>> = [
      [[0, 0, 0], null, [1]],
      [null, [1, -1], null],
      [[0, 0, 0], [0.5, 0.5], [0.5]],
    ];
    for (const gradients of list) {
      step(optimizer, weights.list, gradients);
      step(adam, apart.list, gradients.slice(1));
    }
    expect(weights.values().slice(1)).toEqual(apart.values());
    [optimizer, adam, weights, apart].forEach(x => x.dispose());
  });

  it('takes the gradients of a group from its source, before any weight changes, until it is taken away', () => {
    const weights = variables({alpha: [1], kernel: [1]});
    const optimizer = twoSgd(alpha);
    const seen: number[][][] = [];
    optimizer.setGradientSource('gates', () => {
      seen.push(weights.values());
      return {alpha: tf.tensor1d([10])};
    });
    step(optimizer, weights.list, [[1], [1]]);
    expect([seen, weights.values()]).toEqual([[[[1], [1]]], [[-9], [-1]]]);
    optimizer.setGradientSource('gates', null);
    step(optimizer, weights.list, [[1], [1]]);
    expect([seen.length, weights.values()]).toEqual([1, [[-10], [-3]]]);
    weights.dispose();
  });

  it('refuses a weight that two groups claim', async () => {
    expect(
      await messageOf(() => moved(twoSgd([{name: 'alpha'}], [{name: 'gate/alpha'}, {name: 'kernel'}]), ['gate/alpha'])),
    ).toBe(
      'Partitioned: weight gate/alpha is claimed by the groups gates and rest. The groups are: gates: alpha; rest: ' +
        'gate/alpha, kernel.',
    );
  });

  it('refuses a weight that no group claims', async () => {
    expect(await messageOf(() => moved(twoSgd([{name: 'alpha'}], [{name: 'kernel'}]), ['dense/bias']))).toBe(
      'Partitioned: weight dense/bias is claimed by no group. The groups are: gates: alpha; rest: kernel. ' +
        'Leave `weights` out of one group, which then takes the rest.',
    );
  });

  it('refuses a group whose weights are not there', async () => {
    expect(await messageOf(() => moved(twoSgd([{name: 'alhpa'}]), ['gate/alpha', 'dense/bias']))).toBe(
      'Partitioned: no weight that is trained belongs to group gates, which names alhpa. ' +
        "The weights are: gate/alpha, dense/bias. Correct the group's `weights`, or remove it.",
    );
  });

  it('refuses state of other groups', async () => {
    const other = partitioned({groups: [{name: 'all', optimizer: tf.train.sgd(1)}]});
    const state = await stateOf(other);
    expect(await messageOf(() => restore(twoSgd(alpha), state))).toBe(
      'Partitioned: the saved state does not belong to the groups gates, rest. Received: all/iter.',
    );
  });

  const sgd = {className: 'SGD', config: {learningRate: 1}};
  const list = 'Partitioned: `groups` must be a list of {name, weights, optimizer}. Received: ';
  it.each<[string, unknown, string]>([
    ['no groups', {groups: []}, `${list}[].`],
    ['no options', undefined, `${list}undefined.`],
    [
      'a name that is not a word',
      {groups: [{name: 'a/b', optimizer: sgd}]},
      'Partitioned: `groups[0].name` must be a word of letters, digits, "_" and "-". Received: "a/b".',
    ],
    [
      'weights that are texts',
      {groups: [{name: 'a', weights: ['alpha'], optimizer: sgd}]},
      'Partitioned: `groups[0].weights` must be a list of {name}, such as [{name: \'alpha\'}]. Received: ["alpha"].',
    ],
    [
      'weights that are none',
      {groups: [{name: 'a', weights: [], optimizer: sgd}]},
      "Partitioned: `groups[0].weights` must be a list of {name}, such as [{name: 'alpha'}]. Received: [].",
    ],
    [
      'a name twice',
      {
        groups: [
          {name: 'a', weights: alpha, optimizer: sgd},
          {name: 'a', optimizer: sgd},
        ],
      },
      'Partitioned: two groups have the same name: a, a. Rename one.',
    ],
    [
      'two groups that take what is left',
      {
        groups: [
          {name: 'a', optimizer: sgd},
          {name: 'b', optimizer: sgd},
        ],
      },
      'Partitioned: only one group may leave out `weights` and take the rest.',
    ],
    [
      'an optimizer that it cannot find',
      {groups: [{name: 'a', optimizer: {className: 'Lion', config: {}}}]},
      'Partitioned: `groups[0].optimizer` must be an object of tfjs, its {className, config} or its name. ' +
        'Received: {"className":"Lion","config":{}}. A class of your own must be registered by ' +
        'tf.serialization.registerClass.',
    ],
  ])('refuses %s', (_, args, message) => {
    expect(() => new Partitioned(args as never)).toThrow(new Error(message));
  });

  it('refuses a group that it has not', () => {
    const message = 'Partitioned: `group` must be one of gates, rest. Received: "gate".';
    expect(() => twoSgd(alpha).optimizerOf('gate')).toThrow(new Error(message));
    expect(() => twoSgd(alpha).setGradientSource('gate', null)).toThrow(new Error(message));
  });
});
