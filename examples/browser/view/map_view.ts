import type {Decided, Finished, PairFigures, WhatIf} from '../protocol';
import {words} from '../strings';
import {CanvasMap} from './canvas_map';
import {make, write} from './element';
import {GridMap} from './grid_map';
import {pairCount, type PairMap, pairsOf, type PairState} from './pairs';
import {writeTip} from './tip';

/** With more fields the map is a canvas. */
const MOST_IN_GRID = 40;

/** What a person does with the pairs of a map. */
export interface MapHooks {
  /** Presses a gate of a finished run. */
  toggle(pair: number, open: boolean): void;
  /** Looks at a pair of a finished run, of which this is known. */
  look(pair: number, lines: readonly string[]): void;
}

/** The pairs in the course of a run: what they learn, then what each gains on held-out rows. */
export class MapView {
  private readonly map: PairMap;
  private readonly pairs: ReturnType<typeof pairsOf>;
  private readonly caption = make('p', {class: 'now', role: 'status'});
  private strength: Float32Array;
  /** Held-out gain of each pair; null before the gates are decided. */
  private gain: Float32Array | null = null;
  private figures: PairFigures | null = null;
  private whatIf: WhatIf | null = null;
  /** The pair that was looked at last. */
  private looked = 0;

  constructor(
    place: HTMLElement,
    private readonly fields: readonly string[],
    private readonly hooks: MapHooks,
  ) {
    this.pairs = pairsOf(fields.length);
    this.strength = new Float32Array(pairCount(fields.length));
    const own = {press: (pair: number) => this.press(pair), look: (pair: number) => this.look(pair)};
    this.map = fields.length > MOST_IN_GRID ? new CanvasMap(fields, own) : new GridMap(fields, own);
    place.replaceChildren(this.map.root, scale(this.map instanceof GridMap), this.caption);
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
    this.gain = gain;
    this.strength = gain.map(words.map.thousandths);
    write(this.caption, words.map.decided(open, judged));
    this.paint();
  }

  finish({pairs, selected}: Finished): void {
    this.figures = pairs;
    this.gain = pairs.gain;
    this.looked = selected[0] ?? 0;
    this.showOpen(pairs.selected);
    write(this.caption, '');
  }

  byHand(whatIf: WhatIf): void {
    this.whatIf = whatIf;
    this.showOpen(whatIf.open);
    write(this.caption, words.map.whatIf(whatIf));
    write(this.map.effect, whatIf.last === null ? '' : words.map.effect(whatIf));
    const lines = this.linesOf(this.looked);
    this.hooks.look(this.looked, lines);
    writeTip(lines);
  }

  /** Lines about a pair, its name first. */
  linesOf(pair: number): string[] {
    const {gain, figures, strength} = this;
    return [
      words.map.cell(this.namesOf(pair)),
      ...(gain === null ? [words.map.moves(strength[pair])] : []),
      ...(gain !== null && strength[pair] === 0 ? [words.map.closed] : []),
      ...(figures === null || figures.folds === 0 ? [] : words.result.evidence(figures, pair)),
    ];
  }

  /** The selected pairs, or those of them that a person leaves open. */
  private showOpen(open: Uint8Array): void {
    const {gain} = this;
    this.strength = Float32Array.from(open, (isOpen, p) => (isOpen === 1 ? words.map.thousandths(gain![p]) : 0));
    this.paint();
  }

  private press(pair: number): void {
    if (this.whatIf !== null && this.figures?.selected[pair] === 1)
      this.hooks.toggle(pair, this.whatIf.open[pair] === 0);
  }

  /** Lines for a tip. Where the pair stands beside the map, it has none. */
  private look(pair: number): string[] {
    this.looked = pair;
    const lines = this.linesOf(pair);
    if (this.figures === null) return lines;
    this.hooks.look(pair, lines);
    return matchMedia('(min-width:62rem)').matches ? [] : lines;
  }

  private paint(): void {
    const {strength} = this;
    const state: PairState = {
      strength,
      largest: strength.reduce((most, value) => Math.max(most, value), 1e-9),
      uncertain: this.figures?.uncertain ?? [],
      pressable: this.whatIf === null ? [] : (this.figures?.selected ?? []),
      label: pair => words.map.label(this.namesOf(pair), strength[pair]),
    };
    this.map.paint(state);
  }

  private namesOf(pair: number): string[] {
    return this.pairs[pair].map(field => this.fields[field]);
  }
}

/** What the colours mean, and in a grid the borders. */
function scale(isGrid: boolean): HTMLElement {
  const {closed, weak, strong} = words.map.scale;
  const uncertain = make('span', {}, make('span', {class: 'sample uncertain-sample'}), words.result.uncertain);
  return make(
    'div',
    {class: 'scale', 'aria-hidden': true},
    make('span', {}, make('span', {class: 'sample closed-sample'}), closed),
    make('span', {}, weak),
    make('span', {class: 'ramp'}, ...Array.from({length: 10}, (_, i) => make('i', {class: `ramp-${i + 1}`}))),
    make('span', {}, strong),
    ...(isGrid ? [uncertain] : []),
  );
}
