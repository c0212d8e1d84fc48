import {readFileSync} from 'node:fs';
import path from 'node:path';
import {formatTable, Summary} from '../../examples/flights/summary';

const root = path.resolve(__dirname, '../..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
const summary = JSON.parse(readFileSync(path.join(root, 'docs/demo/summary.json'), 'utf8')) as Summary;

describe('README', () => {
  test('shows the table of the run whose figures are kept', () => {
    expect(readme).toContain(formatTable(summary.models));
  });

  test('names the command that made the figures', () => {
    expect(readme).toContain(`\`${summary.command}\``);
  });

  test('shows figures that all hold against the reference', () => {
    expect(summary.bars.filter(bar => !bar.holds)).toEqual([]);
  });
});
