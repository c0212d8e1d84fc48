import {toMarkdown} from '../../src/report/text';

it('text in Markdown stays on one line, also with names of several', () => {
  expect(toMarkdown(['one | two\r\nthree', ' \n four'])).toBe('one \\| two three four');
});
