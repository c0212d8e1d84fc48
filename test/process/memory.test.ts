import {execFile} from 'node:child_process';
import path from 'node:path';
import {promisify} from 'node:util';
import {compiled} from '../helpers/compiled';

// glibc raises this threshold by itself to the size of what was freed, and then keeps freed tensors in a heap with
// gaps: on some machines that was twice what the tensors take.
const env = {...process.env, MALLOC_MMAP_THRESHOLD_: '1048576'};

describe('training at 39 fields, batches of 2,000, d 16', () => {
  // FFM's lookups are 195 MB, and the gradient makes two more of that size; both sides of AFM's pairs and their
  // products would be 95 MB each.
  it.each<['ffm' | 'afm', number, string[]]>([
    ['ffm', 900, []],
    ['afm', 250, ['wasm']],
  ])('of %s takes less than %i MB, backend %j', async (model, most, backend) => {
    const {stdout} = await promisify(execFile)(
      process.execPath,
      [await compiled('test/process/memory_process.ts'), model, ...backend],
      {
        cwd: path.resolve(__dirname, '../..'),
        env,
      },
    );
    expect(Number(stdout)).toBeGreaterThan(0);
    expect(Number(stdout)).toBeLessThan(most);
  });
});
