import type {Finished, GatePath, Way, WhatIf} from '../protocol';
import {words} from '../strings';
import {alphaAt} from './along_path';
import {CanvasMap} from './canvas_map';
import {make, write} from './element';
import {GridMap} from './grid_map';
import {pairCount, type PairMap, pairsOf, type PairState} from './pairs';

/** With more fields the map is a canvas. */
const MOST_IN_GRID = 60;
/** Milliseconds from one penalty to the next. */
const PACE = 450;

/** The pairs as a run goes on: what they learn, how gates close along the penalty, and what is kept. */
export class MapView {
  private readonly map: PairMap;
  private readonly pairs: ReturnType<typeof pairsOf>;
  private readonly caption = make('p', {class: 'now', role: 'status'});
  private strength: Float32Array;
  /** The gates of which the closing was shown or is being shown. */
  private shown: GatePath | null = null;
  private animation = 0;
  private finished: Finished | null = null;
  private whatIf: WhatIf | null = null;
  private uncertain: ReadonlySet<number> = new Set();

  /**
   * @param onToggle Called when a person presses a gate of a finished run.
   * @param onPosition Called while gates close, with the position along the penalties.
   */
  constructor(
    place: HTMLElement,
    private readonly fields: readonly string[],
    private readonly onToggle: (pair: number, open: boolean) => void,
    private readonly onPosition: (gates: GatePath, position: number) => void,
  ) {
    this.pairs = pairsOf(fields.length);
    this.strength = new Float32Array(pairCount(fields.length));
    const hooks = {press: (pair: number) => this.press(pair), tip: (pair: number) => this.tipOf(pair)};
    this.map = fields.length > MOST_IN_GRID ? new CanvasMap(fields, hooks) : new GridMap(fields, hooks);
    place.replaceChildren(this.map.root, scale(), this.caption);
    this.paint();
  }

  /** What the pairs of a base do while it trains. */
  learn(spread: Float32Array): void {
    if (this.shown !== null) return;
    this.strength = spread;
    write(this.caption, words.map.learning);
    this.paint();
  }

  /** Shows gates when they are fitted. */
  follow({gates}: Way): void {
    if (gates === null || gates.name === this.shown?.name) return;
    this.shown = gates;
    const jump = matchMedia('(prefers-reduced-motion: reduce)').matches || this.finished !== null;
    cancelAnimationFrame(this.animation);
    if (jump) return this.showAt(gates, gates.chosen);
    const begun = performance.now();
    const frame = (now: number) => {
      const position = Math.min(gates.chosen, Math.max(0, now - begun) / PACE);
      this.showAt(gates, position);
      if (position < gates.chosen && this.finished === null) this.animation = requestAnimationFrame(frame);
    };
    this.animation = requestAnimationFrame(frame);
  }

  finish(finished: Finished): void {
    this.finished = finished;
    this.uncertain = new Set(finished.uncertain);
    cancelAnimationFrame(this.animation);
    if (this.shown !== null) this.onPosition(this.shown, this.shown.chosen);
    this.showKept();
  }

  byHand(whatIf: WhatIf): void {
    this.whatIf = whatIf;
    this.showKept();
  }

  private showAt(gates: GatePath, position: number): void {
    const alpha = alphaAt(gates, position);
    this.strength = alpha.map((value, p) => value * gates.spread[p]);
    const point = gates.path[Math.floor(position)];
    write(this.caption, words.map.closing(alpha.filter(value => value > 0).length, alpha.length, point.lambda));
    this.onPosition(gates, position);
    this.paint();
  }

  /** The kept pairs, or those that a person has opened. */
  private showKept(): void {
    const {run} = this.finished!;
    const open = this.whatIf?.open ?? run.interactions.map(({kept}) => kept);
    this.strength = Float32Array.from(open, (isOpen, p) =>
      isOpen ? (run.interactions[p].alpha || 1) * (this.shown?.spread[p] ?? 1) : 0,
    );
    write(this.caption, this.whatIf === null ? '' : words.map.whatIf(this.whatIf));
    this.paint();
  }

  private press(pair: number): void {
    if (this.whatIf !== null) this.onToggle(pair, !this.whatIf.open[pair]);
  }

  private paint(): void {
    const {strength} = this;
    const state: PairState = {
      strength,
      largest: strength.reduce((most, value) => Math.max(most, value), 1e-9),
      uncertain: this.uncertain,
      pressable: this.whatIf !== null,
      label: pair => words.map.label(this.namesOf(pair), strength[pair]),
    };
    this.map.paint(state);
  }

  private namesOf(pair: number): string[] {
    return this.pairs[pair].map(field => this.fields[field]);
  }

  private tipOf(pair: number): string[] {
    const interaction = this.finished?.run.interactions[pair];
    return [
      words.map.cell(this.namesOf(pair)),
      words.map.state(this.strength[pair]),
      ...(interaction?.evidence == null ? [] : words.result.evidence(interaction.evidence)),
      ...(interaction?.examples ?? []).map(words.result.example),
    ];
  }
}

/** What the colours mean. */
function scale(): HTMLElement {
  const {closed, weak, strong} = words.map.scale;
  return make(
    'div',
    {class: 'scale', 'aria-hidden': true},
    make('span', {}, make('span', {class: 'closed-sample'}), closed),
    make('span', {}, weak),
    make('span', {class: 'ramp'}, ...Array.from({length: 10}, (_, i) => make('i', {class: `ramp-${i + 1}`}))),
    make('span', {}, strong),
  );
}
