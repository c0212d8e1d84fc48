import {Command, InvalidArgumentError, Option} from 'commander';
import {ENGINES, type EngineName} from './engine';

/**
 * What one server is started with. Each is a flag, `--max-rows`, and a variable of the environment, `AUTOFIS_MAX_ROWS`.
 */
export interface Settings extends Limits {
  bundle: string;
  host: string;
  port: number;
  backend?: EngineName;
  log: string;
  /** How long requests that are under way may take after SIGTERM. */
  shutdownSeconds: number;
  /** How often the bundle's folder is looked at; 0 for never. */
  watchSeconds: number;
}

/** What the server refuses, so that no client can take its memory or its time. */
export interface Limits {
  /** Bytes of a request's body. */
  maxBody: number;
  /** Rows of a request. */
  maxRows: number;
  /** Rows that are computed together. */
  maxBatch: number;
  /** Rows that wait; more get 503. */
  maxWaiting: number;
  /** How long a request may take to arrive as a whole. */
  requestSeconds: number;
}

export const DEFAULTS: Limits = {
  maxBody: 2 ** 20,
  maxRows: 1000,
  maxBatch: 4096,
  maxWaiting: 20000,
  requestSeconds: 30,
};

const integer = (least: number, most: number) => (text: string) => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
    throw new InvalidArgumentError(`It must be an integer from ${least} to ${most}.`);
  }
  return value;
};

/** The largest settings: what one process can hold and compute, and an hour. */
const MOST = {body: 2 ** 28, rows: 1_000_000, waiting: 10_000_000, seconds: 3600};

function option(flags: string, help: string, parse?: (text: string) => unknown): Option {
  const made = new Option(flags, help);
  made.env(`AUTOFIS_${made.name().replaceAll('-', '_').toUpperCase()}`);
  return parse === undefined ? made : made.argParser(parse);
}

/** The settings of a command line and an environment; flags go first. Ends the process where one is wrong. */
export function readSettings(args: readonly string[], exitOverride = false): Settings {
  const command = new Command('serve')
    .description(
      'Answers POST /predict with the probabilities of a bundle; GET /health and GET /metrics report its state.',
    )
    .addOption(option('--bundle <folder>', 'the bundle, a folder or a URL').makeOptionMandatory())
    .addOption(option('--host <host>', 'where to listen; 0.0.0.0 for all').default('127.0.0.1'))
    .addOption(option('--port <n>', 'the port; 0 for any free one', integer(0, 65535)).default(8080))
    .addOption(
      option(
        '--backend <name>',
        'the engine; onnx if onnxruntime-node is installed, else the fastest backend that loads',
      ).choices(ENGINES),
    )
    .addOption(option('--max-body <bytes>', 'bytes of a request', integer(1, MOST.body)).default(DEFAULTS.maxBody))
    .addOption(option('--max-rows <n>', 'rows of a request', integer(1, MOST.rows)).default(DEFAULTS.maxRows))
    .addOption(
      option('--max-batch <n>', 'rows of a batch; at least --max-rows', integer(1, MOST.rows)).default(
        DEFAULTS.maxBatch,
      ),
    )
    .addOption(
      option(
        '--max-waiting <n>',
        'rows that may wait; requests beyond them are answered with 503',
        integer(1, MOST.waiting),
      ).default(DEFAULTS.maxWaiting),
    )
    .addOption(
      option(
        '--request-seconds <n>',
        'how long a request may take to arrive; a slower one is answered with 408',
        integer(1, MOST.seconds),
      ).default(DEFAULTS.requestSeconds),
    )
    .addOption(
      option(
        '--shutdown-seconds <n>',
        'how long requests that are under way may take after SIGTERM',
        integer(1, MOST.seconds),
      ).default(10),
    )
    .addOption(
      option(
        '--watch-seconds <n>',
        'how often to look for a new bundle in the folder; 0 for never',
        integer(0, MOST.seconds),
      ).default(1),
    )
    .addOption(
      option('--log <level>', 'what is logged').choices(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    );
  if (exitOverride) command.exitOverride().configureOutput({writeErr: () => {}});
  const settings = command.parse([...args], {from: 'user'}).opts<Settings>();
  const {maxRows, maxBatch, maxWaiting} = settings;
  if (maxBatch < maxRows)
    command.error(
      `error: --max-batch must be at least --max-rows (${maxRows}), as a request is computed in one batch. Received: ` +
        `${maxBatch}.`,
    );
  if (maxWaiting < maxRows)
    command.error(
      `error: --max-waiting must be at least --max-rows (${maxRows}), else a request of that size never has room. ` +
        `Received: ${maxWaiting}.`,
    );
  return settings;
}
