import {readdir, stat} from 'node:fs/promises';
import path from 'node:path';

/** A text that changes with every file of a folder; empty without a folder. Throws where it cannot be read. */
export async function folderStamp(folder: string): Promise<string> {
  try {
    const names = (await readdir(folder)).sort();
    const files = names.map(async name => {
      const {ino, size, mtimeMs} = await stat(path.join(folder, name));
      return `${name} ${ino} ${size} ${mtimeMs}`;
    });
    return (await Promise.all(files)).join('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** Looks at a folder again and again, which works on every file system, and says when it has changed. */
export class FolderWatch {
  private last: string;
  private unreadable = false;

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
   * @param onUnreadable Called at each look at a folder that cannot be read; `isNew` at the first of several.
   * @returns A function that ends it.
   */
  every(seconds: number, onChange: () => void, onUnreadable: (message: string, isNew: boolean) => void): () => void {
    const look = async () => {
      try {
        const hasChanged = await this.look();
        this.unreadable = false;
        if (hasChanged) onChange();
      } catch (error) {
        onUnreadable((error as Error).message, !this.unreadable);
        this.unreadable = true;
      }
    };
    const timer = setInterval(() => void look(), 1000 * seconds);
    return () => clearInterval(timer);
  }
}
