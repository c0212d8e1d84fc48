import os from 'node:os';
import {AutofisError} from '../../../src/errors';
import {openEngine} from '../../../src/data/sql/duckdb';

it.each([
  [{memoryLimit: 'much'}, 'tfjs-autofis/data: `memoryLimit` must be a size such as \'2GB\'. Received: "much".'],
  [{threads: 0}, 'tfjs-autofis/data: `threads` must be an integer >= 1. Received: 0.'],
  [{threads: 1.5}, 'tfjs-autofis/data: `threads` must be an integer >= 1. Received: 1.5.'],
])('%j is refused by name', async (options, message) => {
  await expect(openEngine(os.tmpdir(), options)).rejects.toThrow(new AutofisError(message));
});
