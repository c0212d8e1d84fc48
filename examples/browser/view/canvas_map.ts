import {words} from '../strings';
import {make, write} from './element';
import {colorStep, colorVariable, pairAt, type PairMap, type PairMapHooks, type PairState} from './pairs';
import {hideTip, showTip} from './tip';

/** Pixels of a label's line, and from a label to its cells. */
const LINE = 13;
const GAP = 6;
/** Pixels that a label of a row has, and the share of them that a diagonal one is high. */
const ROOM = 110;
const SLOPE = Math.SQRT1_2;
/** How far one step zooms, and the most pixels of a cell. */
const STEP = 1.5;
const LARGEST = 40;
const STEPS = 11;

/** All pairs of a wide table on a canvas: zoomed by wheel, keys and buttons, filtered by names of rows and columns. */
export class CanvasMap implements PairMap {
  readonly root: HTMLElement;
  private readonly canvas = make('canvas', {tabindex: 0, role: 'application', 'aria-roledescription': words.map.role});
  private readonly said = make('p', {class: 'hidden', role: 'status'});
  private readonly context = this.canvas.getContext('2d')!;
  private state: PairState | null = null;
  /** Fields that are shown as rows and as columns. */
  private rows: number[];
  private columns: number[];
  /** 1 shows all; the corner in cells. */
  private zoom = 1;
  private left = 0;
  private top = 0;
  /** The cell under the keyboard, as positions in `rows` and `columns`. */
  private cursor: [row: number, column: number] = [0, 0];
  private drawing = false;
  private colors: string[] = [];

  constructor(
    private readonly fields: readonly string[],
    private readonly hooks: PairMapHooks,
  ) {
    this.rows = this.columns = [...fields.keys()];
    const filter = (id: string, label: string, take: (shown: number[]) => void) => {
      const input = make('input', {id, type: 'search', autocomplete: 'off'});
      input.addEventListener('input', () => {
        const text = input.value.trim().toLowerCase();
        const shown = [...fields.keys()].filter(f => fields[f].toLowerCase().includes(text));
        take(shown);
        this.cursor = [0, 0];
        this.zoomTo(1, 0, 0);
      });
      return make('label', {for: id}, `${label} `, input);
    };
    const zoomBy = (text: string, label: string, factor: number) => {
      const button = make('button', {type: 'button', 'aria-label': label}, text);
      button.addEventListener('click', () => this.zoomTo(this.zoom * factor, 0.5, 0.5));
      return button;
    };
    this.root = make(
      'div',
      {class: 'canvas-map'},
      make('p', {class: 'caption'}, words.map.caption),
      make(
        'div',
        {class: 'tools'},
        filter('filter-rows', words.map.filterRows, shown => (this.rows = shown)),
        filter('filter-columns', words.map.filterColumns, shown => (this.columns = shown)),
        zoomBy('+', words.map.zoomIn, STEP),
        zoomBy('−', words.map.zoomOut, 1 / STEP),
      ),
      this.canvas,
      this.said,
    );
    this.listen();
  }

  paint(state: PairState): void {
    this.state = state;
    this.draw();
  }

