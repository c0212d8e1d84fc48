import type {RowView} from '../protocol';
import {words} from '../strings';
import {inSlices, make, write} from './element';

/** Interactions that are listed, the strongest first; the others are one line. */
const MOST_SHOWN = 12;

/** A row that a person makes: the probability that the model gives it, and what each interaction adds. */
export class RowForm {
  private readonly choices = make('div', {class: 'choices'});
  private readonly said = make('p', {class: 'probability', role: 'status'});
  private readonly shares = make('div');
  private ids: number[] = [];

  /** @param ask Called with an id for each field; with null for the row to begin with. */
  constructor(
    private readonly root: HTMLElement,
    private readonly ask: (ids: number[] | null) => void,
  ) {}

  clear(): void {
    this.root.hidden = true;
    this.ids = [];
    this.root.replaceChildren();
    this.choices.replaceChildren();
    this.shares.replaceChildren();
    write(this.said, '');
  }

  /** The row that is tried; null where none is. */
  get tried(): readonly number[] | null {
    return this.ids.length > 0 && this.root.querySelector('details')?.open ? this.ids : null;
  }

  /**
   * Offers to try a row. The model is loaded when a person wants that.
   * @param ids A row that is tried at once.
   */
  begin(ids: readonly number[] | null): void {
    const {title, hint} = words.row;
    const fold = make(
      'details',
      {},
      make('summary', {}, make('h3', {}, title)),
      make('p', {class: 'hint'}, hint),
      make('div', {class: 'trial'}, this.choices, make('div', {}, this.said, this.shares)),
    );
    fold.addEventListener('toggle', () => this.ask(ids === null ? null : [...ids]), {once: true});
    fold.open = ids !== null;
    this.root.replaceChildren(fold);
    this.root.hidden = false;
  }

  show(view: RowView, fields: readonly string[]): void {
    this.ids = view.ids;
    if (this.choices.childElementCount === 0)
      inSlices(view.fields.length, f => this.choices.append(this.choice(view.fields[f], f)));
    write(this.said, words.row.probability(view.probability));
    this.shares.replaceChildren(sharesOf(view, fields));
  }

  private choice({name, values}: RowView['fields'][number], field: number): HTMLElement {
    const option = (value: {id: number; name: string}) => make('option', {value: value.id}, value.name);
    const now = values.find(({id}) => id === this.ids[field])!;
    const select = make('select', {id: `row-${field}`}, option(now));
    // 200 lists of hundreds of values would be more elements than a page can bear: each is filled when it is used.
    const fill = () => {
      select.replaceChildren(...values.map(option));
      select.value = String(this.ids[field]);
    };
    select.addEventListener('pointerdown', fill, {once: true});
    select.addEventListener('focus', fill, {once: true});
    select.addEventListener('change', () =>
      this.ask(this.ids.map((id, f) => (f === field ? Number(select.value) : id))),
    );
    return make('label', {for: select.id}, make('span', {}, name), select);
  }
}

/** What the fields alone and each interaction add to the log-odds. */
function sharesOf({base, interactions}: RowView, fields: readonly string[]): HTMLElement {
  const {caption, head, base: alone, share: shown, others, none} = words.row;
  const sorted = [...interactions].sort((a, b) => Math.abs(b.share) - Math.abs(a.share));
  const lines = [
    {name: alone, share: base},
    ...sorted
      .slice(0, MOST_SHOWN)
      .map(({fields: own, share}) => ({name: words.map.cell(own.map(f => fields[f])), share})),
  ];
  const rest = sorted.slice(MOST_SHOWN);
  if (rest.length > 0) lines.push({name: others(rest.length), share: rest.reduce((sum, {share}) => sum + share, 0)});
  const largest = Math.max(1e-9, ...lines.slice(1).map(({share}) => Math.abs(share)));
  const line = ({name, share}: (typeof lines)[number], i: number) => {
    const bar = make('span', {class: share < 0 ? 'less' : 'more'});
    bar.style.width = `${(50 * Math.abs(share)) / largest}%`;
    return make(
      'tr',
      {},
      make('th', {scope: 'row'}, name),
      make('td', {class: 'number'}, shown(share)),
      make('td', {class: 'bar-of', 'aria-hidden': true}, ...(i === 0 ? [] : [bar])),
    );
  };
  return make(
    'table',
    {class: 'shares'},
    make('caption', {}, interactions.length === 0 ? none : caption),
    make('thead', {class: 'hidden'}, make('tr', {}, ...head.map(name => make('th', {scope: 'col'}, name)))),
    make('tbody', {}, ...lines.map(line)),
  );
}
