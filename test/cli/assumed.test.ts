import {positiveAssumed} from '../../src/cli/steps/assumed';

it('names the positive label as the table writes it, and without an assumption as the rule does', () => {
  const assumption = {column: 'failed', reading: 'label: failed = True', why: 'it was named', alternative: null};
  expect(positiveAssumed({column: 'failed'}, [assumption])).toBe('failed = True');
  expect(positiveAssumed({column: 'failed'}, [])).toBe('failed = 1');
  const other = {...assumption, column: 'on', reading: 'number'};
  expect(positiveAssumed({column: 'on', comparison: '>', threshold: 2}, [assumption, other])).toBe('on > 2');
});
