import {words} from '../strings';
import {make, write} from './element';
import {colorCell, colorStep} from './pairs';
import {tipsIn} from './tip';

/** One bar: a set of three or four fields, or a field. */
export interface Bar {
  name: string;
  /** In thousandths of logloss, as the map has it; 0 for a closed gate. */
  value: number;
  uncertain: boolean;
  /** Whether its gate can be closed and opened. */
  pressable: boolean;
}

/** Gains as bars that a person selects: sets for which a map of pairs has no cell, or fields. */
export class GateBars {
  readonly root: HTMLElement;
  private readonly list = make('ul', {class: 'bars'});
  private readonly buttons: HTMLButtonElement[];

  constructor(
    caption: string,
    count: number,
    {press, look}: {press(bar: number): void; look(bar: number): readonly string[]},
  ) {
    this.buttons = Array.from({length: count}, (_, bar) =>
      make('button', {type: 'button', 'data-bar': bar}, make('span'), make('i'), make('b')),
    );
    this.list.append(...this.buttons.map(button => make('li', {}, button)));
    this.root = make('div', {class: 'gate-bars'}, make('p', {class: 'caption'}, caption), this.list);
    const barOf = (mark: Element) => Number((mark as HTMLElement).dataset.bar);
    tipsIn(this.list, '[data-bar]', mark => look(barOf(mark)));
    this.list.addEventListener('click', event => {
      const button = (event.target as Element).closest('[data-bar]');
      if (button !== null) press(barOf(button));
    });
  }

  /** @param largest The value that has the full length and colour. */
  paint(bars: readonly Bar[], largest: number): void {
    bars.forEach(({name, value, uncertain, pressable}, bar) => {
      const button = this.buttons[bar];
      const [label, line, number] = button.children as unknown as [HTMLElement, HTMLElement, HTMLElement];
      write(label, name);
      line.style.setProperty('--share', String(Math.min(1, Math.abs(value) / largest)));
      colorCell(line, colorStep(value, largest));
      write(number, value === 0 ? words.map.scale.closed : words.map.strength(value));
      button.classList.toggle('uncertain', uncertain);
      if (pressable) button.setAttribute('aria-pressed', String(value !== 0));
      else button.removeAttribute('aria-pressed');
    });
  }
}
