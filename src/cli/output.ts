import {visible} from '../visible';

/** Where a command writes: results on stdout, all else on stderr. */
export interface Output {
  /** True if stderr is a terminal, on which a line may change. */
  readonly terminal: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  /** Progress and remarks, for people. */
  note(line: string): void;
  /** A result in words; nothing under --json. */
  say(text: string): void;
  /** The whole result as JSON; nothing without --json. */
  result(value: unknown): void;
}

export interface Streams {
  stdout: {write(text: string): unknown; columns?: number};
  stderr: {write(text: string): unknown; isTTY?: boolean; columns?: number};
}

/** Streams that show control characters, as names and values of a table may have them, in place of sending them. */
export function visibly({stdout, stderr}: Streams): Streams {
  const shown = <S extends Streams['stdout']>(stream: S): S =>
    Object.create(stream, {write: {value: (text: string) => stream.write(visible(text))}}) as S;
  return {stdout: shown(stdout), stderr: shown(stderr)};
}

export function outputTo(
  {stdout, stderr}: Streams,
  {json = false, quiet = false}: {json?: boolean; quiet?: boolean},
): Output {
  return {
    json,
    quiet,
    terminal: stderr.isTTY === true,
    note: line => {
      if (!quiet) stderr.write(`${line}\n`);
    },
    say: text => {
      if (!json) stdout.write(`${text}\n`);
    },
    result: value => {
      if (json) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
  };
}

/** A difference with its sign, four digits. */
export function signed(value: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(4)}`;
}
