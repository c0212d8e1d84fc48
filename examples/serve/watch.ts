import {readdir, stat} from 'node:fs/promises';
import path from 'node:path';

/** A text that changes with every file of a folder; empty where the folder cannot be read. */
export async function folderStamp(folder: string): Promise<string> {
  try {
    const names = (await readdir(folder)).sort();
    const files = names.map(async name => {
      const {ino, size, mtimeMs} = await stat(path.join(folder, name));
      return `${name} ${ino} ${size} ${mtimeMs}`;
    });
    return (await Promise.all(files)).join('\n');
  } catch {
    return '';
  }
}

/** Looks at a folder again and again, which works on every file system, and says when it has changed. */
export class FolderWatch {
  private last: string;

  /** @param known The stamp of the folder as it was loaded. */
  constructor(
    private readonly folder: string,
    private known: string,
  ) {
    this.last = known;
  }

  /** Whether the folder has changed, and stands still since the last look: files may still be copied before. */
  async look(): Promise<boolean> {
    const stamp = await folderStamp(this.folder);
    const hasChanged = stamp !== '' && stamp !== this.known && stamp === this.last;
    this.last = stamp;
    if (hasChanged) this.known = stamp;
    return hasChanged;
  }

  /**
   * Looks every `seconds` seconds.
   *
   * @returns A function that ends it.
   */
  every(seconds: number, onChange: () => void): () => void {
    const timer = setInterval(() => void this.look().then(hasChanged => hasChanged && onChange()), 1000 * seconds);
    return () => clearInterval(timer);
  }
}
