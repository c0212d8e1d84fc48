import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {SeededBatches} from 'tfjs-autofis';
import {Checkpoints} from 'tfjs-autofis/checkpoints';
import {emptyFolder} from '../helpers/folders';
import {fields, gatedModel, plantedRows, testTensors} from '../helpers/models';
import {captureWarnings} from '../helpers/search';

const warned = captureWarnings();
const NEWEST = 'step-0000000006';
const folder = emptyFolder();
const data = testTensors(plantedRows(64, fields, [[0, 1]], 37));

const make = () => gatedModel({optimizer: tf.train.sgd(0.1)});

beforeEach(async () => {
  const model = make();
  await model.fitDataset(new SeededBatches(data, {batchSize: 16, seed: 1}), {
    epochs: 2,
    verbose: 0,
    callbacks: [new Checkpoints({folder, everySteps: 2, keep: 3})],
  });
  model.dispose();
});

async function resume(): Promise<{step: number; warnings: string[]}> {
  const model = make();
  const checkpoints = new Checkpoints({folder});
  const {step} = await checkpoints.resume(model);
  model.dispose();
  return {step, warnings: checkpoints.warnings.map(warning => warning.replaceAll(folder, 'FOLDER'))};
}

function flip(file: string, place: (length: number) => number): void {
  const bytes = readFileSync(file);
  bytes[place(bytes.length)] ^= 4;
  writeFileSync(file, bytes);
}

const USED = 'Using the one before it, step-0000000004.';

describe('a damaged checkpoint', () => {
  it.each<[string, (checkpoint: string) => void, RegExp | string]>([
    [
      'a flipped bit in the weights',
      at => flip(path.join(at, 'arrays.bin'), length => length - 1),
      'the checksum of arrays.bin does not match',
    ],
    [
      'a flipped bit in the state',
      at => flip(path.join(at, 'state.json'), () => 9),
      'the checksum of state.json does not match',
    ],
    ['a cut file', at => truncateSync(path.join(at, 'arrays.bin'), 100), /arrays\.bin has 100 bytes instead of \d+/],
    [
      'a missing file',
      at => rmSync(path.join(at, 'state.json')),
      /ENOENT: no such file or directory, open '.*state\.json'/,
    ],
    ['no manifest', at => rmSync(path.join(at, 'manifest.json')), /ENOENT: .*manifest\.json'/],
    ['half a manifest', at => truncateSync(path.join(at, 'manifest.json'), 40), /JSON/],
    [
      'a manifest that lists nothing',
      at =>
        writeFileSync(
          path.join(at, 'manifest.json'),
          '{"format": "tfjs-autofis-checkpoint", "version": 1, "files": []}',
        ),
      'manifest.json does not list state.json',
    ],
    [
      'another version',
      at => writeFileSync(path.join(at, 'manifest.json'), '{"format": "tfjs-autofis-checkpoint", "version": 2}'),
      'manifest.json is not a checkpoint manifest of version 1',
    ],
  ])('is passed over for the one before, with a warning: %s', async (_, damage, reason) => {
    damage(path.join(folder, NEWEST));
    const {step, warnings} = await resume();
    expect(step).toBe(4);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(new RegExp(`^the checkpoint FOLDER/${NEWEST} is damaged: .*\\. ${USED}$`));
    expect(warnings[0]).toMatch(reason);
    expect(warned()[0]).toBe(`Checkpoints: ${warnings[0].replaceAll('FOLDER', folder)}`);
  });

  it('is replaced when the training comes to its step again', async () => {
    flip(path.join(folder, NEWEST, 'arrays.bin'), () => 0);
    const model = make();
    const checkpoints = new Checkpoints({folder, everySteps: 2});
    const {step, epoch} = await checkpoints.resume(model);
    await model.fitDataset(new SeededBatches(data, {batchSize: 16, seed: 1, fromStep: step}), {
      epochs: 2,
      initialEpoch: epoch,
      verbose: 0,
      callbacks: [checkpoints],
    });
    model.dispose();
    expect(await resume()).toEqual({step: 6, warnings: []});
  });

  it('when all are, lets the training start again', async () => {
    for (const name of readdirSync(folder)) truncateSync(path.join(folder, name, 'arrays.bin'));
    const {step, warnings} = await resume();
    expect(step).toBe(0);
    expect(warnings).toHaveLength(3);
    expect(warnings[2]).toMatch(/There is no other, so training starts from the beginning\.$/);
  });
});

it('What a killed run has left half-written is not a checkpoint, and is removed', async () => {
  const partial = path.join(folder, '.partial-step-0000000008');
  mkdirSync(partial);
  writeFileSync(path.join(partial, 'arrays.bin'), 'half');
  expect(await resume()).toEqual({step: 6, warnings: []});
  const model = make();
  const checkpoints = new Checkpoints({folder});
  await checkpoints.resume(model);
  await model.fitDataset(new SeededBatches(data, {batchSize: 16, seed: 1, fromStep: 6}), {
    epochs: 2,
    initialEpoch: 1,
    verbose: 0,
    callbacks: [checkpoints],
  });
  model.dispose();
  expect(existsSync(partial)).toBe(false);
});
