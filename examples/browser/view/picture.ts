import type {Finished, RunView} from '../protocol';
import {words} from '../strings';
import {axisOf, halfInterval} from './models_view';
import {colorStep, colorVariable, pairsOf, SCALE_STEPS} from './pairs';

/** The picture in points, and pixels for each of them. */
const [WIDTH, HEIGHT, DENSITY] = [1200, 675, 2];
/** The margin, and where the left column ends and the right one begins. */
const [LEFT, MIDDLE, RIGHT, END] = [32, 400, 448, WIDTH - 32];
/** Room for names of fields beside the map, and the width of numbers behind bars. */
const [NAMES, NUMBER] = [120, 64];
/** Fields that fit the map, and with numbers; bars that fit in place of the map, and beneath it. */
const [MOST_IN_MAP, MOST_NUMBERED, MOST_BARS, MOST_BENEATH] = [40, 16, 18, 5];

const unit = words.map.unit.replace(/:$/, '');

/** Draws a finished run to share: its sentence, the compared models, and the map, or bars where it has no room. */
export function pictureOf(finished: Finished, run: RunView): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [DENSITY * WIDTH, DENSITY * HEIGHT];
  const pen = new Pen(canvas.getContext('2d')!);
  pen.rectangle(0, 0, WIDTH, HEIGHT, 'surface');
  const top = pen.paragraph(finished.answer, LEFT, 58, END - LEFT) + 44;
  drawModels(pen, finished.models, top);
  const {gain, selected} = finished.figures;
  const pairs = pairsOf(run.fields.length);
  const sets = [...pairs, ...finished.larger].map((fields, p) => ({
    name: words.map.cell(fields.map(f => run.fields[f])),
    value: selected[p] === 1 ? words.map.thousandths(gain[p]) : 0,
  }));
  const fields = run.fields.map((name, f) => ({name, value: words.map.thousandths(finished.fieldGains.gain[f])}));
  const hasMap = finished.selected.length > 0 && run.fields.length <= MOST_IN_MAP;
  const shown = finished.selected.length > 0 ? sets : fields;
  const largest = Math.max(1e-9, ...shown.map(({value}) => Math.abs(value)));
  const bars = (hasMap ? sets.slice(pairs.length) : shown)
    .filter(({value}) => value !== 0)
    .sort((a, b) => b.value - a.value)
    .slice(0, hasMap ? MOST_BENEATH : MOST_BARS);
  if (hasMap) {
    const end = HEIGHT - 56 - (bars.length === 0 ? 0 : 36 + 24 * bars.length);
    drawMap(pen, run.fields, {values: sets.slice(0, pairs.length), top, end, largest});
    if (bars.length > 0) drawBars(pen, bars, {top: end + 28, largest, caption: words.map.larger});
  } else {
    const caption = finished.selected.length > 0 ? unit : words.map.fields;
    drawBars(pen, bars, {top, largest, caption});
  }
  pen.text(words.run.summary(run), LEFT, HEIGHT - 24, {color: 'muted', size: 15});
  return new Promise(resolve => canvas.toBlob(resolve));
}

interface Bar {
  name: string;
  /** In thousandths of logloss; 0 for a closed gate. */
  value: number;
}

interface Style {
  color?: string;
  size?: number;
  bold?: boolean;
  align?: CanvasTextAlign;
  /** Text that is wider is made narrower. */
  room?: number;
}

/** Draws in the page's colours, which it knows by the names of their variables. */
class Pen {
  private readonly colors = getComputedStyle(document.documentElement);

  constructor(private readonly context: CanvasRenderingContext2D) {
    context.scale(DENSITY, DENSITY);
  }

  rectangle(x: number, y: number, width: number, height: number, color: string): void {
    this.context.fillStyle = this.colors.getPropertyValue(`--${color}`);
    this.context.fillRect(x, y, width, height);
  }

  /** Sets the font of a style, and measures a text in it. */
  widthOf(text: string, {size = 17, bold = false}: Style): number {
    this.context.font = `${bold ? 600 : 400} ${size}px ${getComputedStyle(document.body).fontFamily}`;
    return this.context.measureText(text).width;
  }

  text(text: string, x: number, y: number, {color = 'ink', align, room, ...style}: Style = {}): void {
    const {context} = this;
    this.widthOf(text, style);
    context.fillStyle = this.colors.getPropertyValue(`--${color}`);
    context.textAlign = align ?? 'start';
    context.fillText(text, x, y, room);
  }

