import {existsSync, statSync} from 'node:fs';
import {readdir, rm} from 'node:fs/promises';
import path from 'node:path';
import {AutofisError} from '../../errors';
import {checkEntry, entryOf, type FileEntry} from '../../runtime/file_hash';
import type {SettingValues} from '../settings';
import {UsageError} from '../usage_error';
import {lockFolder} from './run_lock';
import {writeSealed, readSealed} from './sealed_file';

export type StageSettings = {[name: string]: string | number | boolean | null};

/** Record of a finished stage. */
interface Done<T> {
  settings: StageSettings;
  /** The command that ended it. */
  command: string;
  result: T;
  /** Files that later stages read, as they were written. */
  files: FileEntry[];
}

/** The name of the file that says that a stage is done, with its result. */
export const DONE = 'done.json';
/** The name of the file that has the settings of a stage that is not done. */
const BEGUN = 'begun.json';
/** Files of a stage that later stages read, where it has them. */
const OUTPUTS = ['model/model.json', 'model/weights.bin'];

/** The folder that the settings name. */
export function folderOf({folder = 'autofis-run', resume = false}: SettingValues): RunFolder {
  if (statSync(folder, {throwIfNoEntry: false})?.isFile() === true)
    throw new UsageError(`--folder: ${folder} is a file. Give a folder, which may be a new one.`);
  return new RunFolder(folder, resume);
}

/** Files of a run on disk, in one folder per stage. */
export class RunFolder {
  /** True while a stage holds the folder for this process; stages within it do not ask again. */
  private locked = false;

  constructor(
    readonly path: string,
    private readonly resume: boolean,
  ) {}

  file(...parts: string[]): string {
    return path.join(this.path, ...parts);
  }

  /** The result of a stage that must have run before. */
  async result<T>(stage: string, command: string): Promise<T> {
    const done = await this.done<T>(stage);
    if (done === null) {
      throw new UsageError(
        `${this.path} has no finished ${stage}. Run \`tfjs-autofis ${command}\` with --folder ${this.path} first.`,
      );
    }
    return done.result;
  }

  /**
   * Return the hash that identifies a stage's result. Stages that are made from the result have the hash in their
   * settings, under the stage's name.
   */
  async stamp(stage: string): Promise<string> {
    return (await entryOf(this.file(stage), DONE)).sha256.slice(0, 12);
  }

  /**
   * Do the work of a stage, continue it, or take the result that it had: the last two under --resume, where it was
   * begun with the same settings. Meanwhile no other process works in the folder.
   */
  async stage<T>(name: string, settings: StageSettings, work: (folder: string) => Promise<T>): Promise<T> {
    if (this.locked) return this.unlockedStage(name, settings, work);
    const release = lockFolder(this.path, commandLine());
    this.locked = true;
    try {
      return await this.unlockedStage(name, settings, work);
    } finally {
      this.locked = false;
      release();
    }
  }

  private async unlockedStage<T>(
    name: string,
    settings: StageSettings,
    work: (folder: string) => Promise<T>,
  ): Promise<T> {
    const folder = this.file(name);
    const done = await this.done<T>(name);
    const left = existsSync(folder) ? (await readdir(folder)).filter(file => file !== BEGUN) : [];
    if (!this.resume && left.length > 0) {
      throw new UsageError(
        `${folder} holds ${done === null ? 'unfinished work' : 'finished work'}. Give --resume to continue ` +
          'it, give another --folder, or remove it.',
      );
    }
    if (left.length > 0) checkSame(folder, done?.settings ?? (await this.begun(name)) ?? settings, settings);
    if (done !== null) return done.result;
    await writeSealed(this.file(name, BEGUN), {settings});
    const result = await work(folder);
    const files = await Promise.all(
      OUTPUTS.filter(name => existsSync(path.join(folder, name))).map(name => entryOf(folder, name)),
    );
    await writeSealed(path.join(folder, DONE), {settings, command: commandLine(), result, files} satisfies Done<T>);
    await rm(this.file(name, BEGUN));
    return result;
  }

  /** Check that a file that a stage has left is the one that it wrote. */
  async check(stage: string): Promise<void> {
    const folder = this.file(stage);
    for (const entry of (await this.done(stage))?.files ?? []) {
      await checkEntry(folder, entry).catch((error: Error) => {
        throw new AutofisError(
          `${folder} is damaged: ${error.message}. Remove it, and run its stage again with --resume.`,
        );
      });
    }
  }

  /** The settings of work that is not done; null where there is none. */
  private async begun(stage: string): Promise<StageSettings | null> {
    const file = this.file(stage, BEGUN);
    return existsSync(file) ? ((await readSealed(file, ['settings'])) as {settings: StageSettings}).settings : null;
  }

  /** The record of a stage, or null where it has not run to its end. */
  async done<T>(stage: string): Promise<Done<T> | null> {
    const file = this.file(stage, DONE);
    return existsSync(file) ? ((await readSealed(file, ['settings', 'command', 'result', 'files'])) as Done<T>) : null;
  }
}

/** Return the command line that was typed, quoted for a shell. */
function commandLine(): string {
  const words = process.argv.slice(2).map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : shellQuoted(word)));
  return `tfjs-autofis ${words.join(' ')}`;
}

/** Quote an argument for a shell. */
export function shellQuoted(argument: string): string {
  return `'${argument.replaceAll("'", "'\\''")}'`;
}

/** Check that a stage was made with the same settings; an error names the first that differs. */
export function checkSame(folder: string, saved: StageSettings, current: StageSettings): void {
  const name = [...Object.keys(current), ...Object.keys(saved)].find(key => current[key] !== saved[key]);
  if (name === undefined) return;
  throw new UsageError(
    `${folder} was made with ${name} ${JSON.stringify(saved[name] ?? null)}, now it is ` +
      `${JSON.stringify(current[name] ?? null)}. Use the same settings, give another --folder, or remove it.`,
  );
}
