const SVG = 'http://www.w3.org/2000/svg';

/** A line of a chart. */
export interface Line {
  points: ReadonlyArray<readonly [x: number, y: number]>;
  /** A class of the style sheet, which has its colour. */
  kind: string;
  /** Written at its end; none for ''. */
  label: string;
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
  describe(description: string): void;
  /** Gives a line another class. */
  mark(line: number, kind: string): void;
  /** Moves the vertical line, which is there from the first time on. */
  moveCursor(x: number): void;
}

const [WIDTH, HEIGHT] = [520, 190];
const [LEFT, TOP, BOTTOM] = [46, 10, 34];
/** Room at the right for labels, and where there are none; letters of a label that fit into it. */
const [LABELLED, PLAIN] = [170, 24];
const LETTERS = 25;
/** Pixels between lines of labels. */
const LINE = 13;

/** Draws a chart of lines into a figure, in place of what it had. */
export function drawChart(place: HTMLElement, {description, lines, x, y}: ChartData): DrawnChart {
  const right = WIDTH - (lines.some(({label}) => label !== '') ? LABELLED : PLAIN);
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
  const paths = lines.map(({points, kind}) => {
    const d = points.map(([a, b], i) => `${i === 0 ? 'M' : 'L'}${sx(a).toFixed(1)} ${sy(b).toFixed(1)}`).join('');
    return element('path', {d, class: `line ${kind}`});
  });
  root.append(...paths);
  for (const {points, kind} of lines) {
    if (points.length === 1)
      root.append(element('circle', {cx: sx(points[0][0]), cy: sy(points[0][1]), r: 2.5, class: kind}));
  }
  const labelled = lines.filter(({label, points}) => label !== '' && points.length > 0);
  const ends = labelled.map(({label, kind, points}) => ({label, kind, at: sy(points[points.length - 1][1]) + 4}));
  for (const {line, kind, at} of placed(ends)) root.append(text(line, {x: right + 6, y: at, class: kind}));
  place.replaceChildren(root);
  const cursor = element('line', {y1: TOP, y2: HEIGHT - BOTTOM, class: 'cursor'});
  return {
    describe: said => root.setAttribute('aria-label', said),
    mark: (line, kind) => paths[line].setAttribute('class', `line ${kind}`),
    moveCursor(at) {
      if (!cursor.isConnected) root.append(cursor);
      cursor.setAttribute('x1', String(sx(at)));
      cursor.setAttribute('x2', String(sx(at)));
    },
  };
}

/** Lines of labels from top to bottom, each where its curve ends or below the one before, and none below the chart. */
function placed(
  labels: ReadonlyArray<{label: string; kind: string; at: number}>,
): Array<{line: string; kind: string; at: number}> {
  let next = -Infinity;
  const placed = [...labels]
    .sort((a, b) => a.at - b.at)
    .flatMap(({label, kind, at}) =>
      wrapped(label).map((line, i) => {
        const own = i === 0 ? Math.max(at, next) : next;
        next = own + LINE;
        return {line, kind, at: own};
      }),
    );
  const below = Math.max(0, next - LINE - (HEIGHT - 3));
  return placed.map(({at, ...rest}) => ({...rest, at: at - below}));
}

/** A label in lines of the letters that fit, broken after commas. */
function wrapped(label: string): string[] {
  const lines = [''];
  for (const part of label.split(/(?<=, )/)) {
    const last = lines[lines.length - 1];
    if (last !== '' && `${last}${part}`.trimEnd().length > LETTERS) lines.push(part);
    else lines[lines.length - 1] = last + part;
  }
  return lines.map(line => line.trimEnd());
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