  /** Writes a heading in lines, and returns the height at which the last one stands. */
  paragraph(text: string, x: number, y: number, room: number): number {
    const style = {bold: true, size: 30};
    let [line, at] = ['', y];
    for (const word of text.split(' ')) {
      const longer = `${line} ${word}`.trim();
      if (this.widthOf(longer, style) > room) {
        this.text(line, x, at, style);
        [line, at] = [word, at + 38];
      } else line = longer;
    }
    this.text(line, x, at, style);
    return at;
  }
}

function drawModels(pen: Pen, models: Finished['models'], top: number): void {
  const {from, to} = axisOf(models);
  const at = (auc: number) => LEFT + ((MIDDLE - LEFT) * (auc - from)) / (to - from);
  pen.text(words.result.models(from, to), LEFT, top, {color: 'muted', size: 13, room: MIDDLE - LEFT});
  models.forEach((model, k) => {
    const {name, auc, comparison} = model;
    const y = top + 36 + 80 * k;
    const error = halfInterval(model);
    pen.text(name, LEFT, y, {room: MIDDLE - LEFT - NUMBER});
    pen.text(auc.toFixed(4), MIDDLE, y, {bold: true, align: 'right'});
    pen.rectangle(LEFT, y + 8, MIDDLE - LEFT, 16, 'closed');
    pen.rectangle(LEFT, y + 8, at(auc) - LEFT, 16, comparison === null ? 'blue' : 'quiet');
    if (comparison === null) return;
    pen.rectangle(at(auc - error), y + 14, at(auc + error) - at(auc - error), 4, 'ink');
    const {verdict, difference} = comparison;
    const text = words.result.difference(verdict, difference, error);
    pen.text(text, LEFT, y + 42, {color: 'muted', size: 15, room: MIDDLE - LEFT});
  });
}

function drawMap(
  pen: Pen,
  fields: readonly string[],
  {values, top, end, largest}: {values: readonly Bar[]; top: number; end: number; largest: number},
): void {
  const m = fields.length;
  pen.text(unit, RIGHT, top, {color: 'muted', size: 15});
  const left = RIGHT + NAMES;
  // The names of columns stand where their columns begin, on the diagonal.
  const [width, height] = [(END - left) / m, (end - top - 16) / m];
  const y = (row: number) => top + 16 + row * height;
  const size = Math.min(16, height - 2);
  fields.forEach((name, f) => {
    const middle = y(f) + height / 2 + size / 3;
    if (f > 0) pen.text(name, left - 8, middle, {align: 'right', size, room: NAMES - 8});
    if (f < m - 1) pen.text(name, left + f * width + 4, middle, {color: 'muted', size, room: (m - f) * width});
  });
  pairsOf(m).forEach(([i, j], p) => {
    const {value} = values[p];
    const step = colorStep(value, largest);
    const color = value === 0 ? 'closed' : colorVariable(step).slice(2);
    pen.rectangle(left + i * width, y(j), width - 2, height - 2, color);
    if (value === 0 || m > MOST_NUMBERED) return;
    const style = {color: `onScale${SCALE_STEPS + step}`, size, align: 'center' as const, room: width - 4};
    pen.text(words.map.strength(value), left + (i + 0.5) * width, y(j) + height / 2 + size / 3, style);
  });
}

function drawBars(
  pen: Pen,
  bars: readonly Bar[],
  {top, largest, caption}: {top: number; largest: number; caption: string},
): void {
  const names = Math.min((END - RIGHT) / 2, 16 + Math.max(...bars.map(({name}) => pen.widthOf(name, {size: 16}))));
  pen.text(caption, RIGHT, top, {color: 'muted', size: 15});
  bars.forEach(({name, value}, k) => {
    const y = top + 26 + 24 * k;
    const color = value === 0 ? 'closed' : colorVariable(colorStep(value, largest)).slice(2);
    const length = ((END - RIGHT - names - NUMBER) * Math.abs(value)) / largest;
    pen.text(name, RIGHT, y, {size: 16, room: names - 8});
    pen.rectangle(RIGHT + names, y - 13, Math.max(2, length), 16, color);
    pen.text(words.map.strength(value), END, y, {size: 16, align: 'right'});
  });
}
