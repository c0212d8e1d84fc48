import type {Decided, Figures, Finished, WhatIf} from '../protocol';
import {words} from '../strings';
import {CanvasMap} from './canvas_map';
import {make, write} from './element';
import {GateBars} from './gate_bars';
import {GridMap} from './grid_map';
import {pairCount, type PairMap, pairsOf, type PairState} from './pairs';
import {writeTip} from './tip';

/** With more fields the map is a canvas. */
const MOST_IN_GRID = 40;

/** What a person does with the interactions of a map. */
export interface MapHooks {
  /** Presses a gate of a finished run. */
  toggle(interaction: number, open: boolean): void;
  /** Looks at an interaction of a finished run, or at a field, of which this is known. */
  look(fields: readonly number[], lines: readonly string[]): void;
}

/** The interactions in the course of a run: how far pairs move the prediction, then the gain on held-out rows. */
export class MapView {
  private readonly map: PairMap;
  /** Fields of each pair, then of each larger selected set. */
  private interactions: ReadonlyArray<readonly number[]>;
  private readonly caption = make('p', {class: 'now', role: 'status'});
  /** Bars of the larger sets, the largest gain first. */
  private bars: {view: GateBars; ids: readonly number[]} | null = null;
  private strength: Float32Array;
  /** Held-out gain of each interaction; null before the gates are decided. */
  private gain: Float32Array | null = null;
  private figures: Figures | null = null;
  private whatIf: WhatIf | null = null;
  /** Gains of the fields, where these stand in place of the map. */
  private fieldGains: Finished['fieldGains'] | null = null;
  /** The interaction that was looked at last. */
  private looked = 0;

  constructor(
    private readonly place: HTMLElement,
    private readonly fields: readonly string[],
    private readonly hooks: MapHooks,
  ) {
    this.interactions = pairsOf(fields.length);
    this.strength = new Float32Array(pairCount(fields.length));
    const own = {press: (pair: number) => this.press(pair), look: (pair: number) => this.look(pair)};
    this.map = fields.length > MOST_IN_GRID ? new CanvasMap(fields, own) : new GridMap(fields, own);
    place.replaceChildren(this.map.root, this.caption, scale(this.map instanceof GridMap));
    place.classList.add('learning');
    this.paint();
  }

  /** Shows how far each pair moves the log-odds while products are trained. */
  learn(spread: Float32Array): void {
    if (this.gain !== null) return;
    this.strength = spread;
    write(this.caption, words.map.learning);
    this.paint();
  }

  /** Shows the gains of a decision. */
  decide({gain, open, judged}: Decided): void {
    this.place.classList.remove('learning');
    this.gain = gain;
    this.strength = gain.map(words.map.thousandths);
    write(this.caption, words.map.decided(open, judged));
    this.paint();
  }

  finish({figures, selected, larger, fieldGains}: Finished): void {
    this.place.classList.remove('learning');
    this.figures = figures;
    this.gain = figures.gain;
    write(this.caption, '');
    if (selected.length === 0) return this.showFields(fieldGains);
    const pairs = this.interactions.length;
    this.interactions = [...this.interactions, ...larger];
    if (larger.length > 0) {
      const ids = [...selected].filter(id => id >= pairs);
      const view = new GateBars(words.map.larger, ids.length, {
        press: bar => this.press(ids[bar]),
        look: bar => this.look(ids[bar]),
      });
      this.bars = {view, ids};
      // Behind all that is there, which stays where it is.
      this.place.append(view.root);
    }
    this.showOpen(figures.selected);
  }

  byHand(whatIf: WhatIf): void {
    this.whatIf = whatIf;
    this.showOpen(whatIf.open);
    write(this.caption, words.map.whatIf(whatIf));
    write(this.map.effect, whatIf.last === null ? '' : words.map.effect(whatIf));
    const lines = this.linesOf(this.looked);
    this.hooks.look(this.interactions[this.looked], lines);
    writeTip(lines);
  }

  /** Selects an interaction or field, and gives lines about it, its name first; null for one that is not there. */
  select(fields: readonly number[]): string[] | null {
    const at = this.interactions.findIndex(each => `${each}` === `${fields}`);
    if (at < 0) return null;
    this.looked = at;
    return this.linesOf(at);
  }

