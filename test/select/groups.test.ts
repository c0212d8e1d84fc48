import * as tf from '@tensorflow/tfjs-core';
import {seededRandom} from '../../src/random';
import {autoSelect} from '../../src/select/auto_select';
import type {LabeledRows} from '../../src/training/rows';
import {SeededBatches} from '../../src/training/seeded_batches';

const [USERS, ROWS_EACH, FIELDS, SIZE] = [600, 5, 5, 6];
const fields = [...Array(FIELDS).keys()].map(f => ({name: `f${f}`, size: SIZE}));

/** Rows of users whose label no field tells: pairs of their fields recall who a user is. */
function users(count: number, first: number, random: () => number): LabeledRows & {groups: number[]} {
  const rows = Array.from({length: count}, (_, u) => {
    const own = Array.from({length: FIELDS - 1}, () => Math.floor(random() * SIZE));
    const label = random() < 0.4 ? 1 : 0;
    return Array.from({length: ROWS_EACH}, () => ({
      ids: [...own, Math.floor(random() * SIZE)],
      label,
      group: first + u,
    }));
  }).flat();
  return {
    xs: tf.tensor(
      rows.map(({ids}) => ids),
      [rows.length, FIELDS],
      'int32',
    ),
    ys: tf.tensor(
      rows.map(({label}) => label),
      [rows.length, 1],
    ),
    groups: rows.map(({group}) => group),
  };
}

it('rows of a user do not confirm each other, where groups are given', async () => {
  const random = seededRandom(3);
  const [train, validation] = [users(USERS, 0, random), users(USERS / 5, USERS, random)];
  const certain = async (withGroups: boolean) => {
    const part = ({xs, ys, groups}: ReturnType<typeof users>) => (withGroups ? {xs, ys, groups} : {xs, ys});
    const found = await autoSelect({fields, train: part(train), validation: part(validation)});
    found.model.dispose();
    return found.selection.length;
  };
  expect(await certain(false)).toBeGreaterThan(0);
  expect(await certain(true)).toBe(0);
  await expect(autoSelect({fields, train, validation: {xs: validation.xs, ys: validation.ys}})).rejects.toThrow(
    'autoSelect: `train` and `validation` must both have `groups`, three different ones at least, or neither. ' +
      'Received: 3000 and no groups, 600 different.',
  );
  const stream = (seed: number, batchSize: number) => new SeededBatches(train, {batchSize, seed});
  await expect(autoSelect({fields, train: stream, validation: {xs: validation.xs, ys: validation.ys}})).rejects.toThrow(
    /^autoSelect: `train` and `validation` must both have `groups`, or neither. Received: groups in/,
  );
  expect(() => tf.dispose([train, validation] as never)).not.toThrow();
});
