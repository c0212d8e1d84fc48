import {make} from '../view/element';

/** The element of a value below a cell: a table for a list of objects, else a line of text. */
export function elementOf(value: unknown): HTMLElement {
  if (Array.isArray(value) && value.length > 0 && value.every(isRow)) return tableOf(value);
  return make('p', {}, typeof value === 'object' ? JSON.stringify(value) : String(value));
}

function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function tableOf(rows: ReadonlyArray<Record<string, unknown>>): HTMLElement {
  const names = Object.keys(rows[0]);
  const isNumber = new Map(names.map(name => [name, rows.every(row => typeof row[name] === 'number')]));
  const cell = (tag: 'th' | 'td', name: string, text: string): HTMLElement =>
    make(tag, {scope: tag === 'th' && 'col', class: isNumber.get(name) && 'number'}, text);
  const head = make('thead', {}, make('tr', {}, ...names.map(name => cell('th', name, name))));
  const body = rows.map(each => make('tr', {}, ...names.map(name => cell('td', name, written(each[name])))));
  return make('div', {class: 'scroll'}, make('table', {}, head, make('tbody', {}, ...body)));
}

function written(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(4);
  return value === null || value === undefined ? '' : String(value);
}
