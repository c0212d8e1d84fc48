import type {RunRecord} from 'tfjs-autofis';

export interface Shown {
  pointer: string;
  value: string;
  text: string;
}

export const unescaped = (text: string) =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

/** Every figure of a page. */
export function figures(page: string): Shown[] {
  return [...page.matchAll(/<data value="([^"]*)" data-run="([^"]*)">([^<]*)<\/data>/g)].map(
    ([, value, pointer, text]) => ({value: unescaped(value), pointer: unescaped(pointer), text: unescaped(text)}),
  );
}

/** What the run's JSON has at a pointer (RFC 6901; `length` counts a list). */
export function at(json: unknown, pointer: string): unknown {
  return pointer
    .slice(1)
    .split('/')
    .map(key => key.replace(/~1/g, '/').replace(/~0/g, '~'))
    .reduce((value, key) => (value as Record<string, unknown>)[key], json);
}

/** Whether a written number is the value, rounded to the digits that are shown. */
function isRounded(text: string, value: number): boolean {
  const [, sign, digits, unit] =
    /^(< |\u00b1\u00a0)?([-+\u2212]?[\d,]+(?:\.\d+)?)(?:\u00a0(%|s|kB|MB))?$/.exec(text) ?? [];
  if (digits === undefined) return text === String(value);
  const shown = Number(digits.replaceAll(',', '').replace('\u2212', '-'));
  // Half of a 95 % interval of a standard error.
  if (sign?.startsWith('\u00b1')) return Math.abs(1.96 * value - shown) <= 0.5e-4 * (1 + 1e-9);
  const scale = {'%': 100, kB: 1e-3, MB: 1e-6}[unit] ?? 1;
  if (sign !== undefined) return value < shown;
  const half = 0.5 * 10 ** -(digits.split('.')[1]?.length ?? 0);
  return Math.abs(value * scale - shown) <= half * (1 + 1e-9);
}

export function expectTrueFigures(page: string, json: unknown): void {
  const all = figures(page);
  const wrong = all.filter(({pointer, value, text}) => {
    const own = at(json, pointer);
    return (
      String(own) !== value ||
      (typeof own === 'number' ? !isRounded(text, own) : text !== (own === null ? '–' : String(own)))
    );
  });
  expect(wrong).toEqual([]);
  expect(all.length).toBeGreaterThan(150);
}

/** Runs of text with digits that stand in the page's words and not in figures, pictures or headings. */
export function otherDigits(page: string): string[] {
  return page
    .replace(/<(style|script|svg|h2|nav)[\s\S]*?<\/\1>/g, '')
    .replace(/<data [^>]*>[^<]*<\/data>/g, '')
    .replace(/&#\d+;/g, '')
    .replace(/<\/(p|dt|dd|th|td|caption|figcaption|summary)>/g, '.')
    .replace(/<[^>]*>/g, ' ')
    .match(/[^.]*\d[^.]*/g)!
    .map(text => text.replace(/\s+/g, ' ').trim())
    .filter(text => text !== '');
}

/** What stands behind the mark of each interaction. */
export function tipsOf({interactions}: RunRecord): string[] {
  return interactions.map(({fields, kept, evidence: {gain, standardError, stability}}) => {
    const held = kept ? `gain ${signed(gain)} ${interval(standardError)}` : 'not kept';
    return `${fields.join(' × ')}: ${held}; helps in ${stability.kept} of ${stability.samples} folds`;
  });
}

const signed = (value: number) => `${value < 0 ? '\u2212' : '+'}${Math.abs(value).toFixed(4)}`;
const interval = (error: number) => `\u00b1\u00a0${(1.96 * error).toFixed(4)}`;

/** Text behind the mark of each single field. */
function gainTips({decision}: RunRecord): string[] {
  return decision.fields.map(
    ({field, gain, standardError}) => `${field}: gain ${signed(gain)} ${interval(standardError)}`,
  );
}

/** Text behind the cells of maps and the shares of the explained row. */
export function inspectedTips({inspection: {maps, row}}: RunRecord): string[] {
  const percent = (rate: number) => `${(100 * rate).toFixed(1)}\u00a0%`;
  const named = (fields: readonly string[], values: readonly string[]) =>
    fields.map((field, k) => `${field} ${values[k]}`).join(' × ');
  return [
    ...maps.flatMap(({fields, rows, columns, cells}) =>
      cells.map(
        cell =>
          `${named(fields, [...rows[cell.row], columns[cell.column]])}: log-odds ${signed(cell.share)}; predicted ` +
          `${percent(cell.predicted)}, without ${percent(cell.without)}, observed ${percent(cell.observed)} of ` +
          `${cell.rows.toLocaleString('en-US')} rows`,
      ),
    ),
    ...row.shares.map(({fields, values, share}) => `${named(fields, values)}: log-odds ${signed(share)}`),
    `all others: log-odds ${signed(row.others + row.intercept)}`,
  ];
}

/** Text behind the marks of models, random sets and the selection, by AUC and by logloss. */
export function modelTips({models, decision: {scores}}: RunRecord): string[] {
  return (['auc', 'logloss'] as const).flatMap(metric => {
    const name = metric === 'auc' ? 'AUC' : metric;
    const random = scores.random.map(score => score[metric]).sort((a, b) => a - b);
    const held = `held-out rows: ${name}`;
    return [
      ...models.map(model => {
        const {difference, standardError} = model.comparison?.[metric] ?? {};
        const beside =
          difference === undefined ? '' : `, chosen minus this ${signed(difference)} ${interval(standardError!)}`;
        return `${model.name}: ${name} ${model[metric].toFixed(4)}${beside}`;
      }),
      ...(random.length === 0
        ? []
        : [
            `${random.length} random sets, ${held} ${random[0].toFixed(4)} to ${random[random.length - 1].toFixed(4)}`,
            `selection, ${held} ${scores.selection[metric].toFixed(4)}`,
          ]),
    ];
  });
}

/** Titles behind marks that are not those of an interaction, a field, a model or a bin of the run. */
export function strangeTips(page: string, run: RunRecord): string[] {
  const tips = [...page.matchAll(/data-tip=""><title>([^<]*)<\/title>/g)].map(([, text]) => unescaped(text));
  const known = new Set([...tipsOf(run), ...gainTips(run), ...modelTips(run), ...inspectedTips(run)]);
  for (const {name, calibration} of run.models) {
    for (const {rows, predicted, observed} of calibration) {
      known.add(
        `${name}: predicted ${(100 * predicted).toFixed(1)}\u00a0%, observed ${(100 * observed).toFixed(1)}\u00a0% ` +
          `of ${rows.toLocaleString('en-US')} rows`,
      );
    }
  }
  return tips.filter(tip => !known.has(tip));
}
