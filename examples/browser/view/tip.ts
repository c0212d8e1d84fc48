import {byId, make} from './element';

/** Lines that a mark shows while the pointer or the focus is on it; null for none. */
export type TipSource = (mark: Element) => readonly string[] | null;

/** Pixels between a tip and what it must not cover, and the least that it is wide. */
const GAP = 8;
const LEAST_WIDTH = 180;

const tip = byId('tip');

export function hideTip(): void {
  tip.hidden = true;
}
addEventListener('scroll', hideTip, {passive: true});
addEventListener('keydown', event => {
  if (event.key === 'Escape') hideTip();
});

/** A pointer leaves what has a tip. A finger that is lifted does not: its tip stays to be read. */
export function leave(event: PointerEvent): void {
  if (event.pointerType !== 'touch') hideTip();
}

/**
 * Shows lines beside a region, which they do not cover: at its right, else below or above it. On a phone the style
 * sheet makes them a sheet, at the end of the screen that is further from `y`.
 */
export function showTip(lines: readonly string[], region: Element, y: number): void {
  if (lines.length === 0) return hideTip();
  writeTip(lines);
  tip.hidden = false;
  tip.classList.toggle('upper', y > innerHeight / 2);
  const around = region.getBoundingClientRect();
  const room = innerWidth - around.right - 2 * GAP;
  const beside = room >= LEAST_WIDTH;
  tip.style.maxWidth = beside ? `min(24rem,${room}px)` : '';
  const {width, height} = tip.getBoundingClientRect();
  const within = (at: number, size: number, end: number) => Math.max(GAP, Math.min(at, end - size - GAP));
  const below = around.bottom + GAP;
  const top = below + height < innerHeight ? below : around.top - height - GAP;
  tip.style.left = `${beside ? around.right + GAP : within(around.left, width, innerWidth)}px`;
  tip.style.top = `${within(beside ? y : top, height, innerHeight)}px`;
}

/** Other lines for the tip that is shown, where one is. */
export function writeTip(lines: readonly string[]): void {
  tip.replaceChildren(...lines.map((line, i) => make(i === 0 ? 'strong' : 'p', {}, line)));
}

/** Shows tips for the marks of a region: under the pointer, a finger or the focus; Escape hides them. */
export function tipsIn(region: HTMLElement, marks: string, source: TipSource): void {
  const show = (event: Event) => {
    const mark = (event.target as Element).closest(marks);
    const lines = mark === null ? null : source(mark);
    if (mark === null || lines === null) return hideTip();
    showTip(lines, region, mark.getBoundingClientRect().top);
  };
  region.addEventListener('pointermove', show);
  region.addEventListener('pointerdown', show);
  region.addEventListener('focusin', show);
  region.addEventListener('pointerleave', leave);
  region.addEventListener('focusout', hideTip);
}
