import {toMarkdown} from '../../src/report/text';

it('text in Markdown stays on one line, also with names of several', () => {
  expect(toMarkdown(['one | two\r\nthree', ' \n four'])).toBe('one \\| two three four');
});

it('text in Markdown has no HTML of names', () => {
  expect(toMarkdown(['<img onerror="f()">', ' a & \x1b'])).toBe('&lt;img onerror="f()"&gt; a &amp; \\\\u001b');
});
