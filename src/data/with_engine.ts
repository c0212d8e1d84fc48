import {type Engine, type EngineOptions, openEngine} from './sql/duckdb';
import {type ProgressOption, ProgressReporter} from './staging/progress';
import {temporaryFolder} from './temporary_folder';

/** Run work with a DuckDB, a temporary folder and a reporter of progress; close and remove them after it. */
export async function withEngine<T>(
  options: EngineOptions & {tempFolder?: string; progress?: ProgressOption},
  work: (engine: Engine, folder: string, progress: ProgressReporter) => Promise<T>,
): Promise<T> {
  const {path: folder, remove} = temporaryFolder(options.tempFolder);
  const progress = ProgressReporter.open(options.progress);
  try {
    const engine = await openEngine(folder, options);
    try {
      return await work(engine, folder, progress);
    } finally {
      engine.close();
    }
  } finally {
    progress.close();
    await remove();
  }
}
