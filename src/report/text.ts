import {AutofisError} from '../errors';
import type {RunRecord} from '../record/run_record';
import {INTERVAL} from '../statistics';

/** A number or name of the run, with the place that it comes from. */
export interface Figure {
  /** JSON pointer into the run; `length` of a list counts it. */
  readonly path: string;
  readonly value: string | number | boolean | null;
  /** How it is written. */
  readonly shown: string;
}

/** Words with figures in them. */
export type Text = ReadonlyArray<string | Figure>;

/** How numbers are written; a unit stays on the line of its number. */
export const formats = {
  count: (value: number) => value.toLocaleString('en-US'),
  auc: (value: number) => value.toFixed(4),
  alpha: (value: number) => value.toFixed(3),
  percent: (value: number) => `${(100 * value).toFixed(1)}\u00a0%`,
  signed: (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`,
  /** A standard error as half of a 95 % interval. */
  interval: (value: number) => `±\u00a0${(INTERVAL * value).toFixed(4)}`,
  seconds: (value: number) => `${value.toFixed(1)}\u00a0s`,
  bytes: (value: number) =>
    value < 1e6 ? `${(value / 1e3).toFixed(1)}\u00a0kB` : `${(value / 1e6).toFixed(1)}\u00a0MB`,
  short: (value: number) => String(Number(value.toPrecision(4))),
  p: (value: number) => (value < 0.001 ? '< 0.001' : value.toFixed(3)),
} as const;

export type FigureFormat = keyof typeof formats;

/** Take figures out of a run by their JSON pointer, so that no number of a report comes from elsewhere. */
export function figuresOf(run: RunRecord): (path: string, format?: FigureFormat) => Figure {
  return (path, format) => {
    const value = path
      .split('/')
      .slice(1)
      .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((at, key) => (at as {[key: string]: unknown} | null | undefined)?.[key], run) as
      Figure['value'] | undefined;
    if (value === undefined)
      throw new AutofisError(`report: the run has no ${path}. The file is damaged, or was changed by hand.`);
    return {path, value, shown: shownAs(value, format)};
  };
}

function shownAs(value: Figure['value'], format?: FigureFormat): string {
  if (value === null) return '–';
  return typeof value === 'number' && format !== undefined ? formats[format](value) : String(value);
}

/** A key as part of a JSON pointer. */
export function pointerKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Words with figures and texts between them, as a template; a line end with the indentation after it is one space. */
export function say(words: TemplateStringsArray, ...parts: ReadonlyArray<string | Figure | Text>): Text {
  return words
    .flatMap((lines, i) => {
      const word = lines.replace(/\n\s*/g, ' ');
      const part = parts[i];
      return part === undefined ? [word] : [word, ...(typeof part === 'string' || 'path' in part ? [part] : part)];
    })
    .filter(part => part !== '');
}

/** Texts one after another: "a, b and c". */
export function listed(texts: readonly Text[]): Text {
  return texts.flatMap((text, i) => [...(i === 0 ? [] : [i === texts.length - 1 ? ' and ' : ', ']), ...text]);
}

export function toHtml(text: Text): string {
  return text
    .map(part =>
      typeof part === 'string'
        ? escapeHtml(part)
        : `<data value="${escapeHtml(String(part.value))}" data-run="${escapeHtml(part.path)}">` +
          `${escapeHtml(part.shown)}</data>`,
    )
    .join('');
}

export function toPlain(text: Text): string {
  return text.map(part => (typeof part === 'string' ? part : part.shown)).join('');
}

/** Text inside Markdown, also inside the cells of its tables. */
export function toMarkdown(text: Text): string {
  return toPlain(text).replace(/[\\`*_[\]<>|#]/g, '\\$&');
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);
}
