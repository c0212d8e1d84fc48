import type {InteractionRecord, ModelRecord} from 'tfjs-autofis';
import type {Finished, NamedFile} from '../protocol';
import {words} from '../strings';
import {byId, make, write} from './element';

/** Pairs that are listed at once; the others are folded. */
const MOST_AT_ONCE = 12;

/** The answer, what supports it, and how the chosen model stands beside its rivals. */
export function showVerdict({run, answer, verdict}: Finished): void {
  write(byId('answer'), answer);
  byId('support').replaceChildren(
    ...(verdict === null ? [] : [make('li', {}, verdict)]),
    ...run.models.flatMap(model => (model.comparison === null ? [] : [make('li', {}, comparison(model))])),
    ...run.warnings.map(warning => make('li', {class: 'warning'}, words.sentence(warning))),
  );
  byId('verdict').hidden = false;
}

function comparison({name, auc, comparison: found}: ModelRecord): string {
  const {difference, standardError} = found!.auc;
  return words.result.comparison(found!.words, name, auc, difference, standardError);
}

/** The kept pairs, the largest gain first. */
export function showKept({run: {interactions}, uncertain}: Finished): void {
  const kept = [...interactions.keys()]
    .filter(p => interactions[p].kept)
    .sort((a, b) => gainOf(interactions[b]) - gainOf(interactions[a]));
  const row = (p: number) => rowOf(interactions[p], uncertain.includes(p));
  const {keptTitle, keptHead, none, more} = words.result;
  const table = (rows: readonly number[]) =>
    make(
      'table',
      {class: 'kept'},
      make('caption', {}, words.result.keptCaption),
      make(
        'thead',
        {},
        make(
          'tr',
          {},
          ...keptHead.map((name, i) => make('th', {scope: 'col', class: i === 1 || i === 2 ? 'number' : ''}, name)),
        ),
      ),
      make('tbody', {}, ...rows.map(row)),
    );
  byId('kept').replaceChildren(
    make('h3', {}, keptTitle),
    ...(kept.length === 0
      ? [make('p', {}, none)]
      : [
          make(
            'div',
            {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': keptTitle},
            table(kept.slice(0, MOST_AT_ONCE)),
          ),
        ]),
    ...(kept.length <= MOST_AT_ONCE
      ? []
      : [
          make(
            'details',
            {},
            make('summary', {}, more(kept.length - MOST_AT_ONCE)),
            make(
              'div',
              {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': more(kept.length - MOST_AT_ONCE)},
              table(kept.slice(MOST_AT_ONCE)),
            ),
          ),
        ]),
  );
}

const gainOf = ({evidence}: InteractionRecord) => evidence?.gain ?? 0;

function rowOf({fields, evidence, examples}: InteractionRecord, isUncertain: boolean): HTMLElement {
  return make(
    'tr',
    {},
    make(
      'th',
      {scope: 'row'},
      words.map.cell(fields),
      ...(isUncertain ? [' ', make('span', {class: 'tag'}, words.result.uncertain)] : []),
    ),
    make('td', {class: 'number'}, evidence === null ? words.numbers.none : words.result.gain(evidence)),
    make('td', {class: 'number'}, evidence === null ? words.numbers.none : words.result.halves(evidence.stability)),
    make('td', {}, examples.length === 0 ? words.result.noExample : words.result.example(examples[0])),
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
