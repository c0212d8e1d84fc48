import * as echarts from 'echarts';
import type {RunRecord} from 'tfjs-autofis';
import {htmlReport} from 'tfjs-autofis/report';
import type {NamedFile, DrawnFiles} from '../protocol';
import {zip} from './zip';

/**
 * Writes the report and the archive of all files, beside the page: ECharts is loaded when a run has ended, not before.
 */
const page = self as unknown as {
  postMessage(made: DrawnFiles): void;
  onmessage: ((event: MessageEvent<NamedFile[]>) => void) | null;
};

page.onmessage = ({data: files}) => {
  const run = JSON.parse(new TextDecoder().decode(files.find(({name}) => name === 'run.json')!.bytes)) as RunRecord;
  const report = {name: 'report.html', bytes: new TextEncoder().encode(htmlReport(run, echarts))};
  page.postMessage({report, bundle: {name: 'autofis.zip', bytes: zip([report, ...files])}});
};
