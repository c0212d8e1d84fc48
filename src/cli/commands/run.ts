import {AutofisError} from '../../errors';
import type {Estimate} from '../../statistics';
import {textTable} from '../../text_table';
import type {CommandSpec} from '../command';
import type {RollingResult} from '../steps/rolling';
import {folderOf} from '../steps/run_folder';
import type {SelectResult} from '../steps/select';
import {encodeCommand, tableInWords} from './encode';
import {COMPONENT_SETTINGS, runInWords} from './select';

export const runCommand: CommandSpec = {
  name: 'run',
  summary: 'go from a table to a model and a report: encode, select, report',
  description:
    'Goes from a table to a small model and a report. After Ctrl-C or a crash, the same command with --resume ' +
    'continues where it stopped.',
  positional: ['data'],
  settings: [...new Set([...encodeCommand.settings, ...COMPONENT_SETTINGS, 'rolling' as const])].filter(
    key => key !== 'writeSchema',
  ),
  examples: ['run data.csv --label clicked', 'run data.csv --label clicked --split time --rolling 5'],
  run: async given => {
    const {output, values} = given;
    output.begin('looking at the columns');
    const {startBackend} = await import('../steps/backend');
    const {dataPlan} = await import('../steps/data_plan');
    const {encodeStep, fewInWords} = await import('../steps/encode');
    const {selectStep} = await import('../steps/select');
    const {rollingStep} = await import('../steps/rolling');
    const {findTrees, treesStep} = await import('../steps/trees');
    const {runRecord, writeReport} = await import('../steps/report');
    const {runSteps, STEPS} = await import('../steps/expected');
    const folder = folderOf(values);
    const [plan, trees] = await Promise.all([dataPlan(given), findTrees(values)]);
    const {fields} = plan.schema;
    const expect = (rows: number) => output.expect(runSteps({rows, fields: fields.length}, values, trees));
    const encoded = await encodeStep(given, folder, plan, expect);
    output.note(tableInWords(encoded, plan.schema, values.verbose === true));
    fewInWords(encoded).forEach(output.note);
    expect(encoded.parts['train'].rows + encoded.parts['valid'].rows);
    output.begin(STEPS.backend);
    const backend = await startBackend(given);
    let selection: SelectResult | undefined;
    const last = async () => ({encoded, selected: (selection ??= await selectStep(given, folder, backend))});
    const rolled = values.rolling === undefined ? null : await rollingStep(given, folder, {plan, backend, last});
    const {selected} = await last();
    const compared = await treesStep(given, folder, trees);
    output.begin(STEPS.report);
    const record = await runRecord(given, folder);
    const page = await writeReport(record, folder.file('report')).then(
      ({html}) => html!,
      (error: Error) => {
        // All else is done, and a report can be had later.
        if (!(error instanceof AutofisError)) throw error;
        output.note(`no report: ${error.message}`);
        return null;
      },
    );
    const bundle = folder.file('bundle');
    output.result({encode: encoded, select: selected, trees: compared, rolling: rolled, report: page, bundle});
    output.say(
      [
        runInWords(record),
        ...(rolled === null ? [] : [rolledInWords(rolled)]),
        [`model:   ${bundle}`, ...(page === null ? [] : [`report:  ${page}`])].join('\n'),
      ].join('\n\n'),
    );
    return 0;
  },
};

/** The steps of a rolling evaluation, and their mean. */
function rolledInWords({steps, auc, logloss, shared}: RollingResult): string {
  const share = (value: number | null) => (value === null ? '-' : value.toFixed(2));
  const table = textTable(
    ['test from', 'training rows', 'test rows', 'AUC', 'logloss', 'chosen', 'shared interactions'],
    steps.map(step => [
      String(step.testFrom),
      String(step.rows['train'] + step.rows['valid']),
      String(step.rows['test']),
      step.auc.toFixed(4),
      step.logloss.toFixed(4),
      step.chosen,
      share(step.shared),
    ]),
    [0, 5],
  );
  const words = ({mean, interval}: Estimate) =>
    `${mean.toFixed(4)}${interval === null ? '' : ` (95 %: ${interval[0].toFixed(4)} to ${interval[1].toFixed(4)})`}`;
  return (
    `Each period, predicted by a model of the rows before it:\n${table}\n` +
    `Mean AUC ${words(auc)}, logloss ${words(logloss)}` +
    `${shared === null ? '' : `; a step shares ${share(shared)} of its interactions with the step before (Jaccard)`}.`
  );
}
