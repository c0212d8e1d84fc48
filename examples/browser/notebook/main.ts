import data from 'birdstrikes.csv?url';
import {type Cell, cells} from './cells';
import {load} from './libraries';
import {runCell, type Scope} from './run_cell';
import {elementOf, filled, withText} from './show';

/** A cell on the page. */
class CellView {
  readonly element: HTMLElement;
  private readonly code = document.createElement('textarea');
  private readonly button = document.createElement('button');
  private readonly output = document.createElement('div');

  constructor(
    readonly cell: Cell,
    readonly position: number,
    private readonly onRun: (position: number) => void,
  ) {
    const title = withText('h2', cell.title);
    title.id = `title-${position}`;
    this.code.value = cell.code;
    this.code.spellcheck = false;
    this.code.setAttribute('aria-label', `Code: ${cell.title}`);
    this.code.addEventListener('input', () => this.fit());
    this.code.addEventListener('keydown', event => {
      if (event.key !== 'Enter' || !event.shiftKey) return;
      event.preventDefault();
      this.onRun(position);
    });
    this.button.type = 'button';
    this.button.textContent = 'Run';
    this.button.setAttribute('aria-label', `Run: ${cell.title}`);
    this.button.addEventListener('click', () => this.onRun(position));
    this.output.className = 'output';
    this.output.setAttribute('aria-live', 'polite');
    this.element = filled('section', [title, prose(cell.text), this.code, this.button, this.output]);
    this.element.setAttribute('aria-labelledby', title.id);
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
      const message = withText('p', (error as Error).message);
      message.className = 'error';
      message.setAttribute('role', 'alert');
      this.output.append(message);
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
  const pieces = text.split('`').map((piece, i) => (i % 2 === 1 ? withText('code', piece) : new Text(piece)));
  return filled('p', pieces);
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
