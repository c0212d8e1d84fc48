import type {Figures, Finished, NamedFile} from '../protocol';
import {words} from '../strings';
import {byId, inSlices, make, write} from './element';
import {modelBars} from './models_view';
import {pairsOf} from './pairs';

/** Interactions that are listed at once; the others are folded. */
const MOST_AT_ONCE = 12;

/** The answer, the models on the test rows, and what to be careful about. */
export function showVerdict({answer, models, warnings}: Finished): void {
  write(byId('answer'), answer);
  byId('models').replaceChildren(modelBars(models));
  byId('warnings').replaceChildren(...warnings.map(warning => make('li', {class: 'warning'}, warning)));
  byId('verdict').hidden = false;
}

/** The selected interactions with their evidence, the largest gain first. */
export function showSelected({figures, selected, examples, larger}: Finished, fields: readonly string[]): void {
  const {selectedTitle, none, more} = words.result;
  const interactions = [...pairsOf(fields.length), ...larger];
  const row = (k: number) => {
    const names = interactions[selected[k]].map(f => fields[f]);
    return rowOf(names, figures, selected[k], examples[k]);
  };
  const {root, body} = tableOf(selectedTitle);
  inSlices(Math.min(selected.length, MOST_AT_ONCE), k => body.append(row(k)));
  const others = Math.max(0, selected.length - MOST_AT_ONCE);
  const folded = tableOf(more(others));
  const fold = make('details', {}, make('summary', {}, more(others)), folded.root);
  // As many rows as a wide table has pairs are made when they are asked for.
  fold.addEventListener('toggle', () => inSlices(others, k => folded.body.append(row(MOST_AT_ONCE + k))), {once: true});
  byId('kept').replaceChildren(
    make('h3', {}, selectedTitle),
    selected.length === 0 ? make('p', {}, none) : root,
    ...(others === 0 ? [] : [fold]),
  );
}

/** A table of interactions without rows, in a region that scrolls. */
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

function rowOf(names: readonly string[], figures: Figures, pair: number, example: string): HTMLElement {
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

/** Links to the files of the run: the report beside the answer, the others among the details. Lets earlier ones go. */
export function showFiles(files: readonly NamedFile[]): void {
  const [first, others] = [byId('report'), byId('files')];
  document.querySelectorAll<HTMLAnchorElement>('#run a[download]').forEach(link => URL.revokeObjectURL(link.href));
  const links = files.map(({name, bytes}) => {
    const link = make('a', {download: name}, name);
    const type = name.endsWith('.html') ? 'text/html' : 'application/octet-stream';
    link.href = URL.createObjectURL(new Blob([bytes as BlobPart], {type}));
    return [link, ` ${words.result.fileNames[name] ?? ''}`] as const;
  });
  first.replaceChildren(...(links[0] ?? []).slice(0, 1));
  others.replaceChildren(
    ...(files.length === 0 ? [] : [make('h3', {}, words.result.filesTitle)]),
    make('ul', {class: 'files'}, ...links.slice(1).map(link => make('li', {}, ...link))),
  );
}
