import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import {checkKeys} from '../checks';
import {invalidArgument} from '../errors';
import {checkRun} from '../record/check_run';
import type {RunRecord} from '../record/run_record';
import {replaceFile} from '../runtime/replace_file';
import {drawSvg, loadEcharts, standalone} from './chart';
import {htmlReport, WIDE} from './html';
import {markdownReport} from './markdown';
import {picturesOf} from './pictures/pictures';
import {loadPng} from './png';

export type ReportFormat = 'html' | 'markdown' | 'svg' | 'png' | 'json';

const allFormats: readonly ReportFormat[] = ['html', 'markdown', 'svg', 'png', 'json'];

export interface ReportOptions {
  /** Where the files go; made if it is not there. */
  folder: string;
  /** Which files are written; default all. */
  formats?: readonly ReportFormat[];
}

/** Paths of the files that were written. */
export interface ReportFiles {
  html?: string;
  markdown?: string;
  json?: string;
  /** By the picture's name. */
  svg: {[name: string]: string};
  png: {[name: string]: string};
}

/**
 * Write the report of a run: `report.html`, one page that needs nothing else; each picture alone in `pictures/` as SVG
 * and PNG; `report.md`, the same in Markdown, whose pictures are the SVG or PNG files; and `run.json`, the run itself.
 *
 * Pictures are drawn by echarts, PNG files by `@resvg/resvg-js`; the user installs both.
 *
 * @throws AutofisError on a run of another version or a damaged one, a package that is missing, or PNG on a machine
 * without fonts, before anything is written.
 * @example
 * const {html} = await report(run, {folder: 'runs/report'});
 */
export async function report(run: RunRecord, options: ReportOptions): Promise<ReportFiles> {
  const where = 'report';
  checkRun(where, run);
  checkKeys(where, options ?? {}, ['folder', 'formats']);
  const {folder, formats = allFormats} = options ?? {};
  if (typeof folder !== 'string' || folder === '')
    throw invalidArgument(where, 'folder', 'be the path of a folder', folder);
  const unknown = formats.find(format => !allFormats.includes(format));
  if (unknown !== undefined)
    throw invalidArgument(where, 'formats', `hold ${allFormats.map(f => `'${f}'`).join(', ')} only`, unknown);

  const echarts = await loadEcharts();
  const drawPng = formats.includes('png') ? await loadPng() : null;
  const files: ReportFiles = {svg: {}, png: {}};
  const write = async (name: string, content: string | Uint8Array) => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), {recursive: true});
    await replaceFile(file, content);
    return file;
  };
  if (formats.includes('json')) files.json = await write('run.json', `${JSON.stringify(run)}\n`);
  for (const picture of formats.includes('svg') || drawPng !== null ? picturesOf(run) : []) {
    const {name} = picture;
    const svg = standalone(drawSvg(echarts, name, picture, picture.draw(WIDE)));
    if (formats.includes('svg')) files.svg[name] = await write(`pictures/${name}.svg`, `${svg}\n`);
    if (drawPng !== null) files.png[name] = await write(`pictures/${name}.png`, drawPng(svg));
  }
  if (formats.includes('markdown')) {
    files.markdown = await write(
      'report.md',
      markdownReport(run, name => {
        const file = files.svg[name] ?? files.png[name];
        return file === undefined ? undefined : `pictures/${path.basename(file)}`;
      }),
    );
  }
  if (formats.includes('html')) files.html = await write('report.html', htmlReport(run, echarts));
  return files;
}
