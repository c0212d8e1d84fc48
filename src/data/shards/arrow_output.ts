import {type FileHandle, open} from 'node:fs/promises';
import type * as Arrow from 'apache-arrow';

/** An Arrow IPC file that grows by a record batch at a time, whose arrays are free again once it is on the disk. */
export class ArrowOutput {
  private constructor(
    private readonly handle: FileHandle,
    private readonly writer: Arrow.RecordBatchFileWriter,
    private readonly pieces: Uint8Array[],
  ) {}

  static async create(arrow: typeof Arrow, file: string): Promise<ArrowOutput> {
    const pieces: Uint8Array[] = [];
    // The arrays themselves are written, without a copy of them in between.
    const sink = new (class extends arrow.AsyncByteQueue {
      override write(piece: Uint8Array): void {
        pieces.push(piece);
      }
    })();
    return new ArrowOutput(await open(file, 'w'), new arrow.RecordBatchFileWriter().reset(sink), pieces);
  }

  async write(batch: Arrow.RecordBatch): Promise<void> {
    this.writer.write(batch);
    await this.writePieces();
  }

  /** Write the end of the file, and close it. */
  async end(): Promise<void> {
    this.writer.finish();
    await this.writePieces();
    await this.close();
  }

  /** Leave the file as it is. */
  async close(): Promise<void> {
    await this.handle.close();
  }

  private async writePieces(): Promise<void> {
    try {
      await this.append(this.pieces.splice(0).filter(piece => piece.length > 0));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Write pieces behind what was written before, by as few calls of the system as it takes. */
  private async append(pieces: Uint8Array[]): Promise<void> {
    while (pieces.length > 0) {
      let {bytesWritten} = await this.handle.writev(pieces);
      while (pieces.length > 0 && bytesWritten >= pieces[0].length) bytesWritten -= pieces.shift()!.length;
      if (pieces.length > 0) pieces[0] = pieces[0].subarray(bytesWritten);
    }
  }
}
