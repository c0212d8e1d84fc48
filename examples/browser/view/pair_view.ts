import type {PairView} from '../protocol';
import {words} from '../strings';
import {make, write} from './element';
import {colorCell} from './pairs';
import {tipsIn} from './tip';

/** Milliseconds that a person looks at a pair before it is asked for. */
const PATIENCE = 80;
/** Difference in log-odds that has the full colour. */
const FULL = 1.5;
/** Standard deviations of the rate that a cell must be off to have its whole colour. */
const SURE = 3;
const STEPS = 10;

/** The values of one pair: how often rows that have both are positive, against what each value alone predicts. */
export class PairPanel {
  private readonly name = make('h3');
  private readonly facts = make('p', {class: 'facts'});
  private readonly rates = make('div');
  private waiting = 0;
  private wanted = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly ask: (pair: number) => void,
  ) {
    root.append(this.name, this.facts, this.rates);
    tipsIn(this.rates, '[data-cell]', mark => [mark.getAttribute('aria-label')!]);
  }

  clear(): void {
    clearTimeout(this.waiting);
    this.root.hidden = true;
  }

  /** The pair to begin with: its name, and what is known of it. */
  begin(view: PairView, lines: readonly string[]): void {
    this.wanted = view.pair;
    this.write(lines);
    this.show(view);
    this.root.hidden = false;
  }

  /** A person looks at a pair. Its values are asked for, unless the next one follows at once. */
  look(pair: number, lines: readonly string[]): void {
    this.write(lines);
    if (pair === this.wanted) return;
    this.wanted = pair;
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.ask(pair), PATIENCE);
  }

  /** Shows the values of a pair, if a person still looks at it. */
  show(view: PairView): void {
    if (view.pair === this.wanted) this.rates.replaceChildren(heatOf(view));
  }

  private write([name, ...facts]: readonly string[]): void {
    write(this.name, name);
    write(this.facts, facts.join('; '));
  }
}

function heatOf(view: PairView): HTMLElement {
  const {values, rows, positives, cut} = view;
  const [left, right] = values;
  const name = (scope: 'row' | 'col', value: string) => make('th', {scope, title: value}, make('span', {}, value));
  const cell = (i: number, j: number) => {
    const at = i * right.length + j;
    const made = make(
      'td',
      {'data-cell': at, 'aria-label': cellOf(view, at)},
      words.pair.rate(rows[at], positives[at]),
    );
    colorCell(made, rows[at] === 0 ? null : stepOf(view, at));
    return made;
  };
  const total = rows.reduce((sum, n) => sum + n, 0);
  return make(
    'table',
    {class: 'heat rates'},
    make('caption', {}, words.pair.caption(total, cut)),
    make('thead', {}, make('tr', {}, make('td'), ...right.map(value => name('col', value)))),
    make(
      'tbody',
      {},
      ...left.map((value, i) => make('tr', {}, name('row', value), ...right.map((_, j) => cell(i, j)))),
    ),
  );
}

/** What a cell says in words. */
function cellOf({values: [left, right], rows, positives, expected}: PairView, at: number): string {
  const both = [left[Math.floor(at / right.length)], right[at % right.length]];
  return words.pair.cell(both, rows[at], positives[at], expected[at]);
}

/** The step of the colour scale: log-odds observed less expected, paler where few rows say so. */
function stepOf({rows, positives, expected}: PairView, at: number): number {
  const [n, p] = [rows[at], expected[at]];
  if (n === 0) return 0;
  const rate = (positives[at] + p) / (n + 1);
  const difference = Math.log(rate / (1 - rate)) - Math.log(p / (1 - p));
  const off = Math.abs(positives[at] - n * p) / Math.sqrt(n * p * (1 - p) + 1);
  const share = (difference / FULL) * Math.min(1, off / SURE);
  return Math.round(STEPS * Math.max(-1, Math.min(1, share)));
}
