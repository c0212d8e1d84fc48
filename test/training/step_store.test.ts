import {checkInputs, type StepStore} from '../../src/training/step_store';
import {messageOf} from '../helpers/tensors';

/** A store in memory, of what JSON keeps. */
function storeOf(): StepStore {
  const kept = new Map<string, string>();
  return {
    get: async key => (kept.has(key) ? JSON.parse(kept.get(key)!) : undefined),
    set: async (key, value) => void kept.set(key, JSON.stringify(value)),
  };
}

it('a store belongs to the inputs that it got first', async () => {
  const store = storeOf();
  const check = (seed: number, fields: object) => checkInputs('autoSelect', store, () => ({fields, seed}));
  const fields = [{name: 'a', size: 2, width: undefined}];
  await check(1, fields);
  await check(1, fields);
  expect(await messageOf(() => check(2, fields))).toBe(
    'autoSelect: `store` holds steps of another `seed`: 1. Received: 2. ' +
      'Give the same arguments as before, or an empty store.',
  );
  expect(await messageOf(() => check(1, []))).toBe(
    'autoSelect: `store` holds steps of another `fields`: [{"name":"a","size":2}]. Received: []. ' +
      'Give the same arguments as before, or an empty store.',
  );
});

it('a store without its functions is refused', async () => {
  expect(await messageOf(() => checkInputs('autoSelect', {} as never, () => ({})))).toBe(
    'autoSelect: `store` must have functions `get` and `set`. Received: {}.',
  );
});
