import {readFileSync} from 'node:fs';
import {pythonRules} from '../../src/data/sql/rule_macros';
import {sharedFolder} from '../helpers/folders';
import {describeInPython, runPytest} from './environment';
import {writeHardValues} from './hard_values';

test('the rules that Python reads are those of rule_macros.ts: `npm run build:rules` writes them', () => {
  expect(readFileSync('python/tfjs_autofis/rules.json', 'utf8')).toBe(pythonRules());
});

describeInPython('rows in Python', () => {
  const folder = sharedFolder();

  it('encodes whatever value by whatever rule as RowEncoder does here', async () => {
    writeHardValues(folder);
    await runPytest(['tests/data/test_row_encoder.py'], {AUTOFIS_ROWS: folder});
  });
});
