import {execFile} from 'node:child_process';
import path from 'node:path';
import {promisify} from 'node:util';
import {compiled} from '../helpers/compiled';

it(
  'one process reads other tables and CSV with a quote that does not end, 10 times, ' +
    'with the same message each time',
  async () => {
    const script = await compiled('test/process/unended_quotes.ts');
    const {stdout} = await promisify(execFile)(process.execPath, [script], {
      cwd: path.resolve(__dirname, '../..'),
    });
    expect(stdout).toBe('10');
  },
);
