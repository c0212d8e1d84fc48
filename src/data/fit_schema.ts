import {checkKeys} from '../checks';
import {checkSchema} from '../schema/check_schema';
import {positiveInWords} from '../schema/label';
import type {LabelRule, Schema} from '../schema/schema';
import type {FittedSchema} from '../schema/vocabulary';
import {AutofisError} from '../errors';
import type {ProgressReporter} from './staging/progress';
import type {Staged} from './staging/staged_files';
import {READING_KEYS, type ReadingOptions, stage} from './staging/staging';
import {withEngine} from './with_engine';

export interface FitOptions extends ReadingOptions {
  schema: Schema;
  /**
   * Where rows are kept while it works, about half the size of the source as text. Default: the system's temporary
   * folder.
   */
  tempFolder?: string;
}

/**
 * Fit a schema on the training rows of a source: the vocabularies and edges that turn values into ids.
 * @returns plain JSON, to be kept with the files that are made with it.
 * @throws AutofisError on a wrong option, a source that cannot be read, or more than `maxRejects` rows that cannot be
 *     used, with file, line, column and value.
 * @example
 * const fitted = await fitSchema({source: 'train.csv.gz', schema, split: {by: 'fraction', test: 0.1, seed: 1}});
 */
export async function fitSchema(options: FitOptions): Promise<FittedSchema> {
  const where = 'fitSchema';
  checkKeys(where, options, [...READING_KEYS, 'schema', 'tempFolder']);
  const schema = checkSchema(options.schema);
  return withEngine(options, async (engine, folder, progress) => {
    const staged = await stage(engine, {...options, where, schema, folder, progress});
    return fitStaged(where, schema, staged, progress);
  });
}

/** Check that the training rows have both labels. */
export function checkLabels(
  where: string,
  label: LabelRule,
  {rows, positives}: {rows: number; positives: number},
): void {
  if (positives > 0 && positives < rows) return;
  throw new AutofisError(
    `${where}: the label of all ${rows} training rows is ${positives === 0 ? 0 : 1}. ` +
      `A model needs both labels. Check the label, ${positiveInWords(label)}, and the split.`,
  );
}

/** Fit a schema on the training rows of what was staged. */
export async function fitStaged(
  where: string,
  schema: Schema,
  staged: Staged,
  progress: ProgressReporter,
): Promise<FittedSchema> {
  const training = await staged.training();
  const {rows} = training;
  if (rows === 0) throw new AutofisError(`${where}: the training part has no rows. Check the split.`);
  if (schema.label !== undefined) checkLabels(where, schema.label, training);
  const steps = progress.start('fitting');
  const fields = await staged.fit(rows, steps.step);
  steps.stop();
  return {version: 1, schema, rows, fields};
}
