import {words} from '../strings';
import {make, write} from './element';
import {MapPainter} from './map_painter';
import {MapWindow} from './map_window';
import {pairAt, type PairMap, type PairMapHooks, type PairState} from './pairs';
import {hideTip, leave, showTip} from './tip';

/** How far one step zooms. */
const STEP = 1.5;

/** All pairs of a wide table on a canvas: zoomed by wheel, keys and buttons, filtered by names of rows and columns. */
export class CanvasMap implements PairMap {
  readonly root: HTMLElement;
  readonly effect = make('p', {class: 'effect', 'aria-hidden': true});
  private readonly canvas = make('canvas', {tabindex: 0, role: 'application', 'aria-roledescription': words.map.role});
  /** Around the cell under the keyboard. It moves without a stroke on the canvas. */
  private readonly frame = make('div', {class: 'frame', hidden: true});
  private readonly said = make('p', {class: 'hidden', role: 'status'});
  private readonly window: MapWindow;
  private readonly painter: MapPainter;
  private state: PairState | null = null;
  /** Fields that are shown as rows and as columns. */
  private rows: number[];
  private columns: number[];
  /** The cell under the keyboard, as positions in `rows` and `columns`. */
  private cursor: [row: number, column: number] = [0, 0];
  private drawing = false;

  constructor(
    private readonly fields: readonly string[],
    private readonly hooks: PairMapHooks,
  ) {
    this.rows = this.columns = [...fields.keys()];
    this.window = new MapWindow(fields.length);
    this.painter = new MapPainter(this.canvas, fields);
    this.painter.show(this.rows, this.columns);
    this.root = make(
      'div',
      {class: 'canvas-map'},
      make('p', {class: 'caption'}, words.map.caption),
      make(
        'div',
        {class: 'tools'},
        this.filter('filter-rows', words.map.filterRows, shown => (this.rows = shown)),
        this.filter('filter-columns', words.map.filterColumns, shown => (this.columns = shown)),
        this.zoomButton('+', words.map.zoomIn, STEP),
        this.zoomButton('−', words.map.zoomOut, 1 / STEP),
        this.effect,
      ),
      make('div', {class: 'framed'}, this.canvas, this.frame),
      this.said,
    );
    this.listen();
  }

  paint(state: PairState): void {
    this.state = state;
    this.painter.take(state);
    this.draw();
  }

  private filter(id: string, label: string, take: (shown: number[]) => void): HTMLElement {
    const {fields} = this;
    const input = make('input', {id, type: 'search', autocomplete: 'off', placeholder: words.map.filterAll});
    input.addEventListener('input', () => {
      const text = input.value.trim().toLowerCase();
      take([...fields.keys()].filter(f => fields[f].toLowerCase().includes(text)));
      this.cursor = [0, 0];
      this.window.show(this.rows.length, this.columns.length);
      this.painter.show(this.rows, this.columns);
      this.draw();
    });
    return make('label', {for: id}, `${label} `, input);
  }

  private zoomButton(text: string, label: string, factor: number): HTMLElement {
    const button = make('button', {type: 'button', 'aria-label': label}, text);
    button.addEventListener('click', () => this.zoomBy(factor));
    return button;
  }

  private listen(): void {
    const {canvas} = this;
    new ResizeObserver(() => {
      this.window.resize(canvas.clientWidth, canvas.clientHeight);
      this.draw();
    }).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.painter.recolor();
      this.draw();
    });
    canvas.addEventListener(
      'wheel',
      event => {
        // The page scrolls by the wheel alone.
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        const {x, y} = this.window.shareAt(event.offsetX, event.offsetY);
        this.zoomBy(event.deltaY < 0 ? STEP : 1 / STEP, x, y);
      },
      {passive: false},
    );
    let held: {x: number; y: number; moved: boolean} | null = null;
    canvas.addEventListener('pointerdown', event => {
      held = {x: event.clientX, y: event.clientY, moved: false};
      this.look(this.pairUnder(event), event.clientY);
    });
    canvas.addEventListener('pointermove', event => {
      if (held !== null && event.buttons > 0 && this.window.isZoomed) {
        this.window.moveBy(held.x - event.clientX, held.y - event.clientY);
        held = {x: event.clientX, y: event.clientY, moved: true};
        this.draw();
        return hideTip();
      }
      this.look(this.pairUnder(event), event.clientY);
    });
    canvas.addEventListener('pointerleave', leave);
    canvas.addEventListener('click', event => {
      const pair = this.pairUnder(event);
      if (pair !== null && held?.moved !== true) this.hooks.press(pair);
      held = null;
    });
    canvas.addEventListener('focus', () => this.say());
    canvas.addEventListener('blur', () => {
      hideTip();
      this.draw();
    });
    canvas.addEventListener('keydown', event => this.key(event));
  }

  private key(event: KeyboardEvent): void {
    const moves: {[key: string]: readonly [number, number]} = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    const move = moves[event.key];
    if (move !== undefined) {
      const within = (at: number, count: number) => Math.max(0, Math.min(count - 1, at));
      this.cursor = [
        within(this.cursor[0] + move[0], this.rows.length),
        within(this.cursor[1] + move[1], this.columns.length),
      ];
      this.window.reveal(...this.cursor);
      this.say();
    } else if (event.key === '+' || event.key === '-') {
      this.zoomBy(event.key === '+' ? STEP : 1 / STEP);
    } else if (event.key === 'Enter' || event.key === ' ') {
      const pair = this.pairOf(...this.cursor);
      if (pair !== null) this.hooks.press(pair);
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Says what is under the keyboard, and shows its tip. */
  private say(): void {
    const pair = this.pairOf(...this.cursor);
    if (pair !== null) write(this.said, this.state?.label(pair) ?? '');
    this.look(pair, this.canvas.getBoundingClientRect().top + this.window.boxOf(...this.cursor).y);
    this.draw();
  }

  /** Shows what is known of a pair, at a height of the screen. */
  private look(pair: number | null, y: number): void {
    if (pair === null) return hideTip();
    showTip(this.hooks.look(pair), this.canvas, y);
  }

  private zoomBy(factor: number, x?: number, y?: number): void {
    this.window.zoomBy(factor, x, y);
    this.draw();
  }

  private pairUnder({offsetX, offsetY}: MouseEvent): number | null {
    const at = this.window.cellAt(offsetX, offsetY);
    return at === null ? null : this.pairOf(at.row, at.column);
  }

  private pairOf(row: number, column: number): number | null {
    const [a, b] = [this.rows[row], this.columns[column]];
    return a === undefined || b === undefined || a === b
      ? null
      : pairAt(this.fields.length, Math.min(a, b), Math.max(a, b));
  }

  private draw(): void {
    if (this.drawing) return;
    this.drawing = true;
    requestAnimationFrame(() => {
      this.drawing = false;
      this.painter.draw(this.window.layout());
      this.placeFrame();
    });
  }

  private placeFrame(): void {
    const [row, column] = this.cursor;
    this.frame.hidden = document.activeElement !== this.canvas || this.pairOf(row, column) === null;
    const {x, y, size} = this.window.boxOf(row, column);
    this.frame.style.transform = `translate(${x}px,${y}px)`;
    this.frame.style.width = this.frame.style.height = `${size}px`;
  }
}