  /** Gates that a person has closed. */
  get closed(): number[] {
    const {whatIf, figures} = this;
    return [...(whatIf?.open.keys() ?? [])].filter(p => whatIf!.open[p] < figures!.selected[p]);
  }

  private linesOf(interaction: number): string[] {
    const {gain, figures, strength, fieldGains} = this;
    if (fieldGains !== null)
      return [
        this.fields[interaction],
        words.result.fieldGain(fieldGains.gain[interaction], fieldGains.standardError[interaction]),
      ];
    return [
      words.map.cell(this.namesOf(interaction)),
      ...(gain === null ? [words.map.moves(strength[interaction])] : []),
      ...(gain !== null && strength[interaction] === 0 ? [words.map.closed] : []),
      ...(figures?.selected[interaction] === 1 ? words.result.evidence(figures, interaction) : []),
    ];
  }

  /** Without any interaction the fields take the place of the map, the largest gain first. */
  private showFields(gains: Finished['fieldGains']): void {
    const {gain} = (this.fieldGains = gains);
    this.interactions = this.fields.map((_, f) => [f]);
    const order = [...this.fields.keys()].sort((a, b) => gain[b] - gain[a]);
    const view = new GateBars(words.map.fields, order.length, {
      press: () => undefined,
      look: bar => this.look(order[bar]),
    });
    const bars = order.map(f => ({
      name: this.fields[f],
      value: words.map.thousandths(gain[f]),
      uncertain: false,
      pressable: false,
    }));
    view.paint(bars, Math.max(1e-9, ...bars.map(({value}) => Math.abs(value))));
    this.place.replaceChildren(view.root);
  }

  /** The selected interactions, or those of them that a person leaves open. */
  private showOpen(open: Uint8Array): void {
    const {gain} = this;
    this.strength = Float32Array.from(open, (isOpen, p) => (isOpen === 1 ? words.map.thousandths(gain![p]) : 0));
    this.paint();
  }

  private press(interaction: number): void {
    if (this.whatIf !== null && this.figures?.selected[interaction] === 1)
      this.hooks.toggle(interaction, this.whatIf.open[interaction] === 0);
  }

  private look(interaction: number): string[] {
    this.looked = interaction;
    const lines = this.linesOf(interaction);
    if (this.figures === null) return lines;
    this.hooks.look(this.interactions[interaction], lines);
    // Where the effect stands beside the map, there is no tip.
    return matchMedia('(min-width:62rem)').matches ? [] : lines;
  }

  private paint(): void {
    const {strength, bars, figures, whatIf} = this;
    // Gates that a person closes leave the colours of the others as they are.
    const colored = this.gain === null ? strength : this.gain.map(words.map.thousandths);
    const state: PairState = {
      strength,
      largest: colored.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9),
      uncertain: figures?.uncertain ?? [],
      pressable: whatIf === null ? [] : (figures?.selected ?? []),
      label: pair => words.map.label(this.namesOf(pair), strength[pair]),
    };
    this.map.paint(state);
    bars?.view.paint(
      bars.ids.map(id => ({
        name: words.map.cell(this.namesOf(id)),
        value: strength[id],
        uncertain: state.uncertain[id] === 1,
        pressable: state.pressable[id] === 1,
      })),
      state.largest,
    );
  }

  private namesOf(interaction: number): string[] {
    return this.interactions[interaction].map(field => this.fields[field]);
  }
}

/** What the colours mean, and in a grid the borders. */
function scale(isGrid: boolean): HTMLElement {
  const {closed, weak, strong} = words.map.scale;
  const uncertain = make('span', {}, make('span', {class: 'sample uncertain-sample'}), words.result.uncertain);
  return make(
    'div',
    {class: 'scale', 'aria-hidden': true},
    make('span', {}, words.map.unit),
    make('span', {}, make('span', {class: 'sample closed-sample'}), closed),
    make('span', {}, weak),
    make('span', {class: 'ramp'}, ...Array.from({length: 10}, (_, i) => make('i', {class: `ramp-${i + 1}`}))),
    make('span', {}, strong),
    ...(isGrid ? [uncertain] : []),
  );
}
