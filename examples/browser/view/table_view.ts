import type {ColumnView, TableView, Use} from '../protocol';
import {words} from '../strings';
import {make} from './element';

/** The table that was read: what its columns are taken for, which a person corrects. */
export function showTable(
  root: HTMLElement,
  table: TableView,
  onChange: (label: string | null, uses: {[column: string]: Use}) => void,
): void {
  const focused = (document.activeElement as HTMLElement | null)?.id;
  const uses = Object.fromEntries(table.columns.map(({name, use}) => [name, use]));
  const label = make(
    'select',
    {id: 'label'},
    ...table.columns
      .filter(({binary}) => binary)
      .map(({name}) => make('option', {value: name, selected: name === table.label}, name)),
  );
  label.addEventListener('change', () => onChange(label.value, uses));
  const rows = table.columns.map((column, i) =>
    make(
      'tr',
      {
        class:
          column.role === 'part' || column.use === 'ignored' || (column.role === 'ignored' && table.label !== null)
            ? 'other'
            : '',
      },
      make('th', {scope: 'row'}, column.name),
      make(
        'td',
        {},
        useOf(column, i, use => onChange(table.label, {...uses, [column.name]: use})),
      ),
      make('td', {class: 'number'}, words.numbers.count(column.distinct)),
      make('td', {class: 'number'}, words.numbers.count(column.missing)),
      make('td', {class: 'examples'}, column.examples.join(', ')),
    ),
  );
  const values = table.fields.reduce((sum, {size}) => sum + size, 0);
  const fields = table.fields.length;
  root.replaceChildren(
    ...(label.options.length === 0
      ? []
      : [make('p', {class: 'choice'}, make('label', {for: 'label'}, `${words.data.label}: `), label)]),
    make(
      'div',
      {class: 'scroll columns-of', tabindex: 0, role: 'region', 'aria-label': words.data.summary(table)},
      make(
        'table',
        {class: 'columns'},
        make('caption', {}, words.data.columns),
        make(
          'thead',
          {},
          make(
            'tr',
            {},
            ...words.data.columnHead.map((name, i) =>
              make('th', {scope: 'col', class: i === 2 || i === 3 ? 'number' : ''}, name),
            ),
          ),
        ),
        make('tbody', {}, ...rows),
      ),
    ),
    ...(fields === 0
      ? []
      : [make('p', {id: 'counts'}, words.data.fields(fields, values, (fields * (fields - 1)) / 2)), parts(table)]),
    ...list('problems', table.problems),
    ...details(table.notes),
  );
  if (focused !== undefined && focused !== '') document.getElementById(focused)?.focus();
}

function parts(table: TableView): HTMLElement {
  const {caption, head, names, positive} = words.data.parts;
  return make(
    'table',
    {class: 'parts'},
    make('caption', {}, caption),
    make(
      'thead',
      {},
      make('tr', {}, ...head.map((name, i) => make('th', {scope: 'col', class: i === 0 ? '' : 'number'}, name))),
    ),
    make(
      'tbody',
      {},
      ...table.parts.map(({name, rows, positives}) =>
        make(
          'tr',
          {},
          make('th', {scope: 'row'}, names[name]),
          make('td', {class: 'number'}, words.numbers.count(rows)),
          make('td', {class: 'number'}, positive(rows, positives)),
        ),
      ),
    ),
  );
}

function useOf(
  {name, role, proposed, use}: ColumnView,
  index: number,
  onUse: (use: Use) => void,
): HTMLElement | string {
  const {uses, roles} = words.data;
  if (role === 'label') return roles.label;
  const options: Array<[Use, string]> =
    role === 'part'
      ? [
          ['proposed', roles.part],
          ['ignored', uses.ignored],
        ]
      : [
          ['proposed', uses.proposed(proposed)],
          ['category', uses.category],
          ['number', uses.number],
          ['ignored', uses.ignored],
        ];
  const select = make(
    'select',
    {id: `use-${index}`, 'aria-label': words.data.useOf(name)},
    ...options.map(([value, text]) => make('option', {value, selected: value === use}, text)),
  );
  select.addEventListener('change', () => onUse(select.value as Use));
  return select;
}

function list(name: string, items: readonly string[]): HTMLElement[] {
  return items.length === 0 ? [] : [make('ul', {class: name}, ...items.map(item => make('li', {}, item)))];
}

function details(notes: readonly string[]): HTMLElement[] {
  return notes.length === 0
    ? []
    : [
        make(
          'details',
          {},
          make('summary', {}, words.data.assumed),
          make('ul', {}, ...notes.map(note => make('li', {}, note))),
        ),
      ];
}
