import {words} from '../strings';
import {make, write} from './element';
import {colorCell, colorStep, pairAt, type PairMap, type PairMapHooks, pairsOf, type PairState} from './pairs';
import {tipsIn} from './tip';

/** With more fields the cells have no room for numbers. */
const MOST_WITH_NUMBERS = 16;
const MOST_ON_PHONE = 10;

/** All pairs as a table of buttons, one for each gate. */
export class GridMap implements PairMap {
  readonly root: HTMLElement;
  readonly effect = make('p', {class: 'effect', 'aria-hidden': true});
  private readonly buttons: HTMLButtonElement[];
  /** What was painted, so that only changes touch the page. */
  private painted: string[] = [];

  constructor(
    private readonly fields: readonly string[],
    hooks: PairMapHooks,
  ) {
    this.buttons = pairsOf(fields.length).map((_, pair) =>
      make('button', {type: 'button', 'data-pair': pair, tabindex: pair === 0 ? 0 : -1}, make('span')),
    );
    this.root = make('div', {class: 'scroll', tabindex: -1}, this.table());
    tipsIn(this.root, '[data-pair]', mark => hooks.look(Number((mark as HTMLElement).dataset.pair)));
    this.root.addEventListener('click', event => {
      const pair = (event.target as Element).closest<HTMLElement>('[data-pair]')?.dataset.pair;
      if (pair !== undefined) hooks.press(Number(pair));
    });
    this.root.addEventListener('keydown', event => this.move(event));
  }

  paint({strength, largest, uncertain, pressable, label}: PairState): void {
    // Numbers are as large as the cells have room for.
    const longest = this.buttons.reduce((most, _, pair) => Math.max(most, textOf(strength[pair]).length), 4);
    this.root.style.setProperty('--length', String(longest));
    this.buttons.forEach((button, pair) => {
      const value = strength[pair];
      const step = colorStep(value, largest);
      const key = `${step} ${value.toFixed(2)} ${uncertain[pair]} ${pressable[pair]}`;
      if (this.painted[pair] === key) return;
      this.painted[pair] = key;
      button.classList.toggle('closed', value === 0);
      button.classList.toggle('uncertain', uncertain[pair] === 1);
      colorCell(button, step);
      write(button.firstElementChild!, textOf(value));
      button.setAttribute('aria-label', label(pair));
      if (pressable[pair] === 1) button.setAttribute('aria-pressed', String(value !== 0));
      else button.removeAttribute('aria-pressed');
    });
  }

  private table(): HTMLElement {
    const {fields, buttons} = this;
    const m = fields.length;
    const name = (attributes: {scope: 'row' | 'col'; colspan?: number}, field: string) =>
      make('th', {...attributes, title: field}, make('span', {}, ...breakable(field)));
    // A column has its name where it begins: the empty half of the map has room for it, and for a line.
    const rows = fields
      .slice(1)
      .map((field, k) =>
        make(
          'tr',
          {},
          name({scope: 'row'}, field),
          ...fields.slice(0, k + 1).map((_, i) => make('td', {}, buttons[pairAt(m, i, k + 1)])),
          ...(k < m - 2 ? [name({scope: 'col', colspan: m - 2 - k}, field)] : []),
        ),
      );
    const half = Math.ceil((m - 1) / 2);
    const table = make(
      'table',
      {class: `heat gates${m > MOST_WITH_NUMBERS ? ' dense' : ''}${m > MOST_ON_PHONE ? ' many' : ''}`},
      make('caption', {}, words.map.caption),
      make(
        'thead',
        {},
        make(
          'tr',
          {},
          make('td'),
          name({scope: 'col', colspan: half}, fields[0]),
          ...(m > 2 ? [make('td', {colspan: m - 1 - half}, this.effect)] : []),
        ),
      ),
      make('tbody', {}, ...rows),
    );
    // Rows are as high as the window has room for.
    table.style.setProperty('--rows', String(m - 1));
    return table;
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
    const from = (event.target as HTMLElement).dataset.pair;
    if (step === undefined || from === undefined) return;
    event.preventDefault();
    const m = this.fields.length;
    const [i, j] = pairsOf(m)[Number(from)].map((field, k) => field + step[k]);
    if (i < 0 || j >= m || i >= j) return;
    (event.target as HTMLElement).tabIndex = -1;
    const to = this.buttons[pairAt(m, i, j)];
    to.tabIndex = 0;
    to.focus();
  }
}

/** A name that breaks behind its underscores and dots, where it must. */
function breakable(name: string): Array<Node | string> {
  return name.split(/(?<=[_.])/).flatMap(part => [part, make('wbr')]);
}

/** The number in a cell. */
function textOf(value: number): string {
  return value === 0 ? '' : words.map.strength(value);
}
