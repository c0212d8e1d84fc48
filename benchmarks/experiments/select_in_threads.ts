import {autoSelect, type AutoSelectArgs, type AutoSelection} from 'tfjs-autofis';
import {TrainingThreads} from 'tfjs-autofis/runtime';

/**
 * `autoSelect` with its defaults, trainings at once, each step a line; its models are disposed.
 *
 * @param look Sees the result before they are.
 */
export async function selectInThreads(
  args: Required<Pick<AutoSelectArgs, 'fields' | 'train' | 'validation' | 'test' | 'seed'>>,
  look: (found: AutoSelection) => void = () => {},
): Promise<AutoSelection> {
  const threads = new TrainingThreads();
  try {
    const found = await autoSelect({
      ...args,
      trainer: threads.trainer,
      parallel: threads.size,
      onStep: words => console.log(`  ${words}`),
    });
    look(found);
    [found.model, ...found.rivals.map(({model}) => model)].forEach(model => model.dispose());
    return found;
  } finally {
    await threads.close();
  }
}
