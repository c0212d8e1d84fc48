import type {GateView, Kept} from '../protocol';
import {words} from '../strings';
import {make, write} from './element';
import {tipsIn} from './tip';
import {TripleList} from './triple_list';

/** Steps of the scale of colours on each side of zero, as in the report. */
const SCALE_STEPS = 10;
/** With more fields the cells have no room for numbers. */
const MOST_WITH_NUMBERS = 16;
/** alpha of a gate that a person opens: its start. */
const START = 0.6;

/** A button that stands for the gate of an interaction. */
export interface Cell {
  gate: number;
  interaction: number;
  fields: string[];
  button: HTMLButtonElement;
}

/** Makes the button of a gate, which the map then colours. */
export type MakeCell = (gate: number, interaction: number, fields: string[], place: string) => HTMLButtonElement;

/** alpha of each pair of fields as a grid, in which gates are seen to close; triples as a list, the strongest first. */
export class HeatMap {
  private readonly cells: Cell[] = [];
  private readonly triples: TripleList[] = [];
  private alpha: number[][];
  private closedAt: Array<Array<number | null>>;
  private kept = new Map<string, Kept>();
  private open: boolean[][] | null = null;

  /** @param onToggle Called when a person presses a gate, once `byHand` was called. */
  constructor(
    place: HTMLElement,
    private readonly gates: readonly GateView[],
    onToggle: (gate: number, interaction: number, open: boolean) => void,
  ) {
    // An element of its own, so that an earlier map hears nothing any more.
    const root = make('div');
    root.append(...gates.map((view, gate) => (view.order === 2 ? this.grid(view, gate) : this.list(view, gate))));
    place.replaceChildren(root);
    tipsIn(root, '[data-cell]', mark => this.tipOf(Number((mark as HTMLElement).dataset.cell)));
    root.addEventListener('click', event => {
      const mark = (event.target as Element).closest<HTMLElement>('[data-cell]');
      if (mark === null || this.open === null) return;
      const {gate, interaction} = this.cells[Number(mark.dataset.cell)];
      onToggle(gate, interaction, !this.open[gate][interaction]);
    });
    root.addEventListener('keydown', event => this.move(event));
    this.alpha = gates.map(({interactions}) => interactions.map(() => START));
    this.closedAt = gates.map(({interactions}) => interactions.map(() => null));
    this.paint();
  }

  /** Shows alpha as it is. */
  update(alpha: number[][], closedAt: Array<Array<number | null>>): void {
    this.alpha = alpha;
    this.closedAt = closedAt;
    this.paint();
  }

  /** From now on gates can be opened and closed by hand. */
  byHand(open: boolean[][]): void {
    const first = this.open === null;
    this.open = open;
    if (first) this.triples.forEach(list => list.freeze(this.alpha));
    this.paint();
  }

  explain(kept: readonly Kept[]): void {
    this.kept = new Map(kept.map(each => [`${each.gate}:${each.interaction}`, each]));
  }

  private paint(): void {
    const largest = Math.max(1e-9, ...this.alpha.flat().map(Math.abs));
    this.triples.forEach(list => list.update(this.alpha, this.open));
    for (const {gate, interaction, fields, button} of this.cells) {
      const alpha = this.alphaAt(gate, interaction);
      const share = Math.min(1, Math.max(-1, alpha / largest));
      button.classList.toggle('closed', alpha === 0);
      button.style.setProperty(
        '--cell',
        alpha === 0 ? '' : `var(--scale${Math.round(SCALE_STEPS * share) + SCALE_STEPS})`,
      );
      button.classList.toggle('strong', Math.abs(share) > 0.6);
      write(button.lastElementChild!, alpha === 0 ? '' : words.heat.alpha(alpha));
      // The name of a triple's gate is what stands on it.
      if (this.gates[gate].order === 2)
        button.setAttribute('aria-label', words.heat.label(fields, alpha, this.closedAt[gate]?.[interaction] ?? null));
      if (this.open !== null) button.setAttribute('aria-pressed', String(alpha !== 0));
    }
  }

