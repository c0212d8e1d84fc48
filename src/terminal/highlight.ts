import {WriteStream} from 'node:tty';
import {inspect} from 'node:util';

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
