import {spawnSync} from 'node:child_process';
import path from 'node:path';
import {fileWriter, sharedFolder} from '../helpers/folders';

const file = fileWriter(sharedFolder());
const root = path.resolve(__dirname, '../..');

function check(...args: string[]) {
  const script = path.join(root, 'scripts/check_dependencies.mjs');
  const {status, stderr} = spawnSync(process.execPath, [script, '--listed', ...args], {encoding: 'utf8'});
  return {status, first: stderr.split('\n')[0]};
}

it('no dependency has an advisory of the list', () => {
  expect(check()).toEqual({status: 0, first: ''});
});

it('a version with an advisory fails, and is named', () => {
  const packages = {
    '': {},
    'node_modules/a/node_modules/minimist': {version: '1.2.5'},
    'node_modules/ws': {version: '9.0.0'},
  };
  const lock = file('package-lock.json', JSON.stringify({packages}));
  expect(check('--lock', lock)).toEqual({
    status: 1,
    first: 'minimist 1.2.5 (node_modules/a/node_modules/minimist): GHSA-xvch-5gv4-984h',
  });
});
