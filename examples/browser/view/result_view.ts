import type {Finished, NamedFile, PairFigures} from '../protocol';
import {words} from '../strings';
import {byId, inSlices, make, write} from './element';
import {pairsOf} from './pairs';

/** Pairs that are listed at once; the others are folded. */
const MOST_AT_ONCE = 12;

/** The answer, and what supports it. */
export function showVerdict({answer, support, warnings}: Finished): void {
  write(byId('answer'), answer);
  byId('support').replaceChildren(
    ...support.map(sentence => make('li', {}, sentence)),
    ...warnings.map(warning => make('li', {class: 'warning'}, warning)),
  );
  byId('verdict').hidden = false;
}

/** The selected pairs, the largest gain first, and the selected triples behind them. */
export function showSelected({pairs, selected, examples, triples}: Finished, fields: readonly string[]): void {
  const {selectedTitle, none, more} = words.result;
  const of = pairsOf(fields.length);
  const namesOf = (interaction: readonly number[]) => interaction.map(f => fields[f]);
  const row = (k: number) =>
    k < selected.length
      ? rowOf(namesOf(of[selected[k]]), pairs, selected[k], examples[k])
      : tripleRow(k - selected.length);
  const tripleRow = (t: number) => rowOf(namesOf(triples.fields[t]), triples.figures, t, triples.examples[t]);
  const count = selected.length + triples.fields.length;
  const {root, body} = tableOf(selectedTitle);
  inSlices(Math.min(count, MOST_AT_ONCE), k => body.append(row(k)));
  const others = Math.max(0, count - MOST_AT_ONCE);
  const folded = tableOf(more(others));
  const fold = make('details', {}, make('summary', {}, more(others)), folded.root);
  // As many rows as a wide table has pairs are made when they are asked for.
  fold.addEventListener('toggle', () => inSlices(others, k => folded.body.append(row(MOST_AT_ONCE + k))), {once: true});
  byId('kept').replaceChildren(
    make('h3', {}, selectedTitle),
    count === 0 ? make('p', {}, none) : root,
    ...(others === 0 ? [] : [fold]),
  );
}

/** A table of pairs without rows, in a region that scrolls. */
function tableOf(title: string): {root: HTMLElement; body: HTMLElement} {
  const {selectedCaption, selectedHead} = words.result;
  const body = make('tbody');
  const head = selectedHead.map((name, i) =>
    make('th', {scope: 'col', class: i === 1 || i === 2 ? 'number' : ''}, name),
  );
  const table = make(
    'table',
    {class: 'kept'},
    make('caption', {}, selectedCaption),
    make('thead', {}, make('tr', {}, ...head)),
    body,
  );
  return {root: make('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': title}, table), body};
}

function rowOf(names: readonly string[], figures: PairFigures, pair: number, example: string): HTMLElement {
  const isJudged = figures.folds > 0;
  return make(
    'tr',
    {},
    make(
      'th',
      {scope: 'row'},
      words.map.cell(names),
      ...(figures.uncertain[pair] === 1 ? [' ', make('span', {class: 'tag'}, words.result.uncertain)] : []),
    ),
    make('td', {class: 'number'}, isJudged ? words.result.gain(figures, pair) : words.numbers.none),
    make('td', {class: 'number'}, isJudged ? words.result.stability(figures, pair) : words.numbers.none),
    make('td', {}, example === '' ? words.result.noExample : example),
  );
}

/** Links to the files of the run, in their order. Earlier links are let go. */
export function showFiles(files: readonly NamedFile[]): void {
  const root = byId('files');
  root.querySelectorAll('a').forEach(link => URL.revokeObjectURL(link.href));
  if (files.length === 0) return root.replaceChildren();
  root.replaceChildren(
    make('h3', {}, words.result.filesTitle),
    make(
      'ul',
      {class: 'files'},
      ...files.map(({name, bytes}) => {
        const link = make('a', {download: name}, name);
        const type = name.endsWith('.html') ? 'text/html' : 'application/octet-stream';
        link.href = URL.createObjectURL(new Blob([bytes as BlobPart], {type}));
        return make('li', {}, link, ` ${words.result.fileNames[name] ?? ''}`);
      }),
    ),
  );
}
