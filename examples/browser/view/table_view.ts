import type {ColumnView, Decisions, TableView, Use} from '../protocol';
import {words} from '../strings';
import {inSlices, make} from './element';
import {histogram} from './histogram';

/** The table that was read: what its columns are taken for, which a person corrects. */
export class TableForm {
  private table: TableView | null = null;
  /** Columns that are ticked. */
  private readonly chosen = new Set<string>();
  /** What a person has decided, which the table may not show yet; null for nothing. */
  private decided: Decisions | null = null;
  /** Decisions before these, the oldest first. */
  private earlier: Decisions[] = [];

  /** @param onChange Called with what a person has decided. */
  constructor(
    private readonly root: HTMLElement,
    private readonly onChange: (decisions: Decisions) => void,
  ) {}

  /** Shows another table, of which nothing is decided yet. */
  begin(): void {
    this.decided = null;
    this.earlier = [];
    this.chosen.clear();
  }

  show(table: TableView): void {
    this.table = table;
    const focused = (document.activeElement as HTMLElement | null)?.id;
    const scrolled = this.root.querySelector('.columns-of')?.scrollTop ?? 0;
    const fields = table.fields.length;
    const values = table.fields.reduce((sum, {size}) => sum + size, 0);
    this.root.replaceChildren(
      ...this.labelChoice(table),
      ...(table.notes.length === 0
        ? []
        : [make('ul', {class: 'assumed'}, ...table.notes.map(note => make('li', {}, note)))]),
      this.bulk(),
      this.columns(table),
      ...(fields === 0
        ? []
        : [make('p', {id: 'counts'}, words.data.fields(fields, values, (fields * (fields - 1)) / 2))]),
      ...(fields === 0 ? [] : [parts(table)]),
      ...(table.problems.length === 0
        ? []
        : [make('ul', {class: 'problems'}, ...table.problems.map(problem => make('li', {}, problem)))]),
    );
    this.root.querySelector('.columns-of')!.scrollTop = scrolled;
    if (focused !== undefined && focused !== '') document.getElementById(focused)?.focus();
  }

  private decisions(): Decisions {
    const {label, positive, columns} = this.table!;
    return this.decided ?? {label, positive, uses: Object.fromEntries(columns.map(({name, use}) => [name, use]))};
  }

  private decide(change: Partial<Decisions>): void {
    const now = this.decisions();
    this.earlier.push(now);
    this.take({...now, ...change, uses: {...now.uses, ...change.uses}});
  }

  private take(decisions: Decisions): void {
    this.decided = decisions;
    this.onChange(decisions);
  }

  private labelChoice({columns, label, labelValues, positive}: TableView): HTMLElement[] {
    const candidates = (['two values', 'several'] as const).flatMap(fit =>
      columns.filter(({asLabel}) => asLabel === fit),
    );
    if (candidates.length === 0) return [];
    const text = labelValues.length === 2 ? (value: string) => value : words.data.against;
    const select = (
      id: string,
      options: ReadonlyArray<readonly [value: string, selected: boolean, text: string]>,
      take: (value: string) => void,
    ) => {
      const made = make(
        'select',
        {id},
        // A list without a choice would show its first option as if it were chosen.
        ...(options.some(([, selected]) => selected)
          ? []
          : [make('option', {value: '', selected: true, disabled: true}, words.data.noChoice)]),
        ...options.map(([value, selected, shown]) => make('option', {value, selected}, shown)),
      );
      made.addEventListener('change', () => take(made.value));
      return made;
    };
    return [
      make(
        'p',
        {class: 'choice'},
        make('label', {for: 'label'}, `${words.data.label} `),
        select(
          'label',
          candidates.map(({name}) => [name, name === label, name] as const),
          value => this.decide({label: value, positive: null}),
        ),
        ...(labelValues.length < 2
          ? []
          : [
              make('label', {for: 'positive'}, ` ${words.data.positive} `),
              select(
                'positive',
                labelValues.map(value => [value, value === positive, text(value)] as const),
                value => this.decide({positive: value}),
              ),
            ]),
      ),
    ];
  }

  /** Uses for several columns at once, and undo. */
  private bulk(): HTMLElement {
    const {uses, bulk, undo} = words.data;
    const select = make(
      'select',
      {id: 'bulk', 'aria-label': bulk},
      make('option', {value: ''}, bulk),
      ...(['proposed', 'category', 'number', 'ignored'] as const).map(use => make('option', {value: use}, uses[use])),
    );
    select.addEventListener('change', () => {
      const own = Object.fromEntries([...this.chosen].map(name => [name, select.value as Use]));
      this.chosen.clear();
      this.decide({uses: own});
    });
    select.disabled = this.chosen.size === 0;
    const back = make('button', {type: 'button', id: 'undo', disabled: this.earlier.length === 0}, undo);
    back.addEventListener('click', () => {
      this.take(this.earlier.pop()!);
      back.disabled = this.earlier.length === 0;
    });
    return make('p', {class: 'tools'}, select, back);
  }

  private columns(table: TableView): HTMLElement {
    return make(
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
            make('td'),
            ...words.data.columnHead.map((name, i) =>
              make('th', {scope: 'col', class: i === 3 || i === 4 ? 'number' : ''}, name),
            ),
          ),
        ),
        this.rows(table),
      ),
    );
  }

  private rows({columns, label}: TableView): HTMLElement {
    const body = make('tbody');
    inSlices(columns.length, i => body.append(this.row(columns[i], i, label !== null)));
    return body;
  }

  private row(column: ColumnView, index: number, hasLabel: boolean): HTMLElement {
    const {name, role, use, distinct, missing, examples, why} = column;
    const other = role === 'part' || use === 'ignored' || (role === 'ignored' && hasLabel);
    const pick = make('input', {type: 'checkbox', 'aria-label': words.data.pick(name), checked: this.chosen.has(name)});
    pick.addEventListener('change', () => {
      if (pick.checked) this.chosen.add(name);
      else this.chosen.delete(name);
      (document.getElementById('bulk') as HTMLSelectElement).disabled = this.chosen.size === 0;
    });
    return make(
      'tr',
      {class: other ? 'other' : ''},
      make('td', {}, ...(role === 'field' || role === 'ignored' ? [pick] : [])),
      make('th', {scope: 'row', title: name}, name),
      make('td', {}, histogram(column.histogram)),
      make('td', {}, this.useOf(column, index), make('small', {class: 'why'}, role === 'label' ? '' : why)),
      make('td', {class: 'number'}, words.numbers.count(distinct)),
      make('td', {class: 'number'}, words.numbers.count(missing)),
      make('td', {class: 'examples'}, examples.join(', ')),
    );
  }

  private useOf({name, role, proposed, use}: ColumnView, index: number): HTMLElement | string {
    const {uses, roles} = words.data;
    if (role === 'label') return roles.label;
    const options: Array<[Use, string]> =
      role === 'part'
        ? [
            ['proposed', roles.part],
            ['ignored', uses.ignored],
          ]
        : [
            ['proposed', words.data.proposed(proposed)],
            ['category', uses.category],
            ['number', uses.number],
            ['date', uses.date],
            ['ignored', uses.ignored],
          ];
    const select = make(
      'select',
      {id: `use-${index}`, 'aria-label': words.data.useOf(name)},
      ...options.map(([value, text]) => make('option', {value, selected: value === use}, text)),
    );
    select.addEventListener('change', () => this.decide({uses: {[name]: select.value as Use}}));
    return select;
  }
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
