import type {Picture} from '../protocol';
import {make} from './element';
import {tipsIn} from './tip';

/** The pictures that the drawing worker makes. */
export class Pictures {
  private readonly figures = new Map<string, HTMLElement>();
  private readonly sizes: ResizeObserver | null;

  /** @param onWidth Where room is kept for the first picture: hears how wide that is, whenever it changes. */
  constructor(
    private readonly root: HTMLElement,
    onWidth?: (width: number) => void,
  ) {
    this.sizes =
      onWidth === undefined
        ? null
        : new ResizeObserver(
            ([
              {
                contentRect: {width},
              },
            ]) => onWidth(width),
          );
    tipsIn(root, '[data-tip]', mark => {
      const title = mark.querySelector('title');
      // As a tip of the browser it would be there twice.
      if (title !== null) {
        mark.setAttribute('data-tip', title.textContent ?? '');
        title.remove();
      }
      return [mark.getAttribute('data-tip')!];
    });
  }

  clear(): void {
    this.figures.clear();
    this.root.replaceChildren();
    if (this.sizes === null) return;
    // So that nothing jumps when the picture comes.
    const first = make('figure', {class: 'paths empty'});
    this.root.append(first);
    this.sizes.disconnect();
    this.sizes.observe(first);
  }

  show(pictures: readonly Picture[]): void {
    for (const {name, title, svg} of pictures) {
      let place = this.figures.get(name);
      if (place === undefined) {
        place = make('div', {class: 'picture'});
        this.figures.set(name, place);
        const children = [make('figcaption', {}, title), place];
        const room = this.root.querySelector('.empty');
        if (room === null) {
          this.root.append(make('figure', {class: name}, ...children));
        } else {
          room.className = name;
          room.replaceChildren(...children);
        }
      }
      place.innerHTML = svg;
    }
  }
}
