import {columnValues} from '../row_major';
import type {RowValues} from './row_sample';

/** Classes of an output at most that are asked for, the most frequent ones. */
const MOST_QUESTIONS = 10;
/** Fewer rows of the rarer label say nothing of any interaction. */
const LEAST_POSITIVE = 10;

/** A question with two answers: [n] zeros and ones, for rows of the training and those held out. */
export interface Question {
  /** The column of the output whose probability answers it. */
  column: number;
  train: Float32Array;
  held: Float32Array;
}

/** The questions that labels of an output answer, with enough rows of either answer. */
export function questionsOf(train: RowValues, held: RowValues, width: number): Question[] {
  const columns = Array.from({length: train.width}, (_, c) =>
    [train, held].map(({values, width: count}) => columnValues([values], c, count)),
  );
  const questions = columns.flatMap(([known, others], c): Question[] => {
    const answers = (is: (value: number) => boolean, column = c): Question => ({
      column,
      train: known.map(value => (is(value) ? 1 : 0)),
      held: others.map(value => (is(value) ? 1 : 0)),
    });
    if (known.every(value => value === 0 || value === 1)) return [answers(value => value === 1)];
    if (width > 1 && train.width === 1)
      return [...new Set(known)].map(label => answers(value => value === label, label));
    const median = known.slice().sort()[Math.floor(known.length / 2)];
    // Of numbers that repeat, many can be the median.
    const above = answers(value => value > median);
    const notBelow = answers(value => value >= median);
    return [rarer(above.train) >= rarer(notBelow.train) ? above : notBelow];
  });
  return questions
    .filter(question => Math.min(rarer(question.train), rarer(question.held)) >= LEAST_POSITIVE)
    .sort((a, b) => rarer(b.held) - rarer(a.held))
    .slice(0, MOST_QUESTIONS);
}

/** Count the labels of the rarer kind among zeros and ones. */
function rarer(labels: Float32Array): number {
  const ones = labels.reduce((sum, y) => sum + y, 0);
  return Math.min(ones, labels.length - ones);
}
