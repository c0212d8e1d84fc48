/** The element of a value below a cell: a table for a list of objects, else a line of text. */
export function elementOf(value: unknown): HTMLElement {
  if (Array.isArray(value) && value.length > 0 && value.every(isRow)) return tableOf(value);
  return withText('p', typeof value === 'object' ? JSON.stringify(value) : String(value));
}

function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function tableOf(rows: ReadonlyArray<Record<string, unknown>>): HTMLElement {
  const names = Object.keys(rows[0]);
  const isNumber = new Map(names.map(name => [name, rows.every(row => typeof row[name] === 'number')]));
  const cell = (tag: 'th' | 'td', name: string, text: string): HTMLElement => {
    const element = withText(tag, text);
    if (tag === 'th') element.setAttribute('scope', 'col');
    if (isNumber.get(name)) element.className = 'number';
    return element;
  };
  const row = (cells: HTMLElement[]): HTMLElement => filled('tr', cells);
  const head = filled('thead', [row(names.map(name => cell('th', name, name)))]);
  const body = filled(
    'tbody',
    rows.map(each => row(names.map(name => cell('td', name, written(each[name]))))),
  );
  const frame = filled('div', [filled('table', [head, body])]);
  frame.className = 'scroll';
  return frame;
}

function written(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(4);
  return value === null || value === undefined ? '' : String(value);
}

/** An element with a text. */
export function withText(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

/** An element with others in it. */
export function filled(tag: string, children: readonly Node[]): HTMLElement {
  const element = document.createElement(tag);
  element.append(...children);
  return element;
}
