import {Command, CommanderError, Option} from 'commander';
import {AutofisError} from '../errors';
import type {CommandSpec} from './command';
import {commands} from './commands/index';
import {outputTo, Streams, visibly} from './output';
import {flagOf, parseSetting, Setting} from './setting';
import {GROUPS, SettingKey, settings, SettingValues, configKeys} from './settings';
import {didYouMean, readNamed, UsageError} from './usage_error';

/** Exit codes of the process; a signal n ends it with 128 + n. */
export const ExitCode = {ok: 0, failed: 1, usage: 2, interrupted: 130, terminated: 143} as const;

/** Error codes of the system for a full disk or quota. */
const FULL = ['ENOSPC', 'EDQUOT'];
/** Error codes of the system for a path where nothing can be written. */
const UNWRITABLE = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR'];

/** Commands with more settings than these show the rare ones by `--help all` alone. */
const MANY = 14;

/** Letters of a line of help where the terminal does not say. */
const WIDTH = 80;

/** The settings that a command has as flags. */
const settingsOf = ({settings}: CommandSpec): SettingKey[] => [...settings, 'config', 'json', 'quiet'];

/** The flags that only `--help all` lists: rare ones, and those that may be given without the flag. */
const rareOf = (spec: CommandSpec): SettingKey[] =>
  settingsOf(spec).length > MANY
    ? settingsOf(spec).filter(key => settings[key].rare === true || spec.positional?.includes(key))
    : [];

/**
 * Run one command line.
 *
 * @param args The arguments after `tfjs-autofis`.
 * @returns The exit code: 0 where all went well, 1 where the work failed, 2 for a mistake in the command line or the
 *   config.
 */
export async function runCli(args: readonly string[], version: string, to: Streams): Promise<number> {
  const streams = visibly(to);
  let code: number = ExitCode.ok;
  const program = newProgram(version, streams);
  const all = asksForAll(args);
  const given = all ? args.slice(0, -1) : args;
  for (const spec of commands)
    addCommand(program, spec, {
      streams: to,
      all,
      done: result => {
        code = result;
      },
    });
  try {
    checkCommand(given);
    await program.parseAsync([...given], {from: 'user'});
    return code;
  } catch (error) {
    return failed(error, streams);
  }
}

/** Tell whether help with all flags is asked for: `run --help all` or `help run all`. */
function asksForAll(args: readonly string[]): boolean {
  const before = args.at(-2);
  return args.at(-1) === 'all' && (before === '--help' || before === '-h' || (args[0] === 'help' && args.length > 2));
}

/** Check that help is asked for a command that exists. */
function checkCommand([first, name]: readonly string[]): void {
  const names = [...commands.map(command => command.name), 'help'];
  if (first === 'help' && name !== undefined && !name.startsWith('-') && !names.includes(name))
    throw new UsageError(`unknown command '${name}'. ${didYouMean(name, names)}`);
}

/** An error of a command line, with the cure for more than one file, or what another command does with the flag. */
function inFull(error: string, spec: CommandSpec): string {
  const {name, positional} = spec;
  if (error.startsWith('error: too many arguments') && positional?.includes('data'))
    return `${error.trimEnd()} Give several files as one pattern in quotes with a * or ?, such as 'clicks-*.csv'.\n`;
  const flag = /^error: unknown option '(--[^'=]+)/.exec(error)?.[1];
  if (settingsOf(spec).some(key => flagOf(key) === flag)) return `error: ${flag} takes no value. Give it alone.\n`;
  const owners = commands
    .filter(command => command.settings.some(key => flagOf(key) === flag))
    .map(command => command.name);
  if (owners.length === 0) return error;
  return `error: ${name} has no ${flag}, which belongs to ${new Intl.ListFormat('en-GB').format(owners)}.\n`;
}

/** The program without its commands. */
function newProgram(version: string, streams: Streams): Command {
  return new Command('tfjs-autofis')
    .description(
      'Finds which feature interactions matter in click-through-rate data, and trains a small model of them.',
    )
    .version(version, '--version', 'print the version')
    .showHelpAfterError('`tfjs-autofis --help` lists the commands.')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help of a command')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ tfjs-autofis run data.csv --label clicked\n' +
        '  $ tfjs-autofis doctor\n' +
        '  $ tfjs-autofis help run\n\n' +
        'Exit codes: 0 done, 1 failed, 2 wrong command line or config, 130 stopped by Ctrl-C, 143 by SIGTERM.',
    )
    .exitOverride()
    .configureOutput({
      writeOut: text => {
        streams.stdout.write(text);
      },
      writeErr: text => {
        streams.stderr.write(text);
      },
      getOutHelpWidth: () => streams.stdout.columns ?? WIDTH,
      getErrHelpWidth: () => streams.stderr.columns ?? WIDTH,
    });
}

/** Write why a command failed; the exit code. */
function failed(error: unknown, streams: Streams): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  streams.stderr.write(`error: ${failureInWords(error as NodeJS.ErrnoException)}\n`);
  return error instanceof UsageError ? ExitCode.usage : ExitCode.failed;
}

