import {execFile} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import {replaceFile} from '../../src/runtime/replace_file';
import {compiled} from '../helpers/compiled';
import {sharedFolder} from '../helpers/folders';

const folder = sharedFolder();

it('A process that ends while it writes leaves the old file, and nothing beside it', async () => {
  const file = path.join(folder, 'out.csv');
  await replaceFile(file, 'old');
  const module = await compiled('src/runtime/replace_file.ts');
  const code = `const {readdirSync} = require('node:fs');
    async function* content() {
      yield 'new';
      console.log(readdirSync(${JSON.stringify(folder)}).length);
      process.exit(0);
    }
    require(${JSON.stringify(module)}).replaceFile(${JSON.stringify(file)}, content());`;
  const {stdout} = await promisify(execFile)(process.execPath, ['--eval', code]);
  expect(stdout).toBe('2\n');
  expect(readdirSync(folder)).toEqual(['out.csv']);
  expect(readFileSync(file, 'utf8')).toBe('old');
});
