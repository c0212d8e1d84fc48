import type {Finished, GatePath, PairFigures, WhatIf} from '../protocol';
import {words} from '../strings';
import {alongPath} from './along_path';
import {CanvasMap} from './canvas_map';
import {PathChart} from './charts_view';
import {make, write} from './element';
import {GridMap} from './grid_map';
import {pairCount, type PairMap, pairsOf, type PairState} from './pairs';
import {writeTip} from './tip';

/** With more fields the map is a canvas. */
const MOST_IN_GRID = 40;
/** Milliseconds from one penalty to the next. */
const PACE = 450;

/** What a person does with the pairs of a map. */
export interface MapHooks {
  /** Presses a gate of a finished run. */
  toggle(pair: number, open: boolean): void;
  /** Looks at a pair of a finished run, of which this is known. */
  look(pair: number, lines: readonly string[]): void;
}

/** The pairs in the course of a run: what they learn, how gates close along the penalty, and what is kept. */
export class MapView {
  private readonly map: PairMap;
  private readonly pairs: ReturnType<typeof pairsOf>;
  private readonly caption = make('p', {class: 'now', role: 'status'});
  private strength: Float32Array;
  /** The gates of which the closing was shown or is being shown. */
  private gates: GatePath | null = null;
  private chart: PathChart | null = null;
  private animation = 0;
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

  /** What the pairs of a base do while it trains. */
  learn(spread: Float32Array): void {
    if (this.gates !== null) return;
    this.strength = spread;
    write(this.caption, words.map.learning);
    this.paint();
  }

  /** Shows how gates close that are fitted. */
  close(gates: GatePath): void {
    this.gates = gates;
    this.chart = new PathChart(gates);
    cancelAnimationFrame(this.animation);
    const alphaAt = alongPath(gates.path);
    const show = (position: number) => {
      this.chart!.show(position);
      this.showAlpha(gates, alphaAt(position), position);
    };
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return show(gates.chosen);
    const begun = performance.now();
    const frame = (now: number) => {
      const position = Math.min(gates.chosen, Math.max(0, now - begun) / PACE);
      show(position);
      if (position < gates.chosen) this.animation = requestAnimationFrame(frame);
    };
    this.animation = requestAnimationFrame(frame);
  }

  finish({pairs, kept}: Finished): void {
    cancelAnimationFrame(this.animation);
    if (this.gates !== null) this.chart!.show(this.gates.chosen);
    this.figures = pairs;
    this.looked = kept[0] ?? 0;
    this.showOpen(pairs.kept);
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

  /** What is known of a pair, its name first. */
  linesOf(pair: number): string[] {
    return [
      words.map.cell(this.namesOf(pair)),
      words.map.state(this.strength[pair]),
      ...(this.figures === null || this.figures.samples === 0 ? [] : words.result.evidence(this.figures, pair)),
    ];
  }

  private showAlpha({path, spread, count}: GatePath, alpha: Float32Array, position: number): void {
    this.strength = alpha.map((value, p) => value * spread[p]);
    const open = alpha.reduce((sum, value) => sum + Number(value > 0), 0);
    write(this.caption, words.map.closing(open, count, path[Math.floor(position)].lambda));
    this.paint();
  }

  /** The kept pairs, or those that a person has opened. */
  private showOpen(open: Uint8Array): void {
    const {alpha} = this.figures!;
    this.strength = Float32Array.from(open, (isOpen, p) => isOpen * (alpha[p] || 1) * (this.gates?.spread[p] ?? 1));
    this.paint();
  }

  private press(pair: number): void {
    if (this.whatIf !== null) this.hooks.toggle(pair, this.whatIf.open[pair] === 0);
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
      pressable: this.whatIf !== null,
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
