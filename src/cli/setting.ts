import {AutofisError} from '../errors';
import {UsageError} from './usage_error';

/** One thing that can be set: by a key of the config file, camelCase, and by a flag, the same in kebab-case. */
export interface Setting<T = unknown> {
  readonly help: string;
  /** The placeholder of the value in help; null for a switch, which is on or off. */
  readonly placeholder: string | null;
  /** The default as help shows it; where commands differ, by command, with `others` for the rest. */
  readonly shown?: string | {readonly [command: string]: string};
  /** True if only `--help all` lists it. */
  readonly rare?: true;
  /**
   * The value of a text, or of what a config file holds.
   * @throws AutofisError where it breaks the rule.
   */
  parse(value: unknown): T;
}

type Options = Pick<Setting, 'help' | 'shown' | 'rare'>;

const LONGEST_PLACEHOLDER = 16;

class Rule extends Error {}

/** A text. */
export function text(placeholder: string, options: Options): Setting<string> {
  return {
    placeholder,
    ...options,
    parse: value => {
      if (typeof value === 'number') return String(value);
      if (typeof value !== 'string' || value === '') throw new Rule('be a text');
      return value;
    },
  };
}

/**
 * One of a few words. Long lists of words follow the help text instead of the flag, where they would leave no room for
 * the help of all flags.
 */
export function choice<C extends string>(choices: readonly C[], {help, ...options}: Options): Setting<C> {
  const words = choices.join('|');
  const long = words.length > LONGEST_PLACEHOLDER;
  return {
    placeholder: long ? 'name' : words,
    help: long ? `${help}: ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}` : help,
    ...options,
    parse: value => {
      const match = choices.find(candidate => candidate === String(value));
      if (match === undefined)
        throw new Rule(choices.length === 1 ? `be ${choices[0]}` : `be one of ${choices.join(', ')}`);
      return match;
    },
  };
}

/** A number from `least`, that one included unless `open`, up to and without `below`. */
export function number({
  least = -Infinity,
  below = Infinity,
  open = false,
  integerOnly = false,
  ...options
}: Options & {least?: number; below?: number; open?: boolean; integerOnly?: boolean}): Setting<number> {
  const range = [least > -Infinity ? `${open ? '>' : '>='} ${least}` : '', below < Infinity ? `< ${below}` : ''].filter(
    bound => bound !== '',
  );
  const rule = `be ${integerOnly ? 'an integer' : 'a number'}${range.length > 0 ? ` ${range.join(' and ')}` : ''}`;
  return {
    placeholder: integerOnly ? 'n' : 'x',
    ...options,
    parse: value => {
      const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      const holds =
        typeof parsed === 'number' &&
        Number.isFinite(parsed) &&
        (open ? parsed > least : parsed >= least) &&
        parsed < below &&
        (!integerOnly || Number.isInteger(parsed));
      if (!holds) throw new Rule(rule);
      return parsed;
    },
  };
}

/** An integer. */
export function integer(least: number, options: Options): Setting<number> {
  return number({least, integerOnly: true, ...options});
}

/** Names separated by commas, or a list in the config file. */
export function names(placeholder: string, options: Options): Setting<string[]> {
  return {
    placeholder,
    ...options,
    parse: value => {
      const list = Array.isArray(value) ? value : String(value).split(',');
      if (list.some(item => typeof item !== 'string' || item.trim() === ''))
        throw new Rule('be names separated by commas');
      return (list as string[]).map(item => item.trim());
    },
  };
}

/**
 * Names with a value each, as in "zip=category,age=number", or an object in the config file. Commas in a value are
 * kept.
 */
export function pairs(placeholder: string, options: Options): Setting<{[name: string]: string}> {
  return {
    placeholder,
    ...options,
    parse: value => {
      if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
        const entries = Object.entries(value);
        if (entries.some(([, reading]) => typeof reading !== 'string')) throw new Rule('map each name to a text');
        return Object.fromEntries(entries) as {[name: string]: string};
      }
      // A comma begins a pair where an equals sign follows before the next one.
      const entries = String(value)
        .split(/,(?=[^,]*=)/)
        .map(pair => /^([^]+)=([^]*)$/.exec(pair))
        .map(match => [match?.[1].trim() ?? '', match?.[2].trim() ?? '']);
      if (entries.some(entry => entry.includes(''))) throw new Rule('be pairs such as zip=category,age=number');
      if (new Set(entries.map(([name]) => name)).size < entries.length) throw new Rule('have each name once');
      return Object.fromEntries(entries) as {[name: string]: string};
    },
  };
}

/** On or off. */
export function toggle(options: Options): Setting<boolean> {
  return {
    placeholder: null,
    ...options,
    parse: value => {
      if (value !== true && value !== false) throw new Rule('be true or false');
      return value;
    },
  };
}

/** --batch-size of batchSize. */
export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, capital => `-${capital.toLowerCase()}`)}`;
}

/** Parts of the library's messages, and what people read who set flags. */
const IN_FLAGS: ReadonlyArray<[message: RegExp, flags: string]> = [
  [/^(inferSchema|prepare|read|updateBundle|useBackend): /, ''],
  [/^Bundle\.explain: /, '--explain: '],
  [/Call it without a name/, 'Omit --backend'],
  [/`source\.(sql|separator|columns)`/g, '--$1'],
  [
    /give `quote: null` in the source/,
    "read it by --sql \"SELECT * FROM read_csv('FILE', quote = '', all_varchar = true)\"",
  ],
  [
    /Give `format`: one of .*\.$/,
    'Its name must end in .csv, .tsv, .txt, .parquet, .jsonl or .arrow, or such an ' +
      'ending and .gz or .zst; other formats that DuckDB knows are read by --sql.',
  ],
];

/**
 * Translate an error of a function of the library for people who set flags; other errors stay as they are.
 *
 * @param options The function's options that are flags.
 */
export function withFlags(
  error: unknown,
  options: readonly string[] = [],
  Translated: new (message: string) => Error = AutofisError,
): unknown {
  if (!(error instanceof AutofisError)) return error;
  const message = IN_FLAGS.reduce((text, [part, flags]) => text.replace(part, flags), error.message);
  return new Translated(
    message.replace(/`(\w+)`/g, (text, name: string) => (options.includes(name) ? flagOf(name) : text)),
  );
}

/** The value of a setting; an error names the flag or key that it came from. */
export function parseSetting<T>(setting: Setting<T>, value: unknown, origin: string): T {
  try {
    return setting.parse(value);
  } catch (error) {
    if (!(error instanceof Rule)) throw error;
    throw new UsageError(
      `${origin} must ${error.message}. Received: ${typeof value === 'string' ? value : JSON.stringify(value)}.`,
    );
  }
}
