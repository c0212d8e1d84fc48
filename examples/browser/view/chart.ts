const SVG = 'http://www.w3.org/2000/svg';

/** A line of a chart. */
export interface Line {
  points: ReadonlyArray<readonly [x: number, y: number]>;
  /** A class of the style sheet, which has its colour. */
  kind: string;
}

export interface ChartData {
  /** What a screen reader says. */
  description: string;
  lines: readonly Line[];
  x: {from: number; to: number; ticks: ReadonlyArray<readonly [at: number, text: string]>; name: string};
  y: {from: number; to: number; digits: number};
}

/** A chart that is drawn, in which little moves. */
export interface DrawnChart {
  /** Moves the vertical line, which is there from the first time on. */
  moveCursor(x: number): void;
}

const [WIDTH, HEIGHT] = [520, 190];
const [LEFT, TOP, BOTTOM] = [46, 10, 34];
/** Room at the right. */
const RIGHT = 24;

/** Draws a chart of lines into a figure, in place of what it had. */
export function drawChart(place: HTMLElement, {description, lines, x, y}: ChartData): DrawnChart {
  const right = WIDTH - RIGHT;
  const sx = (at: number) => LEFT + ((at - x.from) / Math.max(1e-9, x.to - x.from)) * (right - LEFT);
  const sy = (at: number) =>
    HEIGHT - BOTTOM - ((at - y.from) / Math.max(1e-9, y.to - y.from)) * (HEIGHT - TOP - BOTTOM);
  const root = element('svg', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': description});
  for (const at of [y.from, (y.from + y.to) / 2, y.to]) {
    root.append(
      element('line', {x1: LEFT, x2: right, y1: sy(at), y2: sy(at), class: 'grid'}),
      text(at.toFixed(y.digits), {x: LEFT - 6, y: sy(at) + 4, 'text-anchor': 'end'}),
    );
  }
  for (const [at, label] of x.ticks)
    root.append(text(label, {x: sx(at), y: HEIGHT - BOTTOM + 15, 'text-anchor': 'middle'}));
  root.append(text(x.name, {x: (LEFT + right) / 2, y: HEIGHT - 3, 'text-anchor': 'middle'}));
  for (const {points, kind} of lines) {
    const d = points.map(([a, b], i) => `${i === 0 ? 'M' : 'L'}${sx(a).toFixed(1)} ${sy(b).toFixed(1)}`).join('');
    root.append(element('path', {d, class: `line ${kind}`}));
    if (points.length === 1)
      root.append(element('circle', {cx: sx(points[0][0]), cy: sy(points[0][1]), r: 2.5, class: kind}));
  }
  place.replaceChildren(root);
  const cursor = element('line', {y1: TOP, y2: HEIGHT - BOTTOM, class: 'cursor'});
  return {
    moveCursor(at) {
      if (!cursor.isConnected) root.append(cursor);
      cursor.setAttribute('x1', String(sx(at)));
      cursor.setAttribute('x2', String(sx(at)));
    },
  };
}

function element(tag: string, attributes: {[name: string]: string | number}): SVGElement {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

function text(content: string, attributes: {[name: string]: string | number}): SVGElement {
  const made = element('text', attributes);
  made.textContent = content;
  return made;
}
