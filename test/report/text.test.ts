import {toMarkdown} from '../../src/report/text';

it('text in Markdown stays on one line, also with names of several', () => {
  expect(toMarkdown(['one | two\r\nthree', ' \n four'])).toBe('one \\| two three four');
});

it('text in Markdown has no HTML of names', () => {
  expect(toMarkdown(['<img src=x onerror="f()">', ' a & b'])).toBe('&lt;img src=x onerror="f()"&gt; a &amp; b');
});
