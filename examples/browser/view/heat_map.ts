import type {GateView, Kept} from '../protocol';
import {words} from '../strings';
import {make, write} from './element';
import {tipsIn} from './tip';

/** Steps of the scale of colours on each side of zero, as in the report. */
const SCALE_STEPS = 10;
/** With more fields the cells have no room for numbers. */
const MOST_WITH_NUMBERS = 16;
const MOST_TRIPLES = 12;

interface Cell {
  gate: number;
  interaction: number;
  fields: string[];
  button: HTMLButtonElement;
}

/** alpha of each pair of fields as a grid, in which gates are seen to close; triples as a list, the strongest first. */
export class HeatMap {
  private readonly cells: Cell[] = [];
  private readonly triples: Array<{gate: number, view: GateView, list: HTMLOListElement, head: HTMLElement, rest: HTMLElement}> = [];
  private alpha: number[][] = [];
  private closedAt: Array<Array<number | null>> = [];
  private kept = new Map<string, Kept>();
  private open: boolean[][] | null = null;

  constructor(root: HTMLElement, gates: readonly GateView[], onToggle: (gate: number, interaction: number, open: boolean) => void) {
    root.replaceChildren(...gates.map((view, gate) => view.order === 2 ? this.grid(view, gate) : this.list(view, gate)));
    tipsIn(root, '[data-cell]', mark => this.tipOf(Number((mark as HTMLElement).dataset.cell)));
    root.addEventListener('click', event => {
      const mark = (event.target as Element).closest<HTMLElement>('[data-cell]');
      if (mark === null || this.open === null) return;
      const {gate, interaction} = this.cells[Number(mark.dataset.cell)];
      onToggle(gate, interaction, !this.open[gate][interaction]);
    });
    root.addEventListener('keydown', event => this.move(event));
  }

  /** Shows alpha as it is. */
  update(alpha: number[][], closedAt: Array<Array<number | null>>): void {
    this.alpha = alpha;
    this.closedAt = closedAt;
    const largest = Math.max(1e-9, ...alpha.flat().map(Math.abs));
    this.cells.forEach(({gate, interaction, fields, button}) => {
      const value = alpha[gate][interaction], closed = value === 0 || this.open?.[gate][interaction] === false;
      button.classList.toggle('closed', closed);
      const step = Math.round(SCALE_STEPS * (value / largest)) + SCALE_STEPS;
      button.style.setProperty('--cell', closed ? '' : `var(--scale${step})`);
      button.classList.toggle('strong', !closed && Math.abs(value / largest) > 0.6);
      write(button.firstElementChild!, closed ? '' : words.heat.alpha(value));
      button.setAttribute('aria-label', `${words.heat.cell(fields)}: ${words.heat.state(closed ? 0 : value, closedAt[gate]?.[interaction] ?? null)}`);
      if (this.open !== null) button.setAttribute('aria-pressed', String(!closed));
    });
    this.triples.forEach(triple => this.updateTriples(triple, largest));
  }

  /** From now on gates can be opened and closed by hand. */
  byHand(open: boolean[][]): void {
    this.open = open;
    // A gate that was opened by hand has alpha's start.
    this.update(this.alpha.map((values, g) => values.map((alpha, p) => open[g][p] && alpha === 0 ? 0.6 : alpha)), this.closedAt);
  }

  explain(kept: readonly Kept[]): void {
    this.kept = new Map(kept.map(each => [`${each.gate}:${each.interaction}`, each]));
  }