/** The message of an error, with the cure of those of the system. */
function failureInWords(error: NodeJS.ErrnoException): string {
  const {message, stack = message, code, path: file = ''} = error;
  // An error that was thrown on purpose explains itself; of others the place is needed.
  if (code === undefined) return error instanceof UsageError || error instanceof AutofisError ? message : stack;
  if (/MODULE_NOT_FOUND$/.test(code))
    return `${message.split('\n')[0]}. \`npx tfjs-autofis doctor\` says what is missing and how to get it.`;
  if (FULL.includes(code))
    return (
      `the disk is full: ${message}. Free some space, and give the same command again, for the stages of a run with ` +
      '--resume.'
    );
  // Where a file is to be made its folder has been made before, where folders can be made at all.
  const isUnwritable = UNWRITABLE.includes(code) || (code === 'ENOENT' && /\.partial-[\da-f-]+$/.test(file));
  return isUnwritable ? `${message}. Give a writable place with --folder or --out.` : message;
}

/** The end of a command's help: how many flags it leaves out, and examples. */
function helpEnd({name, examples}: CommandSpec, rare: number): string {
  const more = rare === 0 ? '' : `\n\`${name} --help all\` lists ${rare} more.\n`;
  return `${more}\nExamples:\n${examples.map(example => `  $ tfjs-autofis ${example}\n`).join('')}`;
}

/** A setting as an option of a command. */
function optionOf(key: SettingKey, command: string): Option {
  const {placeholder, help, shown} = settings[key];
  const usual = typeof shown === 'object' ? (shown[command] ?? shown.others) : shown;
  const flag = `${flagOf(key)}${placeholder === null ? '' : ` <${placeholder}>`}`;
  return new Option(flag, usual === undefined ? help : `${help} (default: ${usual})`);
}

function addCommand(
  program: Command,
  spec: CommandSpec,
  {streams, all, done}: {streams: Streams; all: boolean; done: (code: number) => void},
): void {
  const rare = all ? [] : rareOf(spec);
  const command = program
    .command(spec.name)
    .summary(spec.summary)
    .description(spec.description)
    .configureOutput({outputError: (text, write) => write(inFull(text, spec))})
    .showHelpAfterError(`\`tfjs-autofis help ${spec.name}\` lists what it takes.`)
    .addHelpOption(new Option('-h, --help', 'print help').helpGroup('Output:'))
    .addHelpText('after', helpEnd(spec, rare.length));
  const {positional = []} = spec;
  for (const key of positional) command.argument(`[${key}]`, settings[key].help);
  const specific = settingsOf(spec);
  for (const [heading, keys] of Object.entries(GROUPS))
    for (const key of keys.filter(candidate => specific.includes(candidate)))
      command.addOption(optionOf(key, spec.name).helpGroup(heading).hideHelp(rare.includes(key)));
  command.action(async (...given: unknown[]) => {
    const flags = command.opts() as {[key: string]: unknown};
    const bare = positional.filter((_, i) => given[i] !== undefined);
    bare.forEach((key, i) => {
      flags[key] = given[i];
    });
    const fromFlags = Object.fromEntries(
      Object.entries(flags).map(([key, value]) => [
        key,
        parseSetting(
          settings[key as SettingKey] as Setting,
          value,
          bare.some(name => name === key) ? `<${key}>` : flagOf(key),
        ),
      ]),
    ) as SettingValues;
    const configured = fromFlags.config === undefined ? {} : await readConfig(fromFlags.config);
    const taken = [...positional, ...specific];
    const values = {
      ...Object.fromEntries(Object.entries(configured).filter(([key]) => taken.includes(key as SettingKey))),
      ...fromFlags,
    };
    const output = outputTo(streams, values);
    done(await spec.run({values, output}).finally(output.close));
  });
}

/** The settings of a YAML or JSON file. JSON is YAML, so one reader serves both. */
async function readConfig(file: string): Promise<SettingValues> {
  const content = await readNamed(file, '--config: ');
  const {parseDocument} = await import('yaml');
  const document = parseDocument(content, {prettyErrors: true});
  if (document.errors.length > 0) {
    const format = /^\s*[{[]/.test(content) || /\.json$/i.test(file) ? 'JSON' : 'YAML';
    throw new UsageError(`${file} is not ${format}: ${document.errors[0].message.trim()}`);
  }
  const keys = document.toJS() as unknown;
  if (keys === null) return {};
  if (typeof keys !== 'object' || Array.isArray(keys))
    throw new UsageError(`${file} must hold settings, such as \`label: clicked\`.`);
  return Object.fromEntries(
    Object.entries(keys).map(([key, value]) => {
      if (Object.hasOwn(settings, key) && !configKeys.includes(key as SettingKey))
        throw new UsageError(`${file}: \`${key}\` is a flag alone. Give ${flagOf(key)}, and remove it from the file.`);
      if (!configKeys.includes(key as SettingKey))
        throw new UsageError(`${file}: unknown setting \`${key}\`. ${didYouMean(key, configKeys)}`);
      return [key, parseSetting(settings[key as SettingKey] as Setting, value, `${file}: \`${key}\``)];
    }),
  );
}
