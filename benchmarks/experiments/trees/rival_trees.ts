import {growCatBoost, treeTable, tuneTrees, type Scores, type TreeTable, type TunedTrees} from '../../internals';
import type {DataName, Reading} from '../data';
import type {Entry} from '../journal';
import {asTable, checkInMemory, forParts, inMemory, type Lab} from '../lab';
import {type Job, jobPerModel, type PlanOptions} from '../plan';
import {scoresOf} from '../unseen/compared';
import {treePython} from './gbdt';

/** Libraries of trees that a selection is compared with. */
export const treeLibraries = ['LightGBM', 'CatBoost'] as const;
export type TreeLibrary = (typeof treeLibraries)[number];

/** LightGBM tuned over eight settings, CatBoost with its defaults; both grown again on all rows but the test rows. */
export const growWith: Record<
  TreeLibrary,
  (python: string, table: TreeTable, options: {seed: number}) => Promise<TunedTrees>
> = {LightGBM: tuneTrees, CatBoost: growCatBoost};

/** Trees on the rows and fields of a data set. */
export interface RivalTrees {
  library: TreeLibrary;
  trees: Omit<TunedTrees, 'predictions'>;
  test: Scores;
}

/** Jobs that grow the trees of each library. */
export function rivalTrees(options: PlanOptions, reading: Reading): Job[] {
  checkInMemory(options.data);
  const grow =
    (library: TreeLibrary) =>
    async (name: DataName, seed: number, lab: Lab): Promise<RivalTrees> => {
      const {fields, parts} = inMemory(await lab.data(name, seed, reading));
      const tables = forParts(parts, asTable);
      const {predictions, ...trees} = await growWith[library](await treePython(), treeTable(fields, tables), {seed});
      return {library, trees, test: scoresOf(tables.test.labels, predictions)};
    };
  return jobPerModel(options, Object.fromEntries(treeLibraries.map(library => [library, grow(library)])));
}

/** Whether an entry is one of {@link rivalTrees}. */
export function isOfTrees({result}: Entry): boolean {
  return 'trees' in (result as object);
}
