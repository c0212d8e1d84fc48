import type {CommandSpec} from '../command';
import {flagOf} from '../setting';
import {TABLE_SETTINGS, tableSource} from '../steps/table_source';
import {UsageError} from '../usage_error';

export const update: CommandSpec = {
  name: 'update',
  summary: 'train a bundle on with newer rows: its vocabulary grows, its interactions stay',
  description:
    'Adds the new values of newer rows to the vocabulary of a bundle, which `select` or `retrain` has written, and rows for them to its ' +
    'model, which trains on from its weights. The newest rows are held out: they say what the model was worth before and after, how they ' +
    'differ from the training rows, and whether the gates would choose other interactions now. The new bundle takes the place of the old one, ' +
    'or goes to --out, unless AUC or logloss is worse by more than its 95 % interval.',
  positional: ['bundle', 'data'],
  settings: [...TABLE_SETTINGS, 'time', 'heldOut', 'updateEpochs', 'maxRejects', 'force', 'out', 'seed', 'backend'],
  examples: [
    'update autofis-run/bundle tuesday.csv',
    'update autofis-run/bundle "week-*.parquet" --time timestamp --out bundles/week-2',
    'update autofis-run/bundle tuesday.csv --json',
  ],
  run: async run => {
    const {values, output} = run;
    const table = tableSource(values);
    if (values.bundle === undefined || table === undefined) {
      throw new UsageError(
        'Which bundle, and which rows? Give both, such as `tfjs-autofis update autofis-run/bundle tuesday.csv`.',
      );
    }
    const {startBackend} = await import('../steps/backend');
    const {updateStep} = await import('../steps/update');
    await startBackend(run);
    const report = await updateStep(run, values.bundle, table);
    output.result(report);
    output.say(report.text);
    if (report.written) return 0;
    output.note(`not written: ${flagOf('force')} writes it all the same`);
    return 1;
  },
};
