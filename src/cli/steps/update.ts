import {TooManyRejects} from '../../data/sources/rejects';
import {AutofisError} from '../../errors';
import {updateBundle} from '../../update/node/index';
import type {UpdateReport} from '../../update/node/update_bundle';
import type {Invocation} from '../command';
import {flagOf, withFlags} from '../setting';
import {readingProgress} from './progress';
import {shownTrainer} from './shown_trainer';
import type {TableSource} from './table_source';

/** The options of `updateBundle` that are flags. */
const OPTIONS = ['heldOut', 'timeColumn', 'refit', 'out'];

/** `updateBundle` on a table of the command line. */
export async function updateStep(
  {values, output}: Invocation,
  bundle: string,
  {source, name}: TableSource,
): Promise<UpdateReport> {
  const {timeColumn, heldOut, refit, epochs, dropUnused, maxRejects, force, out, seed} = values;
  return updateBundle(bundle, {
    source,
    timeColumn,
    ...(heldOut === undefined ? {} : {heldOut}),
    refit,
    epochs,
    dropUnused,
    maxRejects,
    force,
    out,
    seed,
    progress: readingProgress(output),
    trainer: shownTrainer(output),
  }).catch((error: Error) => {
    if (error instanceof TooManyRejects) throw error.as(name, flagOf('maxRejects'));
    throw error instanceof AutofisError ? new AutofisError(withFlags(error.message, 'updateBundle', OPTIONS)) : error;
  });
}