  private listen(): void {
    const {canvas} = this;
    new ResizeObserver(() => this.draw()).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.colors = [];
      this.draw();
    });
    canvas.addEventListener(
      'wheel',
      event => {
        // The page scrolls by the wheel alone.
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        const {x, y} = this.shareAt(event);
        this.zoomTo(this.zoom * (event.deltaY < 0 ? STEP : 1 / STEP), x, y);
      },
      {passive: false},
    );
    let held: {x: number; y: number; moved: boolean} | null = null;
    canvas.addEventListener('pointerdown', event => {
      held = {x: event.clientX, y: event.clientY, moved: false};
    });
    canvas.addEventListener('pointermove', event => {
      if (held !== null && event.buttons > 0 && this.zoom > 1) {
        const {cell} = this.layout();
        this.left += (held.x - event.clientX) / cell;
        this.top += (held.y - event.clientY) / cell;
        held = {x: event.clientX, y: event.clientY, moved: true};
        this.zoomTo(this.zoom, 0, 0);
        return hideTip();
      }
      const pair = this.pairUnder(event);
      if (pair === null) hideTip();
      else showTip(this.hooks.tip(pair), new DOMRect(event.clientX, event.clientY - 4, 0, 8), event.clientX);
    });
    canvas.addEventListener('pointerleave', hideTip);
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
      this.reveal();
      this.say();
    } else if (event.key === '+' || event.key === '-') {
      this.zoomTo(this.zoom * (event.key === '+' ? STEP : 1 / STEP), 0.5, 0.5);
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
    if (pair !== null) {
      write(this.said, this.state?.label(pair) ?? '');
      const {cell} = this.layout();
      const canvas = this.canvas.getBoundingClientRect();
      const x = canvas.left + ROOM + (this.cursor[1] - this.left) * cell;
      const y = canvas.top + ROOM * SLOPE + (this.cursor[0] - this.top) * cell;
      showTip(this.hooks.tip(pair), new DOMRect(x, y, cell, cell), x);
    }
    this.draw();
  }

  /** Scrolls so that the cell under the keyboard is in sight. */
  private reveal(): void {
    const {across, down} = this.layout();
    const [row, column] = this.cursor;
    this.top = Math.min(row, Math.max(this.top, row - Math.floor(down) + 1));
    this.left = Math.min(column, Math.max(this.left, column - Math.floor(across) + 1));
  }

  /** Zooms around a point, given in shares of what is in sight. */
  private zoomTo(zoom: number, x: number, y: number): void {
    const before = this.layout();
    const most = LARGEST / (before.cell / this.zoom);
    this.zoom = Math.max(1, Math.min(Math.max(1, most), zoom));
    const after = this.layout();
    this.left += x * (before.across - after.across);
    this.top += y * (before.down - after.down);
    this.left = Math.max(0, Math.min(this.columns.length - after.across, this.left));
    this.top = Math.max(0, Math.min(this.rows.length - after.down, this.top));
    this.draw();
  }

  /** Pixels of a cell, and how many of them are in sight. */
  private layout(): {width: number; height: number; cell: number; across: number; down: number} {
    const width = this.canvas.clientWidth;
    const height = this.canvas.clientHeight;
    const [wide, high] = [width - ROOM, height - ROOM * SLOPE];
    const fit = Math.min(wide / Math.max(1, this.columns.length), high / Math.max(1, this.rows.length));
    const cell = Math.min(LARGEST, Math.max(0.5, fit)) * this.zoom;
    return {
      width,
      height,
      cell,
      across: Math.min(this.columns.length, wide / cell),
      down: Math.min(this.rows.length, high / cell),
    };
  }

  private shareAt({offsetX, offsetY}: MouseEvent): {x: number; y: number} {
    const {cell, across, down} = this.layout();
    return {x: (offsetX - ROOM) / cell / across, y: (offsetY - ROOM * SLOPE) / cell / down};
  }

  private pairUnder({offsetX, offsetY}: MouseEvent): number | null {
    const {cell} = this.layout();
    const row = (offsetY - ROOM * SLOPE) / cell + this.top;
    const column = (offsetX - ROOM) / cell + this.left;
    return row < this.top || column < this.left ? null : this.pairOf(Math.floor(row), Math.floor(column));
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
      this.drawNow();
    });
  }

  private drawNow(): void {
    const {canvas, context, state} = this;
    const {width, height, cell, across, down} = this.layout();
    if (state === null || width === 0) return;
    const density = devicePixelRatio;
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    context.scale(density, density);
    this.readColors();
    const y0 = ROOM * SLOPE;
    context.save();
    context.beginPath();
    context.rect(ROOM, y0, across * cell, down * cell);
    context.clip();
    // A pixel a cell, enlarged: 40,000 rectangles would take longer than a frame.
    context.imageSmoothingEnabled = false;
    context.drawImage(this.cells(state), this.left, this.top, across, down, ROOM, y0, across * cell, down * cell);
    if (document.activeElement === canvas) {
      context.strokeStyle = this.colors[STEPS];
      context.lineWidth = 2;
      context.strokeRect(
        ROOM + (this.cursor[1] - this.left) * cell,
        y0 + (this.cursor[0] - this.top) * cell,
        cell,
        cell,
      );
    }
    context.restore();
    this.drawLabels(cell, across, down);
  }

  /** The shown cells, one pixel each. */
  private cells({strength, largest}: PairState): HTMLCanvasElement {
    const {rows, columns, colors} = this;
    const picture = make('canvas');
    picture.width = Math.max(1, columns.length);
    picture.height = Math.max(1, rows.length);
    const pixels = new ImageData(picture.width, picture.height);
    const pixelsOf = new Uint32Array(pixels.data.buffer);
    // The bytes of a pixel are red, green, blue and alpha, the first one lowest.
    const values = colors.map(
      hex => 0xff000000 + parseInt(`${hex.slice(5, 7)}${hex.slice(3, 5)}${hex.slice(1, 3)}`, 16),
    );
    rows.forEach((_, row) =>
      columns.forEach((__, column) => {
        const pair = this.pairOf(row, column);
        if (pair !== null) pixelsOf[row * columns.length + column] = values[colorStep(strength[pair], largest)];
      }),
    );
    picture.getContext('2d')!.putImageData(pixels, 0, 0);
    return picture;
  }

  /** Names of rows at the left, of columns diagonally above; where lines would overlap, only each k-th. */
  private drawLabels(cell: number, across: number, down: number): void {
    const {context} = this;
    context.fillStyle = this.colors[STEPS];
    context.font = `11px ${getComputedStyle(this.canvas).fontFamily}`;
    context.textBaseline = 'middle';
    const y0 = ROOM * SLOPE;
    const every = Math.max(1, Math.ceil(LINE / cell));
    context.textAlign = 'right';
    for (let row = Math.ceil(this.top); row < this.top + down; row++) {
      if (row % every === 0)
        context.fillText(
          this.fitted(this.fields[this.rows[row]], ROOM - GAP),
          ROOM - GAP,
          y0 + (row - this.top + 0.5) * cell,
        );
    }
    context.textAlign = 'left';
    // Lines at 45 degrees are nearer to each other than their feet.
    const slanted = Math.max(1, Math.ceil(LINE / (cell * SLOPE)));
    for (let column = Math.ceil(this.left); column < this.left + across; column++) {
      if (column % slanted !== 0) continue;
      context.save();
      context.translate(ROOM + (column - this.left + 0.5) * cell, y0 - GAP);
      context.rotate(-Math.PI / 4);
      context.fillText(this.fitted(this.fields[this.columns[column]], ROOM - 2 * GAP), 0, 0);
      context.restore();
    }
  }

  private fitted(text: string, room: number): string {
    if (this.context.measureText(text).width <= room) return text;
    let length = text.length;
    while (length > 1 && this.context.measureText(`${text.slice(0, length)}…`).width > room) length--;
    return `${text.slice(0, length)}…`;
  }

  /** The closed colour, those of the scale, and that of text. */
  private readColors(): void {
    if (this.colors.length > 0) return;
    const style = getComputedStyle(document.documentElement);
    const of = (name: string) => style.getPropertyValue(name).trim();
    this.colors = [of('--closed'), ...Array.from({length: STEPS - 1}, (_, i) => of(colorVariable(i + 1))), of('--ink')];
  }
}
