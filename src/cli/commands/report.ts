import {readFile} from 'node:fs/promises';
import type {CommandSpec} from '../command';
import {checkRun} from '../../record/check_run';
import type {RunRecord} from '../../record/run_record';
import type {SettingValues} from '../settings';
import {folderOf} from '../steps/run_folder';
import {UsageError} from '../usage_error';

export const reportCommand: CommandSpec = {
  name: 'report',
  summary: 'write the results of a run as one HTML page',
  description:
    'Writes FOLDER/report from the results of the stages, and of `judge` if it ran: report.html, one ' +
    'self-contained page; the same as Markdown; each picture as SVG, and as PNG if the package @resvg/resvg-js ' +
    'is installed; and run.json, the run itself. Given a run.json, writes the report of that run to --out. Needs ' +
    'the package echarts.',
  positional: ['run'],
  settings: ['run', 'folder', 'out', 'title', 'positive'],
  examples: [
    'report',
    'report --folder runs/deep --title Flights --positive "a late flight"',
    'report run.json --out flights-report',
  ],
  run: async run => {
    const {run: file, folder, out} = run.values;
    if (file !== undefined && folder !== undefined)
      throw new UsageError(`${file} and --folder ${folder} both name a run. Give one of them.`);
    if (file === undefined && out !== undefined)
      throw new UsageError(
        '--out belongs to a given run.json; the report of a folder is FOLDER/report. ' +
          `Omit --out, or give the run as well: \`tfjs-autofis report FOLDER/report/run.json --out ${out}\`.`,
      );
    const {reportStep, writeReport} = await import('../steps/report');
    const files =
      file === undefined
        ? (await reportStep(run, folderOf(run.values))).files
        : await writeReport(await readRun(file, run.values), out ?? 'report');
    run.output.result(files);
    run.output.say(files.html!);
    return 0;
  },
};

/** The run of a file, with the words of flags in place of its own. */
async function readRun(file: string, {title, positive}: SettingValues): Promise<RunRecord> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} ${error.code === 'ENOENT' ? 'does not exist' : `cannot be read: ${error.message}`}.`);
  });
  let run: unknown;
  try {
    run = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as Error).message}. Give the run.json of a report.`);
  }
  checkRun(file, run);
  return {...run, title: title ?? run.title, positive: positive ?? run.positive};
}
