import {autoSelect, type AutoSelectArgs, type AutoSelection} from 'tfjs-autofis';
import {TrainingThreads} from 'tfjs-autofis/runtime';

type ThreadArgs = Required<Pick<AutoSelectArgs, 'fields' | 'train' | 'validation' | 'test' | 'seed'>>;

/**
 * Run `autoSelect` with its defaults, trainings at once, each step a line; its models are disposed.
 *
 * @param read Takes what an experiment records, before that.
 */
export async function selectInThreads<Result>(
  args: ThreadArgs,
  read: (selected: AutoSelection) => Result,
): Promise<Result> {
  const threads = new TrainingThreads();
  try {
    const selected = await autoSelect({
      ...args,
      trainer: threads.trainer,
      parallel: threads.size,
      onStep: words => console.log(`  ${words}`),
    });
    const result = read(selected);
    [selected.model, ...selected.rivals.map(({model}) => model)].forEach(model => model.dispose());
    return result;
  } finally {
    await threads.close();
  }
}
