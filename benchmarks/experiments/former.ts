import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';

/** Result of the former recipe, which chose one of many trained models, on one data set or table. */
export interface FormerRun {
  data: string;
  seed: number;
  /** Scores on the test rows. */
  auc: number;
  logloss: number;
  /** Interactions that it selected. */
  interactions: number;
}

/** Read the runs of the former recipe in an experiment; none where it had none. */
export function formerRuns(experiment: 'recipe' | 'unseen'): FormerRun[] {
  const file = path.join(__dirname, '..', 'results', 'former', `${experiment}.jsonl`);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as FormerRun);
}
