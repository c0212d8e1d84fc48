import {byId, make} from './element';

/** Lines that a mark shows while the pointer or the focus is on it; null for none. */
export type TipSource = (mark: Element) => readonly string[] | null;

const tip = byId('tip');

export function hideTip(): void {
  tip.hidden = true;
}
addEventListener('scroll', hideTip, {passive: true});
addEventListener('keydown', event => {
  if (event.key === 'Escape') hideTip();
});

/** Shows lines beside a rectangle; on a phone the style sheet makes them a sheet at its foot. */
export function showTip(lines: readonly string[], at: DOMRect, pointed: number): void {
  tip.replaceChildren(...lines.map((line, i) => make(i === 0 ? 'strong' : 'p', {}, line)));
  tip.hidden = false;
  const own = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(pointed - own.width / 2, innerWidth - own.width - 8))}px`;
  tip.style.top = `${at.top - own.height - 8 > 0 ? at.top - own.height - 8 : at.bottom + 8}px`;
}

/** Shows tips for the marks of a region: under the pointer, a finger or the focus; Escape hides them. */
export function tipsIn(region: HTMLElement, marks: string, source: TipSource): void {
  const show = (event: Event) => {
    const mark = (event.target as Element).closest(marks);
    const lines = mark === null ? null : source(mark);
    if (mark === null || lines === null || lines.length === 0) return hideTip();
    const at = mark.getBoundingClientRect();
    showTip(lines, at, event instanceof PointerEvent ? event.clientX : at.left + at.width / 2);
  };
  region.addEventListener('pointermove', show);
  region.addEventListener('pointerdown', show);
  region.addEventListener('focusin', show);
  region.addEventListener('pointerleave', hideTip);
  region.addEventListener('focusout', hideTip);
}
