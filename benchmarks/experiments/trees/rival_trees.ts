import {treeTable, tuneTrees, type Scores, type TunedTrees} from '../../internals';
import type {DataName, Reading} from '../data';
import type {Entry} from '../journal';
import {asTable, checkInMemory, forParts, inMemory} from '../lab';
import {type Job, jobPerModel, type PlanOptions} from '../plan';
import {scoresOf} from '../unseen/compared';
import {treePython} from './gbdt';

/** A tuned LightGBM on the rows and fields of a data set. */
export interface RivalTrees {
  trees: Omit<TunedTrees, 'predictions'>;
  test: Scores;
}

/** Jobs that tune LightGBM over its eight settings and grow it again on training and validation rows. */
export function rivalTrees(options: PlanOptions, reading: Reading): Job[] {
  checkInMemory(options.data);
  return jobPerModel(options, {
    LightGBM: async (name: DataName, seed, lab): Promise<RivalTrees> => {
      const {fields, parts} = inMemory(await lab.data(name, seed, reading));
      const tables = forParts(parts, asTable);
      const {predictions, ...trees} = await tuneTrees(await treePython(), treeTable(fields, tables), {seed});
      return {trees, test: scoresOf(tables.test.labels, predictions)};
    },
  });
}

/** Whether an entry is one of {@link rivalTrees}. */
export function isOfTrees({result}: Entry): boolean {
  return 'trees' in (result as object);
}