  /** alpha as it counts: 0 where the gate is closed, by the search or by hand. */
  private alphaAt(gate: number, interaction: number): number {
    const alpha = this.alpha[gate]?.[interaction] ?? 0;
    return this.open === null ? alpha : !this.open[gate][interaction] ? 0 : alpha === 0 ? START : alpha;
  }

  private grid({fields, interactions}: GateView, gate: number): HTMLElement {
    const positions = new Map(interactions.map((pair, p) => [String(pair), p]));
    const rows = fields.slice(1).map((name, k) => {
      const j = k + 1;
      const cells = fields.slice(0, -1).map((_, i) => {
        const p = positions.get(`${i},${j}`);
        return p === undefined
          ? make('td', {class: 'none'})
          : make('td', {}, this.cell(gate, p, [fields[i], name], `${gate}:${i}:${j}`));
      });
      return make('tr', {}, make('th', {scope: 'row', title: name}, make('span', {}, name)), ...cells);
    });
    const head = make(
      'tr',
      {},
      make('td', {class: 'none'}),
      ...fields.slice(0, -1).map(name => make('th', {scope: 'col', title: name}, make('span', {}, name))),
    );
    return make(
      'div',
      {class: 'grid'},
      make(
        'table',
        {class: fields.length > MOST_WITH_NUMBERS ? 'heat dense' : 'heat'},
        make('caption', {}, words.heat.caption),
        make('thead', {}, head),
        make('tbody', {}, ...rows),
      ),
      scale(),
    );
  }

  private list(view: GateView, gate: number): HTMLElement {
    const list = new TripleList(view, gate, (...cell) => this.cell(...cell));
    this.triples.push(list);
    return list.root;
  }

  private cell(gate: number, interaction: number, fields: string[], place: string): HTMLButtonElement {
    const first = !this.cells.some(each => each.gate === gate);
    const button = make(
      'button',
      {type: 'button', 'data-cell': this.cells.length, 'data-place': place, tabindex: first ? 0 : -1},
      make('span'),
    );
    this.cells.push({gate, interaction, fields, button});
    return button;
  }

  /** Arrow keys go from gate to gate. */
  private move(event: KeyboardEvent): void {
    const steps: {[key: string]: readonly [number, number]} = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const step = steps[event.key];
    const from = (event.target as HTMLElement).dataset.place?.split(':').map(Number);
    if (step === undefined || from === undefined) return;
    const [gate, i, j] = from;
    const to = this.cells.find(({button}) => button.dataset.place === `${gate}:${i + step[0]}:${j + step[1]}`);
    event.preventDefault();
    if (to === undefined) return;
    (event.target as HTMLElement).tabIndex = -1;
    to.button.tabIndex = 0;
    to.button.focus();
  }

  private tipOf(index: number): string[] {
    const {gate, interaction, fields} = this.cells[index];
    const examples = this.kept.get(`${gate}:${this.gates[gate].interactions[interaction]}`)?.examples ?? [];
    return [
      words.heat.cell(fields),
      words.heat.state(this.alphaAt(gate, interaction), this.closedAt[gate]?.[interaction] ?? null),
      ...examples.map(words.result.example),
    ];
  }
}

/** What the colours mean. */
function scale(): HTMLElement {
  const {negative, positive, closed} = words.heat.scale;
  return make(
    'div',
    {class: 'scale', 'aria-hidden': true},
    make('span', {}, negative),
    make(
      'span',
      {class: 'ramp'},
      ...Array.from({length: 2 * SCALE_STEPS + 1}, (_, i) => make('i', {style: `background:var(--scale${i})`})),
    ),
    make('span', {}, positive),
    make('span', {}, make('span', {class: 'closed-sample'}), closed),
  );
}
