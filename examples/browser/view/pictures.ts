import type {Drawn} from '../protocol';
import {make} from './element';
import {tipsIn} from './tip';

/** The pictures that the drawing worker makes. */
export class Pictures {
  private readonly figures = new Map<string, HTMLElement>();

  constructor(private readonly root: HTMLElement) {
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
    // Room for the first picture, so that nothing jumps when it comes.
    this.root.replaceChildren(make('figure', {class: 'empty'}));
  }

  show({pictures}: Drawn): void {
    for (const {name, title, svg} of pictures) {
      let place = this.figures.get(name);
      if (place === undefined) {
        place = make('div', {class: 'picture'});
        this.figures.set(name, place);
        this.root.querySelector('.empty')?.remove();
        this.root.append(make('figure', {}, make('figcaption', {}, title), place));
      }
      place.innerHTML = svg;
    }
  }
}
