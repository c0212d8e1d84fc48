import data from 'birdstrikes.csv?url';
import {type Cell, cells} from './cells';
import {load} from './libraries';
import {runCell, type Scope} from './run_cell';
import {make} from '../view/element';
import {elementOf} from './show';

/** A cell on the page. */
class CellView {
  readonly element: HTMLElement;
  private readonly code: HTMLTextAreaElement;
  private readonly button: HTMLButtonElement;
  private readonly output = make('div', {class: 'output', 'aria-live': 'polite'});

  constructor(
    readonly cell: Cell,
    readonly position: number,
    private readonly onRun: (position: number) => void,
  ) {
    const title = make('h2', {id: `title-${position}`}, cell.title);
    this.code = make('textarea', {spellcheck: 'false', 'aria-label': `Code: ${cell.title}`});
    this.code.value = cell.code;
    this.code.addEventListener('input', () => this.fit());
    this.code.addEventListener('keydown', event => {
      if (event.key !== 'Enter' || !event.shiftKey) return;
      event.preventDefault();
      this.onRun(position);
    });
    this.button = make('button', {type: 'button', 'aria-label': `Run: ${cell.title}`}, 'Run');
    this.button.addEventListener('click', () => this.onRun(position));
    const parts = [title, prose(cell.text), this.code, this.button, this.output];
    this.element = make('section', {'aria-labelledby': title.id}, ...parts);
    this.fit();
    this.set('new');
  }

  set(state: 'new' | 'running' | 'done' | 'failed'): void {
    this.element.dataset.state = state;
    this.button.disabled = state === 'running';
  }

  focus(): void {
    this.code.focus();
  }

  /** Run the code, and return the scope for the next cell; null if it fails. */
  async run(scope: Scope): Promise<Scope | null> {
    this.set('running');
    this.output.replaceChildren();
    try {
      const show = (value: unknown) => this.output.append(elementOf(value));
      const next = await runCell(this.code.value, scope, {load, show});
      this.set('done');
      return next;
    } catch (error) {
      this.output.append(make('p', {class: 'error', role: 'alert'}, (error as Error).message));
      this.set('failed');
      return null;
    }
  }

  /** Make the text area as high as its text. */
  private fit(): void {
    this.code.rows = this.code.value.split('\n').length;
  }
}

/** A paragraph, with code between backticks. */
function prose(text: string): HTMLElement {
  return make('p', {}, ...text.split('`').map((piece, i) => (i % 2 === 1 ? make('code', {}, piece) : piece)));
}

/** Scopes before each cell: `scopes[i]` is what cell i can use, null until the cells before it have run. */
const scopes: Array<Scope | null> = [{data}, ...cells.map(() => null)];
const views = cells.map((cell, position) => new CellView(cell, position, run));
/** Cells run one at a time, in the order in which they were asked for. */
let queue: Promise<void> = Promise.resolve();

function run(position: number): void {
  queue = queue.then(() => runUpTo(position)).then(() => views[position + 1]?.focus());
}

/** Run a cell, and first those before it that have not run; later ones must run again. */
async function runUpTo(position: number): Promise<void> {
  for (let i = lastReady(position); i <= position; i++) {
    scopes.fill(null, i + 1);
    for (const later of views.slice(i + 1)) later.set('new');
    scopes[i + 1] = await views[i].run(scopes[i]!);
    if (scopes[i + 1] === null) return;
  }
}

/** The last cell up to `position` that has all that it needs. */
function lastReady(position: number): number {
  return scopes.slice(0, position + 1).filter(scope => scope !== null).length - 1;
}

document.getElementById('cells')!.append(...views.map(({element}) => element));
document.getElementById('run-all')!.addEventListener('click', () => {
  queue = queue.then(() => runUpTo(cells.length - 1));
});
document.documentElement.dataset.ready = '';
