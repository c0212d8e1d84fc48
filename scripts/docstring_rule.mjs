/** ESLint's plugin of this repository: docstrings say what a thing does or is, and do not ask. */
const OPENING = /^(What|Whether|How|Of|The same|As)\b/;

/** The text of a docstring without its stars. */
const textOf = ({value}) =>
  value
    .split('\n')
    .map(line => line.replace(/^\s*\*?\s?/, ''))
    .join(' ')
    .trim();

const opening = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {opening: 'Begin with a verb or a noun: a docstring does not open with "{{word}}".'},
  },
  create: context => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        if (comment.type !== 'Block' || !comment.value.startsWith('*')) continue;
        const word = OPENING.exec(textOf(comment))?.[1];
        if (word !== undefined) context.report({loc: comment.loc, messageId: 'opening', data: {word}});
      }
    },
  }),
};

export const docstrings = {rules: {opening}};
