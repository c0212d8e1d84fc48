import {existsSync} from 'node:fs';
import {mkdir, readdir, readFile, rename, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Values} from '../settings';
import {UsageError} from '../usage_error';

export type StageSettings = {[name: string]: string | number | boolean | null};

/** What a finished stage leaves. */
interface Done<T> {
  settings: StageSettings;
  /** The command that ended it. */
  command: string;
  result: T;
}

/** The name of the file that says that a stage is done, with its result. */
const DONE = 'done.json';

/** Writes a file as a whole or not at all. */
export async function writeWhole(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), {recursive: true});
  await writeFile(`${file}.partial`, content);
  await rename(`${file}.partial`, file);
}

/** The folder that the settings name. */
export function folderOf({folder = 'autofis-run', resume = false}: Values): RunFolder {
  return new RunFolder(folder, resume);
}

/** What a run keeps on disk: one folder a stage. */
export class RunFolder {
  constructor(readonly path: string, private readonly resume: boolean) {}

  file(...parts: string[]): string {
    return path.join(this.path, ...parts);
  }

  /** The result of a stage that must have run before. */
  async result<T>(stage: string, command: string): Promise<T> {
    const done = await this.done<T>(stage);
    if (done === null) {
      throw new UsageError(`${this.path} has no finished ${stage}. Run \`tfjs-autofis ${command}\` with --folder ${this.path} first.`);
    }
    return done.result;
  }

  /** The result of a stage, or null where it has not run to its end. */
  async resultIfDone<T>(stage: string): Promise<T | null> {
    return (await this.done<T>(stage))?.result ?? null;
  }

  /** The command and the settings that a stage was made with, or null where it has not run to its end. */
  async made(stage: string): Promise<Pick<Done<unknown>, 'settings' | 'command'> | null> {
    return this.done(stage);
  }

  /**
   * Does the work of a stage, or takes the result that it had: under --resume, where the stage has been done with the same
   * settings.
   */
  async stage<T>(name: string, settings: StageSettings, work: (folder: string) => Promise<T>): Promise<T> {
    const folder = this.file(name);
    const done = await this.done<T>(name);
    if (!this.resume && existsSync(folder) && (await readdir(folder)).length > 0) {
      throw new UsageError(`${folder} holds ${done === null ? 'work that was stopped' : 'finished work'}. Give --resume to go on with it, ` +
        'another --folder, or remove it.');
    }
    if (done !== null) {
      checkSame(folder, done.settings, settings);
      return done.result;
    }
    await mkdir(folder, {recursive: true});
    const result = await work(folder);
    await writeWhole(path.join(folder, DONE), JSON.stringify({settings, command: commandLine(), result} satisfies Done<T>));
    return result;
  }

  private async done<T>(stage: string): Promise<Done<T> | null> {
    const file = this.file(stage, DONE);
    if (!existsSync(file)) return null;
    return JSON.parse(await readFile(file, 'utf8')) as Done<T>;
  }
}

/** What was typed. */
function commandLine(): string {
  return `tfjs-autofis ${process.argv.slice(2).map(quoted).join(' ')}`;
}

/** An argument as a shell takes it. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

function checkSame(folder: string, saved: StageSettings, own: StageSettings): void {
  const name = [...Object.keys(own), ...Object.keys(saved)].find(key => own[key] !== saved[key]);
  if (name === undefined) return;
  throw new UsageError(`${folder} was made with ${name} ${JSON.stringify(saved[name] ?? null)}, now it is ${JSON.stringify(own[name] ?? null)}. ` +
    'Give the same settings, another --folder, or remove it.');
}
