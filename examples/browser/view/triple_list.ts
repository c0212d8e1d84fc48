import type {GateView} from '../protocol';
import {words} from '../strings';
import {make, write} from './element';
import type {MakeCell} from './heat_map';

/** While a search runs, so many triples are shown; afterwards those that a person may open and close. */
const MOST_LIVE = 12;
const MOST_BY_HAND = 200;

/** The gates of triples: the strongest while they move, then a list in a fixed order whose gates can be pressed. */
export class TripleList {
  readonly root: HTMLElement;
  private readonly head = make('h3');
  private readonly list = make('ol', {class: 'triples', 'aria-label': words.heat.tripleList});
  private readonly rest = make('p', {class: 'hint'});
  private frozen = false;

  constructor(
    private readonly view: GateView,
    private readonly gate: number,
    private readonly makeCell: MakeCell,
  ) {
    this.root = make('div', {class: 'triple-list'}, this.head, this.list, this.rest);
  }

  /** Shows alpha[gate], and which gates a person has opened. */
  update(alpha: number[][], open: boolean[][] | null): void {
    const values = alpha[this.gate];
    write(
      this.head,
      words.heat.triples((open?.[this.gate] ?? values.map(value => value !== 0)).filter(Boolean).length, values.length),
    );
    if (this.frozen) return;
    const strongest = ordered(values).filter(p => values[p] !== 0);
    const largest = Math.max(1e-9, ...alpha.flat().map(Math.abs));
    const shown = strongest.slice(0, MOST_LIVE);
    const {list} = this;
    while (list.children.length < shown.length)
      list.append(make('li', {}, make('span'), make('span', {class: 'number'})));
    while (list.children.length > shown.length) list.lastElementChild!.remove();
    shown.forEach((p, k) => {
      const item = list.children[k] as HTMLElement;
      write(item.children[0], words.heat.cell(this.fieldsOf(p)));
      write(item.children[1], words.heat.alpha(values[p]));
      item.style.setProperty('--share', String(Math.abs(values[p]) / largest));
    });
    this.showRest(strongest.length - shown.length);
  }

  /** From now on the order stays, and each triple is a gate to press. */
  freeze(alpha: number[][]): void {
    this.frozen = true;
    const order = ordered(alpha[this.gate]);
    const shown = order.slice(0, MOST_BY_HAND);
    this.list.classList.add('by-hand');
    this.list.replaceChildren(
      ...shown.map((p, k) => {
        const fields = this.fieldsOf(p);
        const button = this.makeCell(this.gate, p, fields, `${this.gate}:0:${k}`);
        button.prepend(make('span', {class: 'name'}, words.heat.cell(fields)), ' ');
        return make('li', {}, button);
      }),
    );
    this.showRest(order.length - shown.length);
  }

  private fieldsOf(p: number): string[] {
    return this.view.interactions[p].map(f => this.view.fields[f]);
  }

  private showRest(more: number): void {
    write(this.rest, more > 0 ? words.heat.moreTriples(more) : '');
  }
}

/** Positions by falling |alpha|. */
function ordered(values: readonly number[]): number[] {
  return values.map((_, p) => p).sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]) || a - b);
}
