"""Parquet files, on a disk or in an object store, in blocks of row groups."""

import glob
import os

import numpy as np

from .split import FILE, ROW
from .tables import check_case, readable, require


def plan_blocks(source, columns, rows_per_block, where, cure="Correct the schema."):
    """The blocks of a source, in the order of its rows: {index, first, rows, pieces: [{file, start, groups, rows}]}.

    `first` is the number of the block's first row, `start` that of the first row of a file.

    @param source: a path or URI, or several; the last part of each may be a pattern such as *.parquet.
    @param columns: those that will be read, which all files need.
    @param cure: what helps where a file lacks one of them.
    """
    check_case(columns, where)
    files = [file for each in ([source] if isinstance(source, str) else source) for file in _files(each, where)]
    blocks, kinds, row = [], None, 0
    for file in files:
        start = row
        with _opened(file, where) as found:
            kinds = _checked(file, found.schema_arrow, columns, kinds, files[0], where, cure)
            groups = [found.metadata.row_group(i).num_rows for i in range(found.num_row_groups)]
        for i, rows in enumerate(groups):
            if not blocks or blocks[-1]["rows"] + rows > rows_per_block:
                blocks.append({"index": len(blocks), "first": row, "rows": 0, "pieces": []})
            pieces = blocks[-1]["pieces"]
            if not pieces or pieces[-1]["file"] != file:
                pieces.append({"file": file, "start": start, "groups": [], "rows": 0})
            pieces[-1]["groups"].append(i)
            pieces[-1]["rows"] += rows
            blocks[-1]["rows"] += rows
            row += rows
    if row == 0:
        raise ValueError(f"{where}: the source has no rows: {', '.join(files[:3])}. Check its path.")
    return blocks


def read_block(block, columns, where):
    """The columns of a block as an Arrow table, with those of its split."""
    pa = require("pyarrow")
    tables, first = [], block["first"]
    for piece in block["pieces"]:
        with _opened(piece["file"], where) as found:
            try:
                table = found.read_row_groups(piece["groups"], columns=columns, use_threads=False)
            except (OSError, pa.ArrowException) as error:
                raise _unreadable(piece["file"], error, where) from None
        if table.num_rows != piece["rows"] or set(table.column_names) != set(columns):
            raise ValueError(
                f"{where}: {piece['file']} has changed since its rows were counted. Prepare again when it is complete."
            )
        rows = pa.array(np.arange(first, first + piece["rows"], dtype=np.int64))
        names = pa.repeat(piece["file"], piece["rows"])
        tables.append(table.append_column(ROW, rows).append_column(FILE, names))
        first += piece["rows"]
    return readable(pa.concat_tables(tables))


def _files(source, where):
    if "://" in source:
        files = _remote_files(source, where)
    elif os.path.isfile(source):
        # Its name may have what means something in a pattern.
        files = [source]
    else:
        pattern = os.path.join(glob.escape(source), "*.parquet") if os.path.isdir(source) else source
        files = sorted(glob.glob(pattern, recursive=True))
    if not files:
        raise ValueError(
            f"{where}: no file matches the source {source}. "
            "Give the path or URI of Parquet files, such as 'folder/*.parquet'."
        )
    return files


def _remote_files(source, where):
    pa = require("pyarrow")
    from fnmatch import fnmatch

    from pyarrow import fs

    folder, pattern = source.rsplit("/", 1)
    try:
        system, path = fs.FileSystem.from_uri(folder)
        infos = system.get_file_info(fs.FileSelector(path))
    except (OSError, pa.ArrowException) as error:
        raise ValueError(
            f"{where}: {source} cannot be listed: {_said(error)}. Check the URI, the network and the credentials."
        ) from None
    names = [info.base_name for info in infos if info.type == fs.FileType.File]
    return [f"{folder}/{name}" for name in sorted(names) if fnmatch(name, pattern or "*.parquet")]


def _opened(file, where):
    pa = require("pyarrow")
    from pyarrow import fs, parquet

    try:
        system, path = fs.FileSystem.from_uri(file) if "://" in file else (fs.LocalFileSystem(), file)
        return parquet.ParquetFile(system.open_input_file(path))
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(file, error, where) from None


def _unreadable(file, error, where):
    return ValueError(f"{where}: {file} cannot be read as Parquet: {_said(error)}. Copy or write it again.")


def _said(error):
    """The words of an error, to be followed by a full stop: Arrow's may end with their own, and with lines of logs."""
    return " ".join(str(error).split()).rstrip(".")


def _checked(file, schema, columns, kinds, first, where, cure):
    """The types of the columns; raise an error if a column is absent, or has another type in the first file."""
    absent = [column for column in columns if column not in schema.names]
    if absent:
        found = ", ".join(f'"{name}"' for name in schema.names[:60])
        raise ValueError(
            f"{where}: {file} has no column {', '.join(map(repr, absent))}. It has {found}. {cure}"
        )
    own = {column: schema.field(column).type for column in columns}
    for column in columns if kinds else ():
        if own[column] != kinds[column]:
            raise ValueError(
                f"{where}: the column {column!r} is of type {own[column]} in {file} and of type {kinds[column]} in "
                f"{first}. Files that are read together need the same types."
            )
    return own
