import {DEFAULTS, readSettings} from '../../examples/serve/settings';

describe('settings', () => {
  const read = (...args: string[]) => readSettings(args, true);

  test('come from flags, then from the environment, then from defaults', () => {
    process.env['AUTOFIS_PORT'] = '9000';
    process.env['AUTOFIS_MAX_ROWS'] = '20';
    try {
      expect(read('--bundle', 'b', '--max-rows', '30')).toEqual({
        bundle: 'b',
        host: '127.0.0.1',
        port: 9000,
        ...DEFAULTS,
        maxRows: 30,
        shutdownSeconds: 10,
        watchSeconds: 1,
        log: 'info',
      });
    } finally {
      delete process.env['AUTOFIS_PORT'];
      delete process.env['AUTOFIS_MAX_ROWS'];
    }
  });

  test.each([
    [[], "required option '--bundle <folder>' not specified"],
    [
      ['--bundle', 'b', '--port', 'x'],
      "option '--port <n>' argument 'x' is invalid. It must be an integer from 0 to 65535.",
    ],
    [['--bundle', 'b', '--max-rows', '0'], 'It must be an integer from 1 to 1000000.'],
    [
      ['--bundle', 'b', '--max-rows', '5000'],
      '--max-batch must be at least --max-rows (5000), as a request is computed in one batch. Received: 4096.',
    ],
    [
      ['--bundle', 'b', '--max-waiting', '10'],
      '--max-waiting must be at least --max-rows (1000), else a request of that size never has room. Received: 10.',
    ],
    ...[
      ['--port', 65535],
      ['--max-body', 2 ** 28],
      ['--max-batch', 1_000_000],
      ['--max-waiting', 10_000_000],
      ['--request-seconds', 3600],
      ['--shutdown-seconds', 3600],
      ['--watch-seconds', 3600],
    ].map(
      ([flag, most]) =>
        [['--bundle', 'b', String(flag), String(Number(most) + 1)], `to ${most}.`] as [string[], string],
    ),
    [['--bundle', 'b', '--backend', 'gpu'], "option '--backend <name>' argument 'gpu' is invalid. Allowed choices are"],
  ])('%j are refused', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });
});
