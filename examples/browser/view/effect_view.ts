import type {EffectView} from '../protocol';
import {words} from '../strings';
import {make, write} from './element';
import {colorCell, colorStep} from './pairs';
import {tipsIn} from './tip';

/** Milliseconds that a person looks at an interaction before it is asked for. */
const PATIENCE = 80;
/** Log-odds that have the full colour at least. */
const FULL = 0.5;
/** With more columns a phone has no room for numbers. */
const MOST_WITH_NUMBERS = 6;

/** Shows the effect of the selected interaction, or field, on the log-odds of the chosen model, by values. */
export class EffectPanel {
  private readonly name = make('h3');
  private readonly facts = make('p', {class: 'facts'});
  private readonly others = make('p', {class: 'tools'});
  private readonly cells = make('div');
  private waiting = 0;
  private wanted: readonly number[] = [];
  /** Positions of the shown values of a third and a fourth field. */
  private at: readonly number[] = [];

  constructor(
    private readonly root: HTMLElement,
    private readonly ask: (fields: number[], at: number[]) => void,
  ) {
    root.append(this.name, this.facts, this.others, this.cells);
    tipsIn(this.cells, '[data-cell]', mark => [mark.getAttribute('aria-label')!]);
  }

  clear(): void {
    clearTimeout(this.waiting);
    this.root.hidden = true;
  }

  /** The effect to begin with: its name, and what is known of it. */
  begin(view: EffectView, lines: readonly string[], fields: readonly string[]): void {
    this.wanted = view.fields;
    this.write(lines);
    this.show(view, fields);
    this.root.hidden = false;
  }

  /** A person looks at an interaction. Its effect is asked for, unless the next one follows at once. */
  look(fields: readonly number[], lines: readonly string[], at: readonly number[] = []): void {
    this.write(lines);
    if (`${fields}` === `${this.wanted}` && at.length === 0) return;
    this.wanted = fields;
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.ask([...fields], [...at]), PATIENCE);
  }

  /** What is shown. */
  get shown(): {fields: readonly number[]; at: readonly number[]} {
    return {fields: this.wanted, at: this.at};
  }

  /** Shows an effect, if a person still looks at it. */
  show(view: EffectView, fields: readonly string[]): void {
    if (`${view.fields}` !== `${this.wanted}`) return;
    this.at = view.others.map(({at}) => at);
    this.showOthers(view, fields);
    this.cells.replaceChildren(heatOf(view));
  }

  private write([name, ...facts]: readonly string[]): void {
    write(this.name, name);
    write(this.facts, facts.join('; '));
  }

  /** A choice of the values of a third and a fourth field. */
  private showOthers({fields, others}: EffectView, names: readonly string[]): void {
    const focused = document.activeElement?.id;
    const choices = others.map(({values, at}, k) => {
      const options = values.map((value, v) => make('option', {value: v, selected: v === at}, value));
      const select = make('select', {id: `other-${k}`}, ...options);
      select.addEventListener('change', () => {
        const chosen = others.map((other, o) => (o === k ? Number(select.value) : other.at));
        this.ask([...fields], chosen);
      });
      return make('label', {for: select.id}, `${words.effect.where(names[fields[k + 2]])} `, select);
    });
    this.others.hidden = choices.length === 0;
    this.others.replaceChildren(...choices);
    if (choices.some((_, k) => focused === `other-${k}`)) document.getElementById(focused!)!.focus();
  }
}

function heatOf(view: EffectView): HTMLElement {
  const {values, effect, rows, isOpen, isCut} = view;
  const [left, right = [words.effect.single]] = values;
  const digits = values.length === 1 ? 2 : 1;
  const largest = effect.reduce((most, each) => Math.max(most, Math.abs(each)), FULL);
  const name = (scope: 'row' | 'col', value: string) => make('th', {scope, title: value}, make('span', {}, value));
  const cell = (i: number, j: number) => {
    const at = i * right.length + j;
    const isShown = isOpen && rows[at] > 0;
    const made = make(
      'td',
      {'data-cell': at, 'aria-label': cellOf(view, at), class: isOpen ? '' : 'closed'},
      isShown ? words.effect.share(effect[at], digits) : '',
    );
    colorCell(made, isShown ? colorStep(Number(effect[at].toFixed(digits)), largest) : 0);
    return made;
  };
  const total = rows.reduce((sum, n) => sum + n, 0);
  return make(
    'table',
    {class: right.length > MOST_WITH_NUMBERS ? 'heat rates many' : 'heat rates'},
    make('caption', {}, words.effect.caption(total, isCut, isOpen)),
    make('thead', {}, make('tr', {}, make('td'), ...right.map(value => name('col', value)))),
    make(
      'tbody',
      {},
      ...left.map((value, i) => make('tr', {}, name('row', value), ...right.map((_, j) => cell(i, j)))),
    ),
  );
}

/** What a cell says in words. */
function cellOf({values: [left, right], others, effect, rows, positives}: EffectView, at: number): string {
  const columns = right?.length ?? 1;
  const all = [
    left[Math.floor(at / columns)],
    ...(right === undefined ? [] : [right[at % columns]]),
    ...others.map(({values, at: shown}) => values[shown]),
  ];
  return words.effect.cell(all, effect[at], rows[at], positives[at]);
}
