import type {UpdateReport} from '../../update/update_words';
import type {CommandSpec, Invocation} from '../command';
import {flagOf, withFlags} from '../setting';
import {folderOf} from '../steps/run_folder';
import {TABLE_SETTINGS, type TableSource, tableSource} from '../steps/table_source';
import {UsageError} from '../usage_error';

export const updateCommand: CommandSpec = {
  name: 'update',
  summary: 'continue the training of a bundle on newer rows: its vocabulary grows, its interactions stay',
  description:
    'Adds the new values of newer rows to the vocabulary and tables of a bundle that `run` or `select` wrote, ' +
    'and continues the training of its model. Holds out the newest rows to report AUC and logloss before and ' +
    'after, the drift of the data, and the interactions that a quick search on the newer rows confirms. With ' +
    '--refit, searches and trains from scratch on all rows so far, as by `run`. Replaces the bundle, or writes to ' +
    '--out, unless AUC or logloss is worse by more than the 95 % interval, or the newer rows are doubtful: labels ' +
    'inverted, most values unseen, or a new model no better than the rate alone.',
  positional: ['folder', 'data'],
  settings: [
    'folder',
    ...TABLE_SETTINGS,
    'timeColumn',
    'heldOut',
    'refit',
    'epochs',
    'dropUnused',
    'maxRejects',
    'force',
    'out',
    'seed',
    'backend',
  ],
  examples: [
    'update autofis-run/bundle tuesday.csv',
    'update autofis-run/bundle "week-*.parquet" --time-column timestamp --out bundles/week-2',
    'update autofis-run/bundle "clicks-2026-*.csv" --refit --held-out 0.02',
    'update autofis-run/bundle tuesday.csv --json',
  ],
  run: async run => {
    const {values, output} = run;
    const table = tableSource(values);
    if (values.folder === undefined || table === undefined) {
      throw new UsageError(
        'the bundle or the table of newer rows is missing. Give both, such as `tfjs-autofis update ' +
          'autofis-run/bundle tuesday.csv`.',
      );
    }
    if (values.refit === true && values.heldOut === undefined) {
      throw new UsageError(
        "--refit needs --held-out: the share of the rows that are newer than the bundle's, or less. The bundle has " +
          'been trained on all others, so they cannot compare it with the new model.',
      );
    }
    const {startBackend} = await import('../steps/backend');
    const {bundleIn} = await import('../steps/export');
    await startBackend(run);
    const report = await updated(run, bundleIn(folderOf(values)), table);
    output.result(report);
    output.say(report.text);
    if (report.written) return 0;
    output.note(`not written: ${flagOf('force')} writes it all the same`);
    return 1;
  },
};

/** The options of `updateBundle` that are flags. */
const OPTIONS = ['heldOut', 'timeColumn', 'refit', 'out'];

/** Call `updateBundle` on a table of the command line. */
async function updated(
  {values, output}: Invocation,
  bundle: string,
  {source, name}: TableSource,
): Promise<UpdateReport> {
  const {updateBundle} = await import('../../update/node/index');
  const {TooManyRejects} = await import('../../data/sources/rejects');
  const {readingProgress, shownTrainer} = await import('../steps/progress');
  const {timeColumn, heldOut, refit, epochs, dropUnused, maxRejects, force, out, seed} = values;
  return updateBundle(bundle, {
    source,
    ...{timeColumn, refit, epochs, dropUnused, maxRejects, force, out, seed},
    ...(heldOut === undefined ? {} : {heldOut}),
    progress: readingProgress(output),
    trainer: shownTrainer(output),
  }).catch((error: Error) => {
    if (error instanceof TooManyRejects) throw error.as(name, flagOf('maxRejects'));
    throw withFlags(error, OPTIONS);
  });
}
