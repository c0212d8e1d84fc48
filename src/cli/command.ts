import type {Output} from './output';
import type {SettingKey, SettingValues} from './settings';

/** Settings and output of one call of a command. */
export interface Invocation {
  /** Settings: flags before the config file. */
  values: SettingValues;
  output: Output;
}

/** One command of the command line. */
export interface CommandSpec {
  name: string;
  /** One line in the list of commands. */
  summary: string;
  /** Text of its own help that says what it does. */
  description: string;
  /** The settings that may be given without their flags, in this order, such as the file of `run data.csv`. */
  positional?: readonly SettingKey[];
  /** Its settings, besides those that all have. */
  settings: readonly SettingKey[];
  /** Lines for help, each a command. */
  examples: readonly string[];
  /**
   * Import what it needs only when it runs, so that `setup` and `doctor` work where TensorFlow.js does not. Returns
   * the exit code.
   */
  run(run: Invocation): Promise<number>;
}
