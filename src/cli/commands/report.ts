import type {CommandSpec} from '../command';
import {folderOf} from '../steps/run_folder';

export const report: CommandSpec = {
  name: 'report',
  summary: 'write what a run found as one HTML page',
  description:
    'Writes FOLDER/report from what the stages have left: report.html, one page that needs nothing else; the same as Markdown; each picture ' +
    'as SVG, and as PNG where the package @resvg/resvg-js is; and run.json, the run itself. A verdict of `judge` is in it, too. Needs the package echarts.',
  settings: ['folder', 'title', 'positive', 'backend'],
  examples: ['report', 'report --folder runs/deep --title Flights --positive "a late flight"'],
  run: async run => {
    const {startBackend} = await import('../steps/backend');
    const {reportStep} = await import('../steps/report');
    const backend = await startBackend(run);
    const {files} = await reportStep(run, folderOf(run.values), backend);
    run.output.result(files);
    run.output.say(files.html!);
    return 0;
  },
};
