import {Bar, type BarStep} from '../terminal/bar';
import {visible} from '../visible';
import type {SettingValues} from './settings';
import {WriteStream} from 'node:tty';
import {inspect} from 'node:util';

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

/** Output of a command: results on stdout, all else on stderr. */
export type Output = ReturnType<typeof outputTo>;

type Flags = Pick<SettingValues, 'json' | 'quiet' | 'verbose'>;

export function outputTo(streams: Streams, {json = false, quiet = false, verbose = false}: Flags) {
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
  return {
    /** True if a bar shows the progress. */
    hasBar,
    json,
    /** Write a remark for people. */
    note,
    /** Write a remark under --verbose. */
    detail: verbose ? note : () => {},
    /** Write a result in words, unless --json asks for data. */
    say: (text: string) => {
      close();
      if (!json) stdout.write(`${text}\n`);
    },
    /** Write the result as JSON under --json. */
    result: (value: unknown) => {
      close();
      if (json) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    /** Set the steps to come, for the time left. */
    expect: (steps: readonly BarStep[]) => bar?.expect(steps),
    /** Begin a step, which ends the one before. */
    begin: (title: string) => {
      if (hasBar) bar ??= new Bar(streams.stderr as typeof streams.stderr & {fd: number});
      bar?.begin(title);
    },
    /** Set the share of the step that is done, unless more is. */
    reach: (share: number) => bar?.reach(share),
    /** Add to the share of the step that is done. */
    advance: (share: number) => bar?.advance(share),
    /** Take the bar away. */
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