  private grid({fields, interactions}: GateView, gate: number): HTMLElement {
    const positions = new Map(interactions.map((pair, p) => [String(pair), p]));
    const rows = fields.slice(1).map((name, k) => {
      const j = k + 1;
      const cells = fields.slice(0, -1).map((_, i) => {
        const p = positions.get(`${i},${j}`);
        return p === undefined ? make('td', {class: 'none'}) : make('td', {}, this.cell(gate, p, [fields[i], name], i, j));
      });
      return make('tr', {}, make('th', {scope: 'row', title: name}, make('span', {}, name)), ...cells);
    });
    const head = make('tr', {}, make('td', {class: 'none'}), ...fields.slice(0, -1).map(name => make('th', {scope: 'col', title: name}, make('span', {}, name))));
    return make('div', {class: 'grid'}, make('table', {class: fields.length > MOST_WITH_NUMBERS ? 'heat dense' : 'heat'},
        make('caption', {}, 'Alpha of each pair of fields'), make('thead', {}, head), make('tbody', {}, ...rows)), scale());
  }

  private cell(gate: number, interaction: number, fields: string[], i: number, j: number): HTMLButtonElement {
    const button = make('button', {
      'type': 'button', 'data-cell': this.cells.length, 'data-place': `${gate}:${i}:${j}`, 'tabindex': this.cells.length === 0 ? 0 : -1,
    }, make('span'));
    this.cells.push({gate, interaction, fields, button});
    return button;
  }

  /** Arrow keys go from cell to cell. */
  private move(event: KeyboardEvent): void {
    const steps: {[key: string]: readonly [number, number]} = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
    const step = steps[event.key], from = (event.target as HTMLElement).dataset.place?.split(':').map(Number);
    if (step === undefined || from === undefined) return;
    const [gate, i, j] = from, to = this.cells.find(({button}) => button.dataset.place === `${gate}:${i + step[0]}:${j + step[1]}`);
    event.preventDefault();
    if (to === undefined) return;
    (event.target as HTMLElement).tabIndex = -1;
    to.button.tabIndex = 0;
    to.button.focus();
  }

  private list(view: GateView, gate: number): HTMLElement {
    const list = make('ol', {class: 'triples'}), head = make('h3'), rest = make('p', {class: 'hint'});
    this.triples.push({gate, view, list, head, rest});
    return make('div', {class: 'triple-list'}, head, list, rest);
  }

  private updateTriples({gate, view, list, head, rest}: HeatMap['triples'][number], largest: number): void {
    const values = this.alpha[gate], open = values.flatMap((alpha, p) => alpha === 0 ? [] : [{alpha, p}]);
    const strongest = open.sort((a, b) => Math.abs(b.alpha) - Math.abs(a.alpha)).slice(0, MOST_TRIPLES);
    write(head, words.heat.triples(open.length, values.length));
    while (list.children.length < strongest.length) list.append(make('li', {}, make('span'), make('span', {class: 'number'})));
    while (list.children.length > strongest.length) list.lastElementChild!.remove();
    strongest.forEach(({alpha, p}, k) => {
      const item = list.children[k] as HTMLElement;
      write(item.children[0], words.heat.cell(view.interactions[p].map(f => view.fields[f])));
      write(item.children[1], words.heat.alpha(alpha));
      item.style.setProperty('--share', String(Math.abs(alpha) / largest));
    });
    write(rest, open.length > strongest.length ? words.heat.moreTriples(open.length - strongest.length) : '');
  }

  private tipOf(index: number): string[] {
    const {gate, interaction, fields, button} = this.cells[index];
    const closed = button.classList.contains('closed'), alpha = this.alpha[gate]?.[interaction] ?? 0;
    const pair = button.dataset.place!.split(':').slice(1).map(Number);
    const examples = this.kept.get(`${gate}:${pair}`)?.examples ?? [];
    return [words.heat.cell(fields), words.heat.state(closed ? 0 : alpha, this.closedAt[gate]?.[interaction] ?? null), ...examples.map(words.result.example)];
  }
}

/** What the colours mean. */
function scale(): HTMLElement {
  return make('div', {class: 'scale', 'aria-hidden': true}, make('span', {}, 'negative'),
      make('span', {class: 'ramp'}, ...Array.from({length: 2 * SCALE_STEPS + 1}, (_, i) => make('i', {style: `background:var(--scale${i})`}))),
      make('span', {}, 'positive'), make('span', {class: 'closed-sample'}), make('span', {}, 'closed'));
}
