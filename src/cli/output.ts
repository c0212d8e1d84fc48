import {Bar, type BarStep} from '../terminal/bar';
import {visible} from '../visible';
import {WriteStream} from 'node:tty';
import {inspect} from 'node:util';

/** Where a command writes: results on stdout, all else on stderr. */
export interface Output {
  /** True if a bar shows the progress. */
  readonly hasBar: boolean;
  readonly json: boolean;
  /** Remarks, for people. */
  note(line: string): void;
  /** Remarks under --verbose alone. */
  detail(line: string): void;
  /** A result in words; nothing under --json. */
  say(text: string): void;
  /** The whole result as JSON; nothing without --json. */
  result(value: unknown): void;
  /** Set the steps to come, for the time left. */
  expect(steps: readonly BarStep[]): void;
  /** Begin a step, which ends the one before. */
  begin(title: string): void;
  /** Set the share of the step that is done, unless more is. */
  reach(share: number): void;
  /** Add to the share of the step that is done. */
  advance(share: number): void;
  /** Take the bar away. */
  close(): void;
}

export interface Streams {
  stdout: {write(text: string): unknown; isTTY?: boolean; columns?: number};
  stderr: {write(text: string): unknown; isTTY?: boolean; columns?: number; fd?: number};
}

/**
 * Streams for people: control characters, as names and values of a table may have them, are shown in place of being
 * sent, and a terminal gets colors.
 */
export function visibly({stdout, stderr}: Streams): Streams {
  const shown = <S extends Streams['stdout']>(stream: S): S => {
    const write = (text: string) => stream.write(takesColors(stream) ? highlighted(visible(text)) : visible(text));
    return Object.create(stream, {write: {value: write}}) as S;
  };
  return {stdout: shown(stdout), stderr: shown(stderr)};
}

export function outputTo(
  streams: Streams,
  {json = false, quiet = false, verbose = false}: {json?: boolean; quiet?: boolean; verbose?: boolean},
): Output {
  const {stdout, stderr} = visibly(streams);
  const {isTTY, fd} = streams.stderr;
  const hasBar = isTTY === true && fd !== undefined && !quiet;
  let bar: Bar | null = null;
  const close = () => {
    bar?.close();
    bar = null;
  };
  const note = (line: string) => {
    if (quiet) return;
    const write = () => stderr.write(`${line}\n`);
    if (bar === null) write();
    else bar.above(write);
  };
  const detail = (line: string) => {
    if (verbose) note(line);
  };
  return {
    hasBar,
    json,
    note,
    detail,
    say: text => {
      close();
      if (!json) stdout.write(`${text}\n`);
    },
    result: value => {
      close();
      if (json) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    expect: steps => bar?.expect(steps),
    begin: title => {
      if (hasBar) bar ??= new Bar(streams.stderr as typeof streams.stderr & {fd: number});
      bar?.begin(title);
    },
    reach: share => bar?.reach(share),
    advance: share => bar?.advance(share),
    close,
  };
}

/** Patterns, and styles of `util.inspect` that show them. */
const STYLES: ReadonlyArray<[pattern: RegExp, style: 'bold' | 'green' | 'red' | 'yellow']> = [
  // The verdict, titles of help, and heads of tables.
  [/^verdict: .*(\n {3}.*)*|^[A-Z][\w ]*:$|^.+(?=\n-+( {2}-+)*$)/gm, 'bold'],
  [/^[Ww]arning:/gm, 'yellow'],
  [/^error:|worse(?=, [+-])/gm, 'red'],
  [/better(?=, [+-])/g, 'green'],
];

/** Tell whether a stream takes colors: a terminal does unless NO_COLOR is set, any other with FORCE_COLOR. */
export function takesColors({isTTY = false}: {isTTY?: boolean}): boolean {
  const asked = isTTY || process.env['FORCE_COLOR'] !== undefined;
  return asked && WriteStream.prototype.getColorDepth(process.env) > 1;
}

/** Add the codes of a terminal to what people should see first. */
export function highlighted(text: string): string {
  return STYLES.reduce((shown, [pattern, style]) => {
    const [on, off] = inspect.colors[style]!;
    return shown.replace(pattern, words => `\x1b[${on}m${words}\x1b[${off}m`);
  }, text);
}
