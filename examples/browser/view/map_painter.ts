import {make} from './element';
import {type Layout, NAMES_ABOVE, NAMES_LEFT} from './map_window';
import {colorStep, colorVariable, pairAt, type PairState, SCALE_STEPS} from './pairs';

/** Pixels of a name's line, and from a name to its cells. */
const LINE = 13;
const GAP = 6;
/** Colours of the scale, the closed one in their middle; that of text stands behind them. */
const STEPS = 2 * SCALE_STEPS + 1;

/** Draws the cells and names of a map on a canvas: names when the window has changed, cells when they have. */
export class MapPainter {
  private readonly context: CanvasRenderingContext2D;
  /** The shown cells, a pixel each: 40,000 rectangles would take longer than a frame. */
  private readonly cells = make('canvas');
  private colors: string[] = [];
  private readonly fitted = new Map<string, string>();
  private rows: readonly number[] = [];
  private columns: readonly number[] = [];
  private state: PairState | null = null;
  private cellsChanged = true;
  private drawn = '';

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly fields: readonly string[],
  ) {
    this.context = canvas.getContext('2d')!;
  }

  /** Takes other strengths. */
  take(state: PairState): void {
    this.state = state;
    this.cellsChanged = true;
  }

  /** Takes the fields that are rows and columns. */
  show(rows: readonly number[], columns: readonly number[]): void {
    [this.rows, this.columns] = [rows, columns];
    this.cellsChanged = true;
    this.drawn = '';
  }

  /** Reads the colours again. */
  recolor(): void {
    this.colors = [];
    this.cellsChanged = true;
    this.drawn = '';
  }

  draw(layout: Layout): void {
    const {context, cells, state} = this;
    const {width, height, cell, across, down, left, top} = layout;
    if (state === null || width === 0) return;
    this.readColors();
    const drawing = JSON.stringify(layout);
    const namesChanged = drawing !== this.drawn;
    if (!namesChanged && !this.cellsChanged) return;
    if (this.cellsChanged) this.drawCells(state);
    if (namesChanged) {
      this.canvas.width = Math.round(width * devicePixelRatio);
      this.canvas.height = Math.round(height * devicePixelRatio);
      context.scale(devicePixelRatio, devicePixelRatio);
      context.imageSmoothingEnabled = false;
      this.drawNames(layout);
    }
    const [wide, high] = [across * cell, down * cell];
    context.clearRect(NAMES_LEFT, NAMES_ABOVE, wide, high);
    context.drawImage(cells, left, top, across, down, NAMES_LEFT, NAMES_ABOVE, wide, high);
    this.drawn = drawing;
    this.cellsChanged = false;
  }

  private drawCells({strength, largest}: PairState): void {
    const {rows, columns, cells, colors} = this;
    const count = this.fields.length;
    cells.width = Math.max(1, columns.length);
    cells.height = Math.max(1, rows.length);
    const pixels = new ImageData(cells.width, cells.height);
    const values = new Uint32Array(pixels.data.buffer);
    // The bytes of a pixel are red, green, blue and alpha, the first one lowest.
    const pixel = colors.map(
      hex => 0xff000000 + parseInt(`${hex.slice(5, 7)}${hex.slice(3, 5)}${hex.slice(1, 3)}`, 16),
    );
    for (let row = 0; row < rows.length; row++) {
      for (let column = 0; column < columns.length; column++) {
        const [a, b] = [rows[row], columns[column]];
        if (a === b) continue;
        const pair = a < b ? pairAt(count, a, b) : pairAt(count, b, a);
        values[row * columns.length + column] = pixel[SCALE_STEPS + colorStep(strength[pair], largest)];
      }
    }
    cells.getContext('2d')!.putImageData(pixels, 0, 0);
  }

  /** Names of rows at the left, of columns diagonally above; where lines would overlap, only each k-th. */
  private drawNames({width, cell, across, down, left, top}: Layout): void {
    const {context, rows, columns} = this;
    context.fillStyle = this.colors[STEPS];
    context.font = `11px ${getComputedStyle(this.canvas).fontFamily}`;
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    const every = Math.max(1, Math.ceil(LINE / cell));
    for (let row = every * Math.ceil(top / every); row < top + down; row += every) {
      context.fillText(this.nameOf(rows[row]), NAMES_LEFT - GAP, NAMES_ABOVE + (row - top + 0.5) * cell);
    }
    context.textAlign = 'left';
    // Lines at 45 degrees are nearer to each other than their feet.
    const slanted = Math.max(1, Math.ceil(LINE / (cell * Math.SQRT1_2)));
    for (let column = slanted * Math.ceil(left / slanted); column < left + across; column += slanted) {
      const foot = NAMES_LEFT + (column - left + 0.5) * cell;
      const name = this.nameOf(columns[column]);
      // Half a name says less than none.
      if (foot + context.measureText(name).width * Math.SQRT1_2 > width) break;
      context.save();
      context.translate(foot, NAMES_ABOVE - GAP);
      context.rotate(-Math.PI / 4);
      context.fillText(name, 0, 0);
      context.restore();
    }
  }

  /** The name of a field, as much of it as there is room for. */
  private nameOf(field: number): string {
    const name = this.fields[field];
    const known = this.fitted.get(name);
    if (known !== undefined) return known;
    const fits = (text: string) => this.context.measureText(text).width <= NAMES_LEFT - 2 * GAP;
    let text = name;
    for (let length = name.length - 1; length > 0 && !fits(text); length--) text = `${name.slice(0, length)}…`;
    this.fitted.set(name, text);
    return text;
  }

  private readColors(): void {
    if (this.colors.length > 0) return;
    const style = getComputedStyle(document.documentElement);
    const of = (name: string) => style.getPropertyValue(name).trim();
    const scale = Array.from({length: STEPS}, (_, i) =>
      of(i === SCALE_STEPS ? '--closed' : colorVariable(i - SCALE_STEPS)),
    );
    this.colors = [...scale, of('--ink')];
  }
}
