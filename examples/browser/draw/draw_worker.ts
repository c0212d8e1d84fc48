import * as echarts from 'echarts';
import {htmlReport} from 'tfjs-autofis/report';
import type {ReportFiles, ReportRequest} from '../protocol';
import {zip} from './zip';

/** Writes the report and the archive of all files, beside the page: ECharts is loaded when a run has ended, not before. */
const page = self as unknown as {
  postMessage(made: ReportFiles): void;
  onmessage: ((event: MessageEvent<ReportRequest>) => void) | null;
};

page.onmessage = ({data: {run, files}}) => {
  const report = {name: 'report.html', bytes: new TextEncoder().encode(htmlReport(run, echarts))};
  page.postMessage({report, bundle: {name: 'autofis.zip', bytes: zip([report, ...files])}});
};
