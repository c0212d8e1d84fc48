export type SourceFormat = 'csv' | 'parquet' | 'jsonl' | 'arrow' | 'libsvm' | 'libffm';

/** Files of one format and one set of columns. */
export interface FileSource {
  /** Paths or globs, such as 'logs/2014-10-*.csv.gz'. Files ending in .gz or .zst are decompressed. */
  files: string | readonly string[];
  /** Default: by the ending. Text with any separator is 'csv'. */
  format?: SourceFormat;
  /**
   * CSV: the text between two columns. Default: a tab for .tsv and .txt, else a comma, or the one in a header
   * without any: ; tab |.
   */
  separator?: string;
  /**
   * CSV: the quote, or null when quotes mean nothing. Default '"'; where the ending or `separator` says that tabs
   * separate columns none, unless values show that they are quoted.
   */
  quote?: string | null;
  /** CSV: whether the first line names the columns. Default: true, unless `columns` are given. */
  header?: boolean;
  /**
   * CSV without header: the names of the columns, by default "column 1" and so on. libffm: the names of the fields 0,
   * 1, ... libsvm: the names of the features 1, 2, ..., whose numbers then are the values of those columns.
   */
  columns?: readonly string[];
}

/** The rows of a query of DuckDB's SQL, e.g. over a database that `setup` attaches. */
export interface SqlSource {
  sql: string;
  /** Statements that run before, such as ATTACH. */
  setup?: string;
}

/** Where rows come from: a path or glob, several of them, files with options, or a query. */
export type Source = string | readonly string[] | FileSource | SqlSource;
