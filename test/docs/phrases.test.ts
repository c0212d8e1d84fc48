import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {documents, proseOf, read, root} from './markdown';

/** Phrases that a reader of plain English stumbles over, each with what to write. */
const PHRASES: Array<[phrase: RegExp, instead: string]> = [
  [/(?<!\bthere )\b(is|are) no (?!more|better|longer|worse|slower|later|larger)\w+/gi, 'is not a ..., there is no ...'],
  [/\bso many\b/gi, 'the number itself'],
  [/\btold\b(?! (apart|from))/gi, 'says, shows, reports'],
  [/\bwhat (\w+ ){1,3}came to\b/gi, 'result of ...'],
  [/\bhow far (it|they) (is|are)\b/gi, 'progress'],
  [/\bof no use\b/gi, 'useless, no contribution'],
  [/\bparts the (rows|columns|values)\b/gi, 'splits the ...'],
  [/\bthat there (is|are) not\b/gi, 'unknown, missing'],
  [/\b(is|are) none of the\b/gi, 'is not among the ...'],
  [/\banew\b/gi, 'again, from the beginning'],
  [/\bone (after|behind) the other\b/gi, 'one after another'],
  [/\b(is|are) there already\b/gi, 'exists already'],
  [/\bwith \w+ enough\b/gi, 'with enough ...'],
  [/\b(steps|batches|bytes|outputs) an? (row|value|step|epoch|feature)\b/gi, '... per ...'],
  [/\b(go|goes|went) on (with|from|where|in|behind)\b/gi, 'continues'],
  [/\bgoes on[.:]/gi, 'continues'],
  [/\btells (of|nothing|little)\b/gi, 'shows, says nothing'],
  [/\bwhoever\b/gi, 'the reader, the caller'],
  [/\btrain(s|ed)?( [a-z']+){1,6} on with\b/gi, 'continue the training of ... with'],
  [/\b(has|have) not(?=[.,;:)]| (a|an|the|any|of) )/gi, 'without, lacks'],
  [/\bthe way of (a|an|the|every|each|its|one)\b/gi, 'trajectory of ..., how ...'],
  [/\bwhat a reader should\b/gi, 'warnings'],
  [/\bnothing is shown of\b/gi, '... shows no progress'],
  [/\bdid not tell\b/gi, 'did not set, did not report'],
  [/\bhold \w+( \w+)? against\b/gi, 'compare ... with'],
  [/\bwhat it assumed\b/gi, 'every assumption'],
  [/\bone's own\b/gi, "your own, the caller's"],
];

function found(text: string): string[] {
  return PHRASES.flatMap(([phrase, instead]) =>
    [...text.matchAll(phrase)].map(([words]) => `${words} (write: ${instead})`),
  );
}

/** Sentences and their parts, at a semicolon or a colon, of more than 30 words that are not a list of names. */
function tooLong(text: string): string[] {
  const lines = text.split('\n').filter(line => !line.startsWith('#'));
  const parts = lines.flatMap(line => line.split(line.startsWith('|') ? /(?<!\\)\|/ : /(?<=[.!?:;])\s+/));
  const sentences = parts.flatMap(part => part.split(/(?<=[.!?:;])\s+/));
  return sentences.filter(sentence => {
    const {length} = sentence.match(/\S*\w\S*/g) ?? [];
    return length > 30 && 3 * sentence.split(',').length < length;
  });
}

const filesIn = (folder: string, names: RegExp) =>
  readdirSync(path.join(root, folder), {recursive: true, encoding: 'utf8'})
    .filter(name => names.test(name))
    .map(name => path.join(folder, name));
/** Files in languages whose comments begin with #, //, ;; or *. */
const sources = ['src', 'layers', 'optimizers', 'python', 'examples', 'benchmarks', 'scripts', 'test']
  .flatMap(folder => filesIn(folder, /\.([mc]?[jt]s|py|cc|h|inc|wat|html)$/))
  .filter(file => path.basename(file) !== 'phrases.test.ts');

describe('plain English', () => {
  it('finds the phrases, and leaves their proper use alone', () => {
    expect(found('The text is no number. There is no file. It is no better.')).toEqual([
      'is no number (write: is not a ..., there is no ...)',
    ]);
    expect(found('It cannot be told apart. Users are told of so many.')).toHaveLength(2);
    expect(found('A flag that there is not; it is none of the three.')).toHaveLength(2);
    expect(
      found('It begins anew, one after the other, with rows enough; ten steps an epoch, then it goes on.'),
    ).toHaveLength(5);
    expect(found('What one retraining came to, how far it is, of no use; it parts the rows.')).toHaveLength(4);
    expect(found('Train the model on with new rows; whoever reads it: it tells nothing.')).toHaveLength(3);
    expect(found('The way of every alpha; what a reader should not miss. Nothing is shown of the rest.')).toHaveLength(
      3,
    );
    expect(found("It did not tell its model what it assumed. One's own rows have not.")).toHaveLength(4);
    expect(found('Hold the selection against others, if you have not done so.')).toHaveLength(1);
  });

  it.each(documents.filter(name => !name.startsWith('docs/results/')))('%s', document => {
    const prose = proseOf(read(document));
    expect([...found(prose), ...(document === 'THIRD_PARTY.md' ? [] : tooLong(prose))]).toEqual([]);
  });

  it('finds sentences of more than 30 words', () => {
    const words = (count: number) => `${'word '.repeat(count - 1)}end`;
    expect(tooLong(`${words(30)}. ${words(30)}; ${words(30)}\n| ${words(30)} | ${words(30)} |`)).toEqual([]);
    expect(tooLong(`A row. ${words(31)}.`)).toEqual([`${words(31)}.`]);
    expect(tooLong('one, '.repeat(40))).toEqual([]);
  });

  it('stands in every message and comment', () => {
    const wrong = sources.flatMap(file =>
      found(readFileSync(path.join(root, file), 'utf8').replace(/\n\s*(#|\/\/|;;|\*)?\s*/g, ' ')).map(
        phrase => `${file}: ${phrase}`,
      ),
    );
    expect(sources.length).toBeGreaterThan(800);
    expect(wrong).toEqual([]);
  });
});
