import {execFile} from 'node:child_process';
import path from 'node:path';
import {promisify} from 'node:util';

const script = path.join(__dirname, 'memory_process.ts');

describe('training at 39 fields, batches of 2,000, d 16', () => {
  // FFM's lookups are 195 MB, and the gradient makes two more of that size; both sides of AFM's pairs and their products would be 95 MB each.
  it.each<['ffm' | 'afm', number, string[]]>([['ffm', 900, []], ['ffm', 900, ['wasm']], ['afm', 250, []], ['afm', 250, ['wasm']]])(
      'of %s takes less than %i MB, backend %j', async (model, most, backend) => {
        const {stdout} = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, model, ...backend], {cwd: path.resolve(__dirname, '../..')});
        expect(Number(stdout)).toBeGreaterThan(0);
        expect(Number(stdout)).toBeLessThan(most);
      });
});
