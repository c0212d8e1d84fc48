import type {CommandSpec} from '../command';
import {checkRun} from '../../record/check_run';
import type {RunRecord} from '../../record/run_record';
import {folderOf} from '../steps/run_folder';
import {readNamed, UsageError} from '../usage_error';

export const reportCommand: CommandSpec = {
  name: 'report',
  summary: 'write the results of a run as one HTML page',
  description:
    'Writes FOLDER/report from the result of `run` or `select`: report.html, one self-contained page; the same as ' +
    'Markdown; each picture as SVG, and as PNG if the package @resvg/resvg-js is installed; and run.json, the run ' +
    'itself. Given a run.json instead of a folder, writes the report of that run to --out. Needs the package echarts.',
  positional: ['folder'],
  settings: ['folder', 'out'],
  examples: ['report', 'report runs/deep', 'report run.json --out flights-report'],
  run: async run => {
    const {folder, out} = run.values;
    const isFile = folder?.endsWith('.json') === true;
    if (!isFile && out !== undefined)
      throw new UsageError(
        '--out belongs to a given run.json; the report of a folder is FOLDER/report. ' +
          `Omit --out, or give the run as well: \`tfjs-autofis report FOLDER/report/run.json --out ${out}\`.`,
      );
    const {runRecord, writeReport} = await import('../steps/report');
    const {STEPS} = await import('../steps/expected');
    run.output.begin(STEPS.report);
    if (!isFile) await (await import('../steps/backend')).startBackend(run);
    const files = isFile
      ? await writeReport(await readRun(folder), out ?? 'report')
      : await writeReport(await runRecord(run, folderOf(run.values)), folderOf(run.values).file('report'));
    run.output.result(files);
    run.output.say(files.html!);
    return 0;
  },
};

/** Read and check the run of a file. */
async function readRun(file: string): Promise<RunRecord> {
  const text = await readNamed(file);
  let run: unknown;
  try {
    run = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as Error).message}. Give the run.json of a report.`);
  }
  checkRun(file, run);
  return run;
}
