import type {Kept, Measured, WhatIf} from '../protocol';
import {words} from '../strings';
import {byId, make, showMessage, write} from './element';

/** Interactions that are told at once; the weaker ones are folded. */
const MOST_AT_ONCE = 8;

/** The kept interactions in plain words. */
export function showKept(kept: readonly Kept[]): void {
  const items = kept.map(each =>
    make(
      'li',
      {},
      make('strong', {}, words.result.together(each)),
      ...(each.examples.length === 0
        ? []
        : [make('ul', {}, ...each.examples.map(example => make('li', {}, words.result.example(example))))]),
    ),
  );
  const first = items.slice(0, MOST_AT_ONCE);
  const more = items.slice(MOST_AT_ONCE);
  byId('kept').replaceChildren(
    make('ol', {}, ...first),
    ...(more.length === 0
      ? []
      : [
          make(
            'details',
            {},
            make('summary', {}, words.result.moreKept(more.length)),
            make('ol', {start: MOST_AT_ONCE + 1}, ...more),
          ),
        ]),
  );
  showMessage(byId('run-error'), kept.length === 0 ? words.result.none : null);
}

/** What the model of all interactions and that of the kept ones cost and reach; before they are trained the table has gaps. */
export function showComparison(measured: {before: Measured; after: Measured} | null): void {
  const {rows, head, kilobytes} = words.result;
  const {count} = words.numbers;
  const values: Array<[string, (measured: Measured) => string]> = [
    [rows.interactions, ({interactions: {open, total}}) => `${count(open)} of ${count(total)}`],
    [rows.auc, ({auc}) => auc.toFixed(4)],
    [rows.logloss, ({logloss}) => logloss.toFixed(4)],
    [rows.parameters, ({parameters}) => count(parameters)],
    [rows.bytes, ({bytes}) => kilobytes(bytes)],
    [rows.milliseconds, ({milliseconds}) => milliseconds.toFixed(2)],
  ];
  byId('comparison').replaceChildren(
    make(
      'table',
      {class: measured === null ? 'comparison waiting' : 'comparison'},
      make('caption', {}, words.result.comparison),
      make(
        'thead',
        {},
        make('tr', {}, make('td'), ...head.slice(1).map(name => make('th', {scope: 'col', class: 'number'}, name))),
      ),
      make(
        'tbody',
        {},
        ...values.map(([name, text]) =>
          make(
            'tr',
            {},
            make('th', {scope: 'row'}, name),
            ...(['before', 'after'] as const).map(model =>
              make('td', {class: 'number'}, measured === null ? words.numbers.none : text(measured[model])),
            ),
          ),
        ),
      ),
    ),
  );
}

/** Links to the files of the run. Earlier links are let go. */
export function showFiles(files: ReadonlyArray<{name: string; bytes: Uint8Array | string}>): void {
  const root = byId('files');
  root.querySelectorAll('a').forEach(link => URL.revokeObjectURL(link.href));
  root.replaceChildren(
    ...(files.length === 0
      ? []
      : [
          make('h3', {}, words.result.filesTitle),
          make(
            'ul',
            {class: 'files'},
            ...files.map(({name, bytes}) => {
              const link = make('a', {download: name}, name);
              link.href = URL.createObjectURL(
                new Blob([bytes as BlobPart], {
                  type: name.endsWith('.html') ? 'text/html' : 'application/octet-stream',
                }),
              );
              return make('li', {}, link, ` ${words.result.fileNames[name] ?? ''}`);
            }),
          ),
        ]),
  );
}

export function showWarnings(warnings: readonly string[]): void {
  byId('warnings').replaceChildren(...warnings.map(warning => make('p', {class: 'warning'}, warning)));
}

export function showWhatIf({searched, now, changed}: WhatIf): void {
  write(byId('what-if'), words.result.whatIf(searched, now));
  byId<HTMLButtonElement>('reset-gates').disabled = !changed;
}
