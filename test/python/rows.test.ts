import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {pythonRules} from '../../src/data/sql/rule_macros';
import {describeInPython, runPytest} from './environment';
import {writeHardValues} from './hard_values';

test('the rules that Python reads are those of rule_macros.ts: `npm run build:rules` writes them', () => {
  expect(readFileSync('python/tfjs_autofis/rules.json', 'utf8')).toBe(pythonRules());
});

describeInPython('rows in Python', () => {
  it('encodes whatever value by whatever rule as RowEncoder does here', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'autofis-rows-'));
    writeHardValues(folder);
    await runPytest(['tests/data/test_row_encoder.py'], {AUTOFIS_ROWS: folder});
    rmSync(folder, {recursive: true});
  });
});
